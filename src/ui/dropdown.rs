//! A button that unfolds something below itself; it closes when the focus or the pointer goes elsewhere and on Escape.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The button and what it unfolds.
#[component]
pub fn Dropdown(
    /// The words on the button.
    #[prop(into)]
    label: Signal<String>,
    /// More words for screen readers and the tooltip, where the label alone says little.
    #[prop(optional)]
    about: &'static str,
    /// Closes it from within.
    #[prop(optional)]
    closed_by: Option<Trigger>,
    /// What it unfolds.
    children: Children,
) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    if let Some(trigger) = closed_by {
        Effect::new(move |first: Option<()>| {
            trigger.track();
            if first.is_some() {
                close();
            }
        });
    }
    let close_outside = move |target: Option<web_sys::EventTarget>| {
        let target = target.and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let is_within = |details: web_sys::HtmlDetailsElement| details.contains(target.as_ref());
        if !details.get_untracked().is_none_or(is_within) {
            close();
        }
    };
    // A focus that goes nowhere does not leave: what had it may just have been taken away, as a form that is done.
    let on_leave = move |event: web_sys::FocusEvent| {
        if event.related_target().is_some() {
            close_outside(event.related_target());
        }
    };
    let listener = window_event_listener(ev::pointerdown, move |event| close_outside(event.target()));
    on_cleanup(move || listener.remove());
    let on_key = move |event: web_sys::KeyboardEvent| {
        let is_open = details.get_untracked().is_some_and(|details| details.open());
        if event.key() == "Escape" && is_open {
            event.stop_propagation();
            close();
            let button = details
                .get_untracked()
                .and_then(|details| details.query_selector("summary").ok().flatten());
            if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
                // Fails only for a button that is not in the page.
                let _ = button.focus();
            }
        }
    };
    view! {
        <details class="dropdown" node_ref=details on:focusout=on_leave on:keydown=on_key>
            <summary class="button" data-weight="quiet" title=(!about.is_empty()).then_some(about)>
                {move || label.get()}
                {(!about.is_empty()).then(|| view! { <span class="visually-hidden">" " {about}</span> })}
            </summary>
            // It takes the focus, so that a click between its controls does not close it.
            <div class="dropdown__content floating" tabindex="-1">{children()}</div>
        </details>
    }
}

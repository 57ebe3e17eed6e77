//! A button that opens a list of actions below itself. Arrow keys go through them, Escape and leaving it close it.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlElement, KeyboardEvent, Node};

/// An item of a menu.
#[derive(Clone)]
pub struct MenuItem {
    /// The words.
    pub label: String,
    /// Whether it ends something; such items stand apart at the end.
    pub is_danger: bool,
    /// What it does.
    pub on_click: Callback<()>,
}

/// The button and its list.
#[component]
pub fn Menu(
    /// The words on the button.
    label: &'static str,
    /// The items, asked for when it opens.
    items: Callback<(), Vec<MenuItem>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let button = NodeRef::<html::Button>::new();
    let list = NodeRef::<html::Ul>::new();
    let count = StoredValue::new(0_usize);
    // The item with the focus.
    let at = StoredValue::new(0_usize);
    let focus = move |place: usize| {
        at.set_value(place);
        let item = list.get_untracked().and_then(|list| {
            let item = list.query_selector(&format!("li:nth-child({}) > *", place + 1));
            item.ok().flatten()?.dyn_into::<HtmlElement>().ok()
        });
        if let Some(item) = item {
            // Fails only for an item that is not in the page.
            let _ = item.focus();
        }
    };
    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            // Fails only for a button that is not in the page.
            let _ = button.focus();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let all = count.get_value().max(1);
        if !open.get_untracked() {
            if event.key() == "ArrowDown" {
                event.prevent_default();
                open.set(true);
            }
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => focus((at.get_value() + 1) % all),
            "ArrowUp" => focus((at.get_value() + all - 1) % all),
            "Home" => focus(0),
            "End" => focus(all - 1),
            "Escape" => {
                event.stop_propagation();
                close();
            }
            _ => return,
        }
        event.prevent_default();
    };
    let on_leave = move |event: FocusEvent| {
        // The focus also leaves when the menu is taken out of the page, and then nothing of it is left to be read.
        if open.try_get_untracked() != Some(true) {
            return;
        }
        let into = event
            .related_target()
            .and_then(|target| target.dyn_into::<Node>().ok());
        let list = list.get_untracked();
        let button = button.get_untracked();
        let stays = list.is_some_and(|list| list.contains(into.as_ref()))
            || button.is_some_and(|button| button.contains(into.as_ref()));
        if !stays {
            open.set(false);
        }
    };
    Effect::new(move |_| {
        if open.get() {
            request_animation_frame(move || focus(0));
        }
    });
    let item = move |item: MenuItem| {
        let danger = item.is_danger.then_some("true");
        view! {
            <li role="none" data-danger=danger>
                <button
                    type="button"
                    class="menu__item"
                    role="menuitem"
                    tabindex="-1"
                    on:click=move |_| {
                        close();
                        item.on_click.run(());
                    }
                >
                    {item.label}
                </button>
            </li>
        }
        .into_any()
    };
    view! {
        <div class="menu" on:keydown=on_key on:focusout=on_leave>
            <button
                type="button"
                class="button"
                node_ref=button
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {label}
            </button>
            {move || open.get().then(|| {
                let items = items.run(());
                count.set_value(items.len());
                view! {
                    <ul class="menu__list floating" role="menu" aria-label=label node_ref=list>
                        {items.into_iter().map(item).collect_view()}
                    </ul>
                }
            })}
        </div>
    }
}

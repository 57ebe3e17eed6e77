//! The command palette (Ctrl or ⌘ and K), the keys that work everywhere, and the list of all keys (`?`).

mod entries;
mod keys;

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent};

use crate::components::state_badge::StateBadge;
use crate::resources::{use_search, visits};
use crate::ui::combobox::{ComboField, ComboList, Combobox};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::page_action::use_page_actions;
use entries::{Entry, Mark, Target, entries, places};
use keys::Keys;

/// Whether the key goes into a field, or there is a question to be answered first.
fn is_taken(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let is_typing = target.is_some_and(|element| {
        matches!(
            element.matches(
                "input:not([type=checkbox], [type=radio]), textarea, select, dialog *, [contenteditable]"
            ),
            Ok(true)
        )
    });
    is_typing || event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented()
}

fn is_dialog_open() -> bool {
    matches!(document().query_selector("dialog[open]"), Ok(Some(_)))
}

/// Leads to the first search field of the page that is in sight; whether there is one.
fn focus_search() -> bool {
    let fields = document().get_elements_by_tag_name("input");
    let field = (0..fields.length())
        .filter_map(|place| fields.item(place)?.dyn_into::<HtmlInputElement>().ok())
        .find(|field| {
            let is_search = field.matches("main input[type=search], main [role=search] input");
            let element: &HtmlElement = field;
            is_search == Ok(true) && element.offset_parent().is_some()
        });
    field.is_some_and(|field| {
        field.select();
        field.focus().is_ok()
    })
}

/// The button in the bar, and the two dialogs.
#[component]
pub fn Palette() -> impl IntoView {
    let is_open = RwSignal::new(false);
    let keys_open = RwSignal::new(false);
    let after_g = StoredValue::new(false);
    let navigate = use_navigate();
    let go = Callback::new(move |href: String| navigate(&href, NavigateOptions::default()));
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        let key = event.key();
        if (event.ctrl_key() || event.meta_key()) && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            if !is_dialog_open() {
                is_open.set(true);
            }
            return;
        }
        if is_taken(&event) || is_dialog_open() {
            return;
        }
        let had_g = after_g.get_value();
        after_g.set_value(!had_g && key == "g");
        let place = places()
            .into_iter()
            .find(|(.., letter)| had_g && key.chars().eq([*letter]));
        match (key.as_str(), place) {
            (_, Some((_, _, route, _))) => go.run(route.to_string()),
            ("?", _) => keys_open.set(true),
            ("/", _) => {
                if !focus_search() {
                    is_open.set(true);
                }
            }
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
    view! {
        <button
            type="button"
            class="palette-button"
            aria-label="Go to or do… Ctrl K"
            aria-haspopup="dialog"
            on:click=move |_| is_open.set(true)
        >
            <Glyph icon=Icon::Search/>
            <span class="palette-button__words">"Go to or do…"</span>
            <kbd class="palette-button__key">"Ctrl K"</kbd>
        </button>
        {move || is_open.get().then(|| view! { <Search is_open=is_open go=go/> }.into_any())}
        {move || keys_open.get().then(|| view! { <Keys is_open=keys_open/> }.into_any())}
    }
}

/// Opens the browser's own dialog when it is in the page.
fn show(dialog: NodeRef<html::Dialog>) {
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get().filter(|dialog| !dialog.open()) {
            // Fails only if it has left the page.
            let _ = dialog.show_modal();
        }
    });
}

#[component]
fn Search(is_open: RwSignal<bool>, go: Callback<String>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    show(dialog);
    let text = RwSignal::new(String::new());
    let wanted = Memo::new(move |_| text.with(|text| text.trim().to_owned()));
    let found = use_search(wanted);
    let actions = use_page_actions();
    let visits = StoredValue::new(visits());
    let shown = RwSignal::new(Vec::<Entry>::new());
    Effect::new(move |_| {
        shown.set(entries(
            &wanted.get(),
            visits.get_value(),
            actions.offered(),
            found.get(),
        ));
    });
    let on_pick = Callback::new(move |place: usize| {
        let target = shown.with_untracked(|shown| shown.get(place).map(|entry| entry.target.clone()));
        let Some(target) = target else { return };
        // Closed first: it gives the focus back to where it was, and what is done may take it elsewhere.
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        match target {
            Target::Go(href) => go.run(href),
            Target::Do(run) => run.run(()),
        }
    });
    let count = Signal::derive(move || shown.with(Vec::len));
    let combobox = Combobox::new("palette-list", count, on_pick);
    Effect::new(move |_| {
        wanted.track();
        combobox.chosen.set(Some(0));
    });
    let heading = Callback::new(move |place: usize| {
        shown.with(|shown| {
            let group = shown.get(place)?.group;
            let before = place.checked_sub(1).and_then(|before| shown.get(before));
            before.is_none_or(|before| before.group != group).then_some(group)
        })
    });
    view! {
        <dialog
            node_ref=dialog
            class="dialog palette"
            aria-label="Go anywhere, do anything here"
            on:close=move |_| is_open.set(false)
            // A press beside it: the backdrop belongs to the dialog itself.
            on:click=move |event| {
                let target = event.target().and_then(|target| target.dyn_into::<HtmlDialogElement>().ok());
                if let Some(dialog) = target {
                    dialog.close();
                }
            }
        >
            <ComboField
                combobox=combobox
                class="palette__text"
                label="Name or id"
                placeholder="What to do here, or the name or id of anything"
                text=text
                on_input=Callback::new(|()| ())
            />
            <ComboList
                combobox=combobox
                class="palette__list"
                label="Found"
                option=Callback::new(move |place| shown.with(|shown| shown.get(place).map(line)).into_any())
                heading=heading
            />
            {move || (count.get() == 0).then(|| view! {
                <p class="palette__none" role="status">"Nothing has that name or id."</p>
            }.into_any())}
        </dialog>
    }
}

fn line(entry: &Entry) -> AnyView {
    view! {
        {match entry.mark {
            Mark::State(state) => view! { <StateBadge state=state dense=true/> }.into_any(),
            Mark::Icon(icon) => view! { <Glyph icon=icon/> }.into_any(),
        }}
        <span class="palette__name">{entry.name.clone()}</span>
        <span class="palette__detail">{entry.detail.clone()}</span>
    }
    .into_any()
}

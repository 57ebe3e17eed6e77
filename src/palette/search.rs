//! The palette's dialog: a field, and below it what was found and what can be done.

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::entries::{Entry, Mark, Target, entries};
use super::{Opened, show};
use crate::components::state_badge::StateBadge;
use crate::resources::{use_search, visits};
use crate::ui::combobox::{ComboField, ComboList, Combobox};
use crate::ui::icon::Glyph;
use crate::ui::page_action::use_page_actions;

/// The dialog in which anything is found and done.
#[component]
pub fn Search() -> impl IntoView {
    let is_open = expect_context::<Opened>().search;
    let navigate = use_navigate();
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
            Target::Go(href) => navigate(&href, NavigateOptions::default()),
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

//! What the palette lists below its field: what was found and what can be done.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::Field;
use super::entries::{Entry, Mark, Target, entries, kept};
use crate::components::state_badge::StateBadge;
use crate::resources::{use_search, visits};
use crate::ui::combobox::ComboList;
use crate::ui::icon::Glyph;
use crate::ui::page_action::use_page_actions;

/// What is found for the words in the palette's field, and what can be done.
#[component]
pub fn Search() -> impl IntoView {
    let field = expect_context::<Field>();
    let navigate = use_navigate();
    let text = field.text;
    let wanted = Memo::new(move |_| text.with(|text| text.trim().to_owned()));
    let searching = use_search(wanted);
    let actions = use_page_actions();
    let visits = StoredValue::new(visits());
    let shown = RwSignal::new(Vec::<Entry>::new());
    let combobox = field.combobox;
    Effect::new(move |_| {
        let next = entries(
            &wanted.get(),
            visits.get_value(),
            actions.offered(),
            searching.answer.get(),
        );
        let chosen = combobox.chosen.get_untracked();
        let place = shown.with_untracked(|shown| kept(shown, chosen, &next));
        if place != chosen {
            combobox.chosen.set(place);
        }
        shown.set(next);
    });
    let on_pick = Callback::new(move |place: usize| {
        let target = shown.with_untracked(|shown| shown.get(place).map(|entry| entry.target.clone()));
        let Some(target) = target else { return };
        // Closed first: it gives the focus back to where it was, and what is done may take it elsewhere.
        field.close();
        match target {
            Target::Go(href) => navigate(&href, NavigateOptions::default()),
            Target::Do(run) => run.run(()),
        }
    });
    field.on_pick.set(Some(on_pick));
    Effect::new(move |_| field.count.set(shown.with(Vec::len)));
    Effect::new(move |_| {
        wanted.track();
        combobox.chosen.set(Some(0));
    });
    // Enter was pressed before there was anything to take: it takes the first that comes for these words.
    Effect::new(move |_| {
        let is_empty = shown.with(Vec::is_empty);
        if !field.entered.get() {
            return;
        }
        if !is_empty {
            on_pick.run(0);
        } else if !searching.is_asking.get() {
            field.entered.set(false);
        }
    });
    let heading = Callback::new(move |place: usize| {
        shown.with(|shown| {
            let group = shown.get(place)?.group;
            let before = place.checked_sub(1).and_then(|before| shown.get(before));
            before.is_none_or(|before| before.group != group).then_some(group)
        })
    });
    view! {
        <ComboList
            combobox=combobox
            class="palette__list"
            label="Found"
            option=Callback::new(move |place| shown.with(|shown| shown.get(place).map(line)).into_any())
            heading=heading
        />
        {move || shown.with(Vec::is_empty).then(|| view! {
            <p class="palette__none" role="status">
                {move || match (searching.is_asking.get(), searching.has_failed.get()) {
                    (true, _) => "Looking…",
                    (_, true) => "The server does not answer: only what is at hand can be found.",
                    _ => "Nothing has that name or id.",
                }}
            </p>
        }.into_any())}
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

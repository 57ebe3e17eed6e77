//! How many runs are in each group of states: a chip for each, which filters.

use flowdeck_vocabulary::StateGroup;
use leptos::prelude::*;

use super::state_badge::{group_state, state_icon};
use crate::format;
use crate::model::GroupCounts;
use crate::ui::icon::Glyph;

/// A chip for each group of states with how many there are.
#[component]
pub fn RunCountChips(
    /// The counts; `None` until they are known.
    counts: Signal<Option<GroupCounts>>,
    /// The groups that the filter lets through; none is all.
    chosen: Signal<Vec<StateGroup>>,
    /// Lets a group through, or no longer.
    on_toggle: Callback<StateGroup>,
) -> impl IntoView {
    view! {
        <div class="run-counts" role="group" aria-label="Runs by state">
            {StateGroup::ALL
                .into_iter()
                .enumerate()
                .map(|(index, group)| {
                    let state = group_state(group);
                    let count = move || counts.get().map(|counts| counts[index]);
                    view! {
                        <button
                            type="button"
                            class="run-counts__chip"
                            data-state=state.css_name()
                            data-none=move || (count() == Some(0)).then_some("true")
                            aria-pressed=move || chosen.with(|chosen| chosen.contains(&group)).to_string()
                            on:click=move |_| on_toggle.run(group)
                        >
                            <Glyph icon=state_icon(state) size=14/>
                            {group.name()}
                            <span class="run-counts__count">{move || count().map(format::count)}</span>
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

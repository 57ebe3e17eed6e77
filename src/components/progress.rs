//! How far a run is: one bar, a segment for each state, and the counts in words below it.

use leptos::prelude::*;

use super::state_badge::{state_icon, state_word};
use crate::format;
use crate::model::StateCount;
use crate::ui::each::Each;
use crate::ui::icon::Glyph;

/// The bar and its legend.
#[component]
pub fn Progress(
    /// How many are in each state, in the order along the bar.
    #[prop(into)]
    counts: Signal<Vec<StateCount>>,
) -> impl IntoView {
    let done = move || {
        let (all, done) = counts.with(|counts| {
            counts.iter().fold((0, 0), |(all, done), found| {
                (
                    all + found.count,
                    done + if found.state.is_finished() { found.count } else { 0 },
                )
            })
        });
        format!(
            "{} of {} done",
            format::count(done),
            format::counted(all, "task run")
        )
    };
    view! {
        <div class="progress">
            <div class="progress__bar" role="img" aria-label=done>
                <Each of=move || counts.get() key=|found| found.state let:found>
                    <span
                        class="progress__part"
                        data-state=found.state.css_name()
                        style=move || {
                            let count = counts.with(|counts| {
                                counts.iter().find(|now| now.state == found.state).map_or(0, |now| now.count)
                            });
                            format!("flex-grow:{count}")
                        }
                    ></span>
                </Each>
            </div>
            <p class="progress__legend">
                <span class="progress__done">{done}</span>
                <Each of=move || counts.get() key=|found| (found.state, found.count) let:found>
                    <span class="progress__count" data-state=found.state.css_name()>
                        <Glyph icon=state_icon(found.state) size=14/>
                        {format::count(found.count)}
                        " "
                        {state_word(found.state)}
                    </span>
                </Each>
            </p>
        </div>
    }
}

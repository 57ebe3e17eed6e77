//! The next times of a schedule, on the person's clock and on the schedule's.

use leptos::prelude::*;

use crate::components::time::At;
use crate::model::NextTime;
use crate::polled::{Failure, FailureKind, Polled};
use crate::ui::live::live;
use crate::wall_clock;

/// The table; nothing of a server that does not tell.
#[component]
pub fn NextTimes(
    next: Polled<Vec<NextTime>>,
    /// Whether they are of a schedule that is being written: those of before stay until the new ones are there, so that
    /// nothing jumps.
    #[prop(optional, into)]
    is_written: Signal<bool>,
    /// How many are shown at most.
    #[prop(default = 10)]
    most: usize,
    /// What the server objects to is said elsewhere.
    #[prop(optional)]
    without_refusals: bool,
) -> impl IntoView {
    let times = Memo::new(move |before: Option<&Option<Vec<NextTime>>>| {
        let before = || before.cloned().flatten().filter(|_| is_written.get());
        next.value.get().or_else(before)
    });
    live(move || {
        let is_said = |failure: &Failure| !(without_refusals && failure.kind == FailureKind::Refused);
        if let Some(failure) = next.failure.get().filter(is_said) {
            return view! { <p class="field__error" role="alert">{failure.message}</p> }.into_any();
        }
        let Some(mut times) = times.get() else {
            return ().into_any();
        };
        times.truncate(most);
        if times.is_empty() {
            return view! { <p class="nothing">"There is no time left at which it would start."</p> }
                .into_any();
        }
        // The same twice would only make one look for a difference.
        let is_one_clock = times
            .iter()
            .all(|time| time.is_same_on(wall_clock::local_offset(time.at)));
        let there = NextTime::on_schedules_clock(&times, wall_clock::hours());
        view! {
            <div class="table-frame panel" tabindex="0">
                <table class="table" aria-label="Next times">
                    <thead>
                        <tr>
                            <th scope="col">{if is_one_clock { "On your clock and the schedule's" } else { "On your clock" }}</th>
                            {(!is_one_clock).then(|| view! { <th scope="col">"On the schedule's clock"</th> })}
                        </tr>
                    </thead>
                    <tbody>
                        {times
                            .into_iter()
                            .zip(there)
                            .map(|(time, there)| view! {
                                <tr>
                                    <td><At time=time.at/></td>
                                    {(!is_one_clock).then(|| view! { <td class="table__fill">{there}</td> })}
                                </tr>
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        }
        .into_any()
    })
}

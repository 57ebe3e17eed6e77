//! The next times of a schedule, on the person's clock and on the schedule's.

use leptos::prelude::*;

use crate::components::time::At;
use crate::model::NextTime;
use crate::polled::Polled;
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
) -> impl IntoView {
    let times = Memo::new(move |before: Option<&Option<Vec<NextTime>>>| {
        let before = || before.cloned().flatten().filter(|_| is_written.get());
        next.value.get().or_else(before)
    });
    live(move || {
        if let Some(failure) = next.failure.get() {
            return view! { <p class="field__error" role="alert">{failure.message}</p> }.into_any();
        }
        let Some(times) = times.get() else {
            return ().into_any();
        };
        if times.is_empty() {
            return view! { <p class="nothing">"There is no time left at which it would start."</p> }
                .into_any();
        }
        let there = NextTime::on_schedules_clock(&times, wall_clock::hours());
        view! {
            <div class="table-frame panel" tabindex="0">
                <table class="table" aria-label="Next times">
                    <thead>
                        <tr>
                            <th scope="col">"On your clock"</th>
                            <th scope="col">"On the schedule's clock"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {times
                            .into_iter()
                            .zip(there)
                            .map(|(time, there)| view! {
                                <tr><td><At time=time.at/></td><td class="table__fill">{there}</td></tr>
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        }
        .into_any()
    })
}

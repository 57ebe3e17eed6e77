//! The flow runs that a task run has started, and all that the task runs of a flow run have: on their pages, and in the
//! panel beside a flow run.

use flowdeck_vocabulary::TaskRunId;
use leptos::children::ViewFn;
use leptos::prelude::*;

use crate::components::flow_run_list::{FlowRunList, Tells};
use crate::components::state_badge::state_word;
use crate::format;
use crate::model::{FlowRun, FlowRunPicture, StartedRuns, TaskRuns, count_state_types};
use crate::polled::Polled;
use crate::resources::{use_runs_started_in, use_started_runs};
use crate::ui::button::{Button, Weight};
use crate::ui::live::live;
use crate::ui::only::Only;

/// So many are shown of those of a whole flow run, until somebody wants all.
const FEW: usize = 5;
/// ... which is at most so many: a list is no table.
const MOST: usize = 500;

/// The list with its heading; nothing while there is none. `is_over`, which is reactive, says whether the task run's flow run has ended.
pub fn started_runs(by: TaskRunId, is_over: impl Fn() -> bool + Copy + 'static) -> AnyView {
    let runs = use_started_runs(by, is_over);
    let runs = Signal::derive(move || runs.value.get().unwrap_or_default());
    section(runs, || "", || ())
}

/// The same of a whole flow run: how they stand, the last few of them, and the others on demand.
pub fn runs_started_in(picture: Polled<FlowRunPicture>, task_runs: Polled<TaskRuns>) -> AnyView {
    let started = use_runs_started_in(picture, task_runs).value;
    let wants_all = RwSignal::new(false);
    let count =
        Memo::new(move |_| started.with(|started| started.as_ref().map_or(0, |one| one.runs().len())));
    let shown = Memo::new(move |_| {
        let most = if wants_all.get() { MOST } else { FEW };
        let first = |started: &StartedRuns| started.runs().iter().take(most).cloned().collect();
        started.with(|started| started.as_ref().map_or_else(Vec::new, first))
    });
    let words = move || {
        let states = |one: &StartedRuns| count_state_types(one.runs().iter().map(|run| run.state));
        let counts = started.with(|started| started.as_ref().map(states).unwrap_or_default());
        let word = |state| state_word(state).to_ascii_lowercase();
        let parts = counts
            .iter()
            .map(|found| format!("{} {}", format::count(found.count), word(found.state)));
        parts.collect::<Vec<_>>().join(", ")
    };
    let all = move || {
        let count = count.get();
        (count > FEW && !wants_all.get()).then(|| {
            view! {
                <Button
                    label=format!("Show all {}", format::count(count))
                    weight=Weight::Quiet
                    on_click=Callback::new(move |()| wants_all.set(true))
                />
            }
        })
    };
    let rest = move || {
        let more = count.get().saturating_sub(MOST);
        let words = format!("and {} that were to start earlier", format::count(more));
        (more > 0 && wants_all.get()).then(|| view! { <p class="section__note">{words}</p> })
    };
    let head = move || view! { <span class="section__note">{words}</span> {live(all)} };
    section(shown.into(), head, move || live(rest))
}

fn section(runs: Signal<Vec<FlowRun>>, head: impl Into<ViewFn>, rest: impl Into<ViewFn>) -> AnyView {
    let (head, rest) = (head.into(), rest.into());
    view! {
        <Only when=move || runs.with(|runs| !runs.is_empty())>
            <section class="section started-runs">
                <div class="section__head"><h2 class="section__title">"Flow runs it started"</h2> {head.run()}</div>
                <FlowRunList runs=runs tells=Tells::Elapsed empty=""/>
                {rest.run()}
            </section>
        </Only>
    }
    .into_any()
}

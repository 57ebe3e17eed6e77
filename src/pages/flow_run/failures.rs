//! What the run failed of: which tasks, why, and their logs; below the head, before one has to look for it.

use leptos::prelude::*;

use crate::components::state_badge::StateBadge;
use crate::components::time::Clock;
use crate::format;
use crate::model::{Failure, Failures, FlowRunPicture, TaskRunKey, TaskRuns, TaskRunsView};
use crate::polled::Polled;
use crate::routes::{FlowRunTab, Route};
use crate::ui::live::live;

/// So many failed tasks are named here; all of them are in the table.
const MOST: usize = 3;

/// The tasks that failed by themselves; nothing when none did, or when the run ended well all the same.
#[component]
pub fn FailedTasks(picture: Signal<FlowRunPicture>, task_runs: Polled<TaskRuns>) -> impl IntoView {
    let failures = Memo::new(move |_| {
        if picture.with(|picture| picture.run.state.is_successful()) {
            return Failures::default();
        }
        task_runs
            .value
            .with(|runs| runs.as_ref().map(Failures::of).unwrap_or_default())
    });
    let id = move || picture.with_untracked(|picture| picture.run.id);
    live(move || {
        failures.with(|failures| {
            if failures.tasks.is_empty() {
                return ().into_any();
            }
            let lines = failures.tasks.iter().take(MOST);
            let lines: Vec<AnyView> = lines
                .map(|failure| line(failure, &Route::FlowRun(id(), FlowRunTab::Logs)))
                .collect();
            let by_state = TaskRunsView {
                sort: Some((TaskRunKey::State, false)),
                ..TaskRunsView::default()
            };
            let rest = rest(failures).map(|words| {
                view! {
                    <p class="failures__rest">
                        {words} " " <a class="link" href=Route::flow_run(id()).with_task_runs(&by_state)>"All by state"</a>
                    </p>
                }
            });
            view! {
                <section class="failures" aria-label="What failed" data-state="failed">
                    <ul class="failures__list">{lines}</ul>
                    {rest}
                </section>
            }
            .into_any()
        })
    })
}

fn line(failure: &Failure, logs: &Route) -> AnyView {
    let children = (failure.count > 1).then(|| format!(" · {} children", format::count(failure.count)));
    view! {
        <li class="failures__line">
            <StateBadge state=failure.state dense=true/>
            <a class="link link--main failures__task" href=Route::TaskRun(failure.task_run_id).to_string()>
                {failure.title.clone()} {children}
            </a>
            <span class="failures__reason" title=failure.reason.clone()>{failure.reason.clone()}</span>
            <span class="failures__at"><Clock time=failure.at/></span>
            <a class="link" href=logs.with_task(Some(failure.task_id))>
                "Log" <span class="visually-hidden">{format!(" of {}", failure.title)}</span>
            </a>
        </li>
    }
    .into_any()
}

/// What is not named line by line.
fn rest(failures: &Failures) -> Option<String> {
    let more = failures.tasks.len().saturating_sub(MOST);
    let because = failures.because_of_them;
    let because_words = match because {
        1 => "1 task run did not begin because of it.".to_owned(),
        _ => format!(
            "{} did not begin because of that.",
            format::counted(because, "task run")
        ),
    };
    match (more, because) {
        (0, 0) => None,
        (0, _) => Some(because_words),
        (_, 0) => Some(format!("and {} failed.", format::counted(more, "more task"))),
        _ => Some(format!(
            "and {} failed; {because_words}",
            format::counted(more, "more task")
        )),
    }
}

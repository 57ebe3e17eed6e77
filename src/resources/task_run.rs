//! Task runs: the first request brings all, the next ones what has changed.

use std::cell::Cell;
use std::rc::Rc;

use flowdeck_vocabulary::{FlowRunId, TaskRunId};
use leptos::prelude::{Get, GetUntracked};

use super::extensions::use_extensions;
use super::flow_run::{cadence_of, version_of};
use super::poll::{Cadence, poll, wake};
use crate::api;
use crate::model::{Extensions, FlowRunPicture, TaskRunDetails, TaskRunScope, TaskRuns};
use crate::polled::Polled;

/// All task runs of a flow run: page by page at first, each shown as it comes, then what has changed.
pub fn use_task_runs(
    id: impl Fn() -> Option<FlowRunId> + 'static,
    run: Polled<FlowRunPicture>,
) -> Polled<TaskRuns> {
    let newest = version_of(run);
    let task_runs = poll_task_runs(move || id().map(TaskRunScope::all), move || cadence_of(run));
    wake(task_runs.refresh, move || _ = newest.get());
    task_runs
}

/// Some task runs of a flow run, quick until `is_over`, which is reactive.
pub fn use_task_runs_in(
    scope: impl Fn() -> Option<TaskRunScope> + 'static,
    is_over: impl Fn() -> bool + Copy + 'static,
) -> Polled<TaskRuns> {
    let task_runs = poll_task_runs(
        scope,
        move || if is_over() { Cadence::Slow } else { Cadence::Live },
    );
    wake(task_runs.refresh, move || _ = is_over());
    task_runs
}

fn poll_task_runs(
    scope: impl Fn() -> Option<TaskRunScope> + 'static,
    cadence: impl Fn() -> Cadence + 'static,
) -> Polled<TaskRuns> {
    let quiet = Rc::new(Cell::new(0_u32));
    let extensions = use_extensions();
    poll(
        scope,
        move |runs: &TaskRuns| {
            if runs.is_complete() {
                cadence()
            } else {
                Cadence::AtOnce
            }
        },
        move |id, previous: Option<TaskRuns>| {
            let quiet = Rc::clone(&quiet);
            let known = extensions.try_get_untracked().flatten();
            let in_order = known.is_some_and(Extensions::changes_come_in_order);
            async move {
                let before = previous.unwrap_or_default();
                let cursor = before.cursor(in_order, quiet.get());
                let page = api::task_run::page(id, cursor, before.names()).await?;
                let after = before.clone().with(page);
                quiet.set(if after == before {
                    quiet.get().saturating_add(1)
                } else {
                    0
                });
                Ok(after)
            }
        },
    )
}

/// One task run.
pub fn use_task_run(id: impl Fn() -> Option<TaskRunId> + 'static) -> Polled<TaskRunDetails> {
    poll(
        id,
        |run: &TaskRunDetails| {
            if run.flow_run_state.is_finished() {
                Cadence::Slow
            } else {
                Cadence::Live
            }
        },
        |id, before: Option<TaskRunDetails>| api::task::run(id, before.map(|run| run.task)),
    )
}

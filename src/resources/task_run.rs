//! Task runs: the first request brings all, the next ones what has changed.

use flowdeck_vocabulary::{FlowRunId, TaskRunId};

use super::flow_run::cadence_of;
use super::poll::{Cadence, poll};
use crate::api;
use crate::model::{FlowRunPicture, TaskRunDetails, TaskRuns};
use crate::polled::Polled;

/// All task runs of a flow run.
pub fn use_task_runs(
    id: impl Fn() -> Option<FlowRunId> + 'static,
    run: Polled<FlowRunPicture>,
) -> Polled<TaskRuns> {
    poll(
        id,
        move |_| cadence_of(run),
        |id, previous: Option<TaskRuns>| async move {
            let since = previous.as_ref().and_then(TaskRuns::cursor);
            let changed = api::task_run::of_flow_run(id, since).await?;
            Ok(match (previous, since) {
                (Some(previous), Some(_)) => previous.with(changed),
                _ => TaskRuns::new(changed),
            })
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
        |id, _| api::task_run::by_id(id),
    )
}

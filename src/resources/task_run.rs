//! Task runs: the first request brings all, the next ones what has changed.

use std::cell::Cell;
use std::rc::Rc;

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
    let quiet = Rc::new(Cell::new(0_u32));
    poll(
        id,
        move |_| cadence_of(run),
        move |id, previous: Option<TaskRuns>| {
            let quiet = Rc::clone(&quiet);
            async move {
                let since = previous.as_ref().and_then(|runs| runs.cursor(quiet.get()));
                let changed = api::task_run::of_flow_run(id, since).await?;
                let (Some(previous), Some(_)) = (previous, since) else {
                    quiet.set(0);
                    return Ok(TaskRuns::new(changed));
                };
                let next = previous.clone().with(changed);
                quiet.set(if next == previous {
                    quiet.get().saturating_add(1)
                } else {
                    0
                });
                Ok(next)
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
        |id, _| api::task_run::by_id(id),
    )
}

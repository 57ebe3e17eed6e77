//! The artifacts of a run: the first request brings all, the next ones what has changed.

use flowdeck_vocabulary::{FlowRunId, TaskRunId};

use super::poll::{Cadence, poll, wake};
use crate::api;
use crate::model::Artifacts;
use crate::polled::Polled;

/// The artifacts of a flow run, of all its task runs or of one, quick until `is_over`, which is reactive.
pub fn use_artifacts(
    of: impl Fn() -> Option<(FlowRunId, Option<TaskRunId>)> + 'static,
    is_over: impl Fn() -> bool + Copy + 'static,
) -> Polled<Artifacts> {
    let artifacts = poll(
        of,
        move |_: &Artifacts| if is_over() { Cadence::Slow } else { Cadence::Live },
        |(flow_run, task_run), before| api::artifact::of_run(flow_run, task_run, before),
    );
    wake(artifacts.refresh, move || _ = is_over());
    artifacts
}

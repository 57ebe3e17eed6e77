//! Logs: the newest lines first, then what arrives.

use flowdeck_vocabulary::{FlowRunId, TaskRunId};

use super::poll::{Cadence, poll};
use crate::api;
use crate::model::LogTail;
use crate::polled::Polled;

/// The tail of a flow run's log, or of one of its task runs'. `moving` says whether more is to be expected.
pub fn use_log_tail(
    of: impl Fn() -> Option<(FlowRunId, Option<TaskRunId>)> + 'static,
    moving: impl Fn() -> bool + 'static,
) -> Polled<LogTail> {
    poll(
        of,
        move |_| if moving() { Cadence::Live } else { Cadence::Slow },
        |(flow_run, task_run), previous: Option<LogTail>| async move {
            Ok(match previous.map(|tail| (tail.cursor(), tail)) {
                Some((Some(cursor), tail)) => {
                    tail.with(api::log::arrived_since(flow_run, task_run, cursor).await?)
                }
                _ => LogTail::new(api::log::latest(flow_run, task_run).await?),
            })
        },
    )
}

//! One task, and its runs over time.

use flowdeck_vocabulary::{FlowGroupId, TaskId};

use super::poll::{Cadence, once, poll};
use super::ticking::now;
use crate::api;
use crate::model::{TaskDetails, TaskHistory, Timestamp};
use crate::polled::Polled;

/// One task. It never changes, so that it is asked for once.
pub fn use_task(id: impl Fn() -> Option<TaskId> + 'static) -> Polled<TaskDetails> {
    once(id, api::task::by_id)
}

/// Whose history it is: the flow group, the task's slug, the child's number or −1, around which time (`None` for the
/// latest), and whether the task is mapped.
pub type HistoryOf = (FlowGroupId, String, i64, Option<Timestamp>, bool);

/// The runs of a task around a time.
pub fn use_task_history(of: impl Fn() -> Option<HistoryOf> + 'static) -> Polled<TaskHistory> {
    poll(
        of,
        |_| Cadence::Normal,
        |(group, slug, map_index, at, with_children), _| {
            api::task::history(group, slug, map_index, at.unwrap_or_else(now), with_children)
        },
    )
}

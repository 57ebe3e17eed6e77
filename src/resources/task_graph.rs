//! A flow's tasks and edges.

use flowdeck_vocabulary::FlowId;

use super::poll::{Cadence, poll};
use crate::api;
use crate::model::TaskGraph;
use crate::polled::Polled;

/// The tasks and edges of one version of a flow. They never change, so that they are asked for once.
pub fn use_task_graph(flow: impl Fn() -> Option<FlowId> + 'static) -> Polled<TaskGraph> {
    poll(
        flow,
        |_| Cadence::Slow,
        |id, known: Option<TaskGraph>| async move {
            match known {
                Some(graph) => Ok(graph),
                None => api::task_graph::of_flow(id).await,
            }
        },
    )
}

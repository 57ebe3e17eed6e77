//! A flow's tasks and edges.

use flowdeck_vocabulary::FlowId;

use super::poll::once;
use crate::api;
use crate::model::TaskGraph;
use crate::polled::Polled;

/// The tasks and edges of one version of a flow. They never change, so that they are asked for once.
pub fn use_task_graph(flow: impl Fn() -> Option<FlowId> + 'static) -> Polled<TaskGraph> {
    once(flow, api::task_graph::of_flow)
}

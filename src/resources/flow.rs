//! Flows, their tasks, and the lists of them.

use flowdeck_vocabulary::{FlowId, ProjectId};

use super::poll::{Cadence, poll};
use crate::api;
use crate::model::{Flow, FlowLine, Project, Task};
use crate::polled::Polled;

/// One flow. Only a new registration or a person changes it.
pub fn use_flow(id: impl Fn() -> Option<FlowId> + 'static) -> Polled<Flow> {
    poll(id, |_| Cadence::Normal, |id, _| api::flow::by_id(id))
}

/// The tasks of one version of a flow. They never change; asking again costs nothing worth saving.
pub fn use_tasks(flow: impl Fn() -> Option<FlowId> + 'static) -> Polled<Vec<Task>> {
    poll(flow, |_| Cadence::Slow, |id, _| api::flow::tasks(id))
}

/// The flows of one project (`Some(None)`: of all), and the projects.
pub fn use_flow_lines(
    project: impl Fn() -> Option<Option<ProjectId>> + 'static,
) -> Polled<(Vec<Project>, Vec<FlowLine>)> {
    poll(
        project,
        |_| Cadence::Normal,
        |project, _| api::home::flow_lines(project),
    )
}

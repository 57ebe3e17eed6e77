//! Flows, their tasks, and the lists of them.

use flowdeck_vocabulary::{FlowGroupId, FlowId, ProjectId};

use super::poll::{Cadence, once, poll};
use super::ticking::now;
use crate::api;
use crate::model::{Flow, FlowContents, FlowLine, FlowVersionLine, Project, Task};
use crate::polled::Polled;

/// One flow: the version with this id, or that number of the flow group with this id. Only a new registration or a
/// person changes it.
pub fn use_flow(which: impl Fn() -> Option<(FlowId, Option<i64>)> + 'static) -> Polled<Flow> {
    poll(
        which,
        |_| Cadence::Normal,
        |(id, version), _| api::flow::by_id(id, version, now()),
    )
}

/// The versions of a flow, newest first, with their last runs.
pub fn use_flow_versions(group: impl Fn() -> Option<FlowGroupId> + 'static) -> Polled<Vec<FlowVersionLine>> {
    poll(group, |_| Cadence::Normal, |id, _| api::flow_version::all(id))
}

/// What is registered of two versions, the older one first. It never changes, so that it is asked for once.
pub fn use_flow_contents(
    versions: impl Fn() -> Option<(FlowId, FlowId)> + 'static,
) -> Polled<(FlowContents, FlowContents)> {
    once(versions, |(one, other)| api::flow_version::contents(one, other))
}

/// The tasks of one version of a flow. They never change, so that they are asked for once.
pub fn use_tasks(flow: impl Fn() -> Option<FlowId> + 'static) -> Polled<Vec<Task>> {
    once(flow, api::flow::tasks)
}

/// The flows of one project (`Some(None)`: of all), and the projects; archived flows too, when the other half says so.
pub fn use_flow_lines(
    which: impl Fn() -> Option<(Option<ProjectId>, bool)> + 'static,
) -> Polled<(Vec<Project>, Vec<FlowLine>)> {
    poll(
        which,
        |_| Cadence::Normal,
        |(project, archived), _| api::home::flow_lines(project, archived, now()),
    )
}

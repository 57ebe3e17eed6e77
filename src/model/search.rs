//! What a search finds.

use flowdeck_vocabulary::{FlowId, FlowRunId, ProjectId, StateType, TaskRunId};

/// Something that can be gone to.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// Its name.
    pub name: String,
    /// What it belongs to; may be empty.
    pub detail: String,
}

/// What was found, with its id, and of a run its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundKind {
    /// A project.
    Project(ProjectId),
    /// The newest version of a flow.
    Flow(FlowId),
    /// A flow run.
    FlowRun(FlowRunId, StateType),
    /// A task run.
    TaskRun(TaskRunId, StateType),
}

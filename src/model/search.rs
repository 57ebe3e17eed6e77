//! What a search finds.

use flowdeck_vocabulary::{FlowId, FlowRunId, ProjectId, StateType, TaskId, TaskRunId};

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
    /// A version of a flow: the newest, or the one whose id was looked for.
    Flow(FlowId),
    /// A task of a flow's newest version, or the one whose id was looked for.
    Task(TaskId),
    /// A flow run.
    FlowRun(FlowRunId, StateType),
    /// A task run.
    TaskRun(TaskRunId, StateType),
    /// An agent.
    Agent,
}

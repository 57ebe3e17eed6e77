//! The words all parts of Flowdeck share: states and their hierarchy, ids, labels, parameters, schedules.
//!
//! Nothing here does I/O, and everything builds for wasm32: the server, the engine and the dashboard read
//! and write the same words. What only native programs need (random ids, evaluating schedules) sits behind
//! the feature `native`.

mod ids;
mod labels;
mod parameters;
mod restart;
mod run_config;
mod schedule;
pub mod shell;
mod state;

pub use ids::{
    AgentId, ArtifactId, EdgeId, FlowGroupId, FlowId, FlowRunId, LogId, ParseIdError, ProjectId, SavedViewId,
    TaskId, TaskRunId, TenantId,
};
pub use labels::Labels;
pub use parameters::{Parameter, ParameterType, missing_parameters, truthy};
pub use restart::{RestartEdge, RestartTaskRun, task_runs_to_reset};
pub use run_config::{
    EXECUTABLE_AGENT, EXECUTABLE_STORAGE, LOG_LEVEL_VARIABLE, LOG_LEVELS, log_level, with_log_level,
};
pub use schedule::{Beat, Clock, LocalTime, Schedule, cron_problem};
#[cfg(feature = "native")]
pub use schedule::{Event, ScheduleError};
pub use state::{State, StateGroup, StateType, UnknownStateError};

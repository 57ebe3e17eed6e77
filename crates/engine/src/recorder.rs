//! The recorder: every state, log line and artifact of a run goes through it.

use std::fmt;
use std::sync::Mutex;

use flowdeck_vocabulary::State;
use serde_json::Value;

use crate::log::LogLine;

/// Which task run: a task's slug, and the number of the child when it is one of a mapped task.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskRunKey {
    /// The task's slug.
    pub slug: String,
    /// The child's number; `None` for the task itself.
    pub map_index: Option<usize>,
}

impl fmt::Display for TaskRunKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.map_index {
            Some(index) => write!(f, "{}[{index}]", self.slug),
            None => f.write_str(&self.slug),
        }
    }
}

/// What the recorder knows of a task run when its first check begins.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KnownTaskRun {
    /// Its id.
    pub id: String,
    /// The state it already has, when an earlier process worked on this flow run.
    pub state: Option<State>,
}

/// What a task leaves for people to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Artifact {
    /// `markdown` or `link` (contract 3.6).
    pub kind: String,
    /// `{"markdown": text}` or `{"link": url}`.
    pub data: Value,
}

/// Why a state could not be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordError {
    /// The server does not want it: the flow run is no longer running. Work stops as if it were cancelled.
    Refused(String),
    /// It cannot be written down at all. The run stops.
    Lost(String),
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(reason) | Self::Lost(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for RecordError {}

/// Where a run is written down. Called from several threads at once.
pub trait Recorder: Send + Sync {
    /// The id of a task run, and the state it has if this is not the first process to work on it.
    ///
    /// # Errors
    /// When the recorder cannot say.
    fn begin(&self, task_run: &TaskRunKey) -> Result<KnownTaskRun, RecordError>;

    /// Says that children `0..count` of a mapped task are about to begin, so that they can be made in one go.
    ///
    /// # Errors
    /// When they cannot be made.
    fn expect_children(&self, _slug: &str, _count: usize) -> Result<(), RecordError> {
        Ok(())
    }

    /// A task run has a new state. Returns when it is written down.
    ///
    /// # Errors
    /// When it was refused or could not be written.
    fn task_run_state(&self, task_run: &TaskRunKey, id: &str, state: &State) -> Result<(), RecordError>;

    /// The flow run has a new state. Returns when it is written down.
    ///
    /// # Errors
    /// When it was refused or could not be written.
    fn flow_run_state(&self, state: &State) -> Result<(), RecordError>;

    /// A line of the log. May be written down later.
    fn log(&self, line: LogLine);

    /// An artifact of a task run.
    ///
    /// # Errors
    /// When it could not be written.
    fn artifact(&self, task_run_id: &str, artifact: Artifact) -> Result<(), RecordError>;
}

/// Keeps everything in memory: what runs without a server use, and tests look at.
#[derive(Debug, Default)]
pub struct MemoryRecorder {
    events: Mutex<Vec<Event>>,
}

/// One thing a [`MemoryRecorder`] was told.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A task run's new state.
    TaskRun(TaskRunKey, State),
    /// The flow run's new state.
    FlowRun(State),
    /// A log line.
    Log(LogLine),
    /// An artifact of the task run with this id.
    Artifact(String, Artifact),
}

impl MemoryRecorder {
    /// Everything so far, in order.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        crate::lock(&self.events).clone()
    }

    /// The log lines so far, in order.
    #[must_use]
    pub fn logs(&self) -> Vec<LogLine> {
        self.events()
            .into_iter()
            .filter_map(|event| {
                if let Event::Log(line) = event {
                    Some(line)
                } else {
                    None
                }
            })
            .collect()
    }

    /// The artifacts so far, in order.
    #[must_use]
    pub fn artifacts(&self) -> Vec<Artifact> {
        let artifact = |event| {
            if let Event::Artifact(_, artifact) = event {
                Some(artifact)
            } else {
                None
            }
        };
        self.events().into_iter().filter_map(artifact).collect()
    }

    fn note(&self, event: Event) {
        crate::lock(&self.events).push(event);
    }
}

impl Recorder for MemoryRecorder {
    fn begin(&self, task_run: &TaskRunKey) -> Result<KnownTaskRun, RecordError> {
        Ok(KnownTaskRun {
            id: task_run.to_string(),
            state: None,
        })
    }

    fn task_run_state(&self, task_run: &TaskRunKey, _id: &str, state: &State) -> Result<(), RecordError> {
        self.note(Event::TaskRun(task_run.clone(), state.clone()));
        Ok(())
    }

    fn flow_run_state(&self, state: &State) -> Result<(), RecordError> {
        self.note(Event::FlowRun(state.clone()));
        Ok(())
    }

    fn log(&self, line: LogLine) {
        self.note(Event::Log(line));
    }

    fn artifact(&self, task_run_id: &str, artifact: Artifact) -> Result<(), RecordError> {
        self.note(Event::Artifact(task_run_id.to_owned(), artifact));
        Ok(())
    }
}

//! Log lines: what one is, how terminals' codes in it are read, and the part of a log that is known here.

mod book;
mod filter;
mod terminal;

pub use book::{Log, LogEntry, columns};
pub use filter::LogFilter;
pub use terminal::{Hue, Style, Styled};

use flowdeck_vocabulary::{FlowRunId, LogId, TaskRunId};

use super::Timestamp;

/// How grave a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// For those who look closely.
    Debug,
    /// As expected.
    Info,
    /// Not as expected.
    Warning,
    /// Wrong.
    Error,
    /// Fatal.
    Critical,
}

impl LogLevel {
    /// All of them, the gravest last.
    pub const ALL: [Self; 5] = [
        Self::Debug,
        Self::Info,
        Self::Warning,
        Self::Error,
        Self::Critical,
    ];

    /// The level of this name; `INFO` when there is none, as the API's default is.
    #[must_use]
    pub fn named(name: Option<&str>) -> Self {
        match name {
            Some("DEBUG") => Self::Debug,
            Some("WARNING" | "WARN") => Self::Warning,
            Some("ERROR") => Self::Error,
            Some("CRITICAL") => Self::Critical,
            _ => Self::Info,
        }
    }

    /// The name on screen, in CSS and in the URL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }
}

/// Whose log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogOf {
    /// The flow run.
    pub flow_run: FlowRunId,
    /// One of its task runs; `None` for all of them and the flow run itself.
    pub task_run: Option<TaskRunId>,
}

/// Where a line stands in its log: by its time, and by its id among those of one time. The server pages by the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogKey {
    /// When it was written.
    pub at: Timestamp,
    /// Tells it from the others.
    pub id: LogId,
}

/// One line as the server has it.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    /// Its place.
    pub key: LogKey,
    /// When it reached the server.
    pub arrived_at: Timestamp,
    /// How grave it is.
    pub level: LogLevel,
    /// Who wrote it.
    pub logger: String,
    /// What it says. May hold any text at all, and several lines of it.
    pub message: String,
    /// The task run that wrote it; `None` is the flow run itself.
    pub task_run_id: Option<TaskRunId>,
}

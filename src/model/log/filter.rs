//! What is shown of a log; all of it is in the URL.

use flowdeck_vocabulary::{LogId, TaskId};

use super::LogLevel;
use crate::model::Timestamp;

/// What is shown of a log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFilter {
    /// Only lines at least as grave as this.
    pub level: Option<LogLevel>,
    /// Only lines of this logger; empty for all.
    pub logger: String,
    /// Only lines of this task's runs.
    pub task: Option<TaskId>,
    /// Only lines of this second or later.
    pub from: Option<Timestamp>,
    /// Only lines of this second or earlier.
    pub to: Option<Timestamp>,
    /// What is searched for; empty for nothing.
    pub text: String,
    /// Whether only the lines that hold the text are shown; otherwise they are highlighted.
    pub only_matches: bool,
    /// The line that a link leads to.
    pub line: Option<LogId>,
}

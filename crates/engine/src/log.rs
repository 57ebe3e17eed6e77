//! Logging from inside a task: lines that know which task run they belong to.

use std::fmt;

use jiff::Timestamp;

/// How much a line matters. The words are the API's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For whoever looks for a mistake.
    Debug,
    /// What goes on.
    Info,
    /// Something to look at.
    Warning,
    /// Something went wrong.
    Error,
    /// Something is broken.
    Critical,
}

impl Level {
    /// The API's word (contract 3.6).
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
        }
    }
}

impl Level {
    /// The level of this name, in the API's spelling or in small letters.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let all = [
            Self::Debug,
            Self::Info,
            Self::Warning,
            Self::Error,
            Self::Critical,
        ];
        all.into_iter()
            .find(|level| level.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One line of a run's log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    /// When.
    pub timestamp: Timestamp,
    /// How much it matters.
    pub level: Level,
    /// Who says it: `flowdeck.FlowRunner`, `flowdeck.TaskRunner`, `flowdeck.<task name>`.
    pub name: String,
    /// What.
    pub message: String,
    /// The task run it belongs to; `None` for the flow run itself.
    pub task_run_id: Option<String>,
}

/// Logs a line at a level: `log!(Level::Info, "{n} files")`.
#[macro_export]
macro_rules! log {
    ($level:expr, $($message:tt)+) => {
        $crate::context().log($level, ::std::format!($($message)+))
    };
}

/// Logs a line at DEBUG.
#[macro_export]
macro_rules! debug {
    ($($message:tt)+) => { $crate::log!($crate::Level::Debug, $($message)+) };
}

/// Logs a line at INFO.
#[macro_export]
macro_rules! info {
    ($($message:tt)+) => { $crate::log!($crate::Level::Info, $($message)+) };
}

/// Logs a line at WARNING.
#[macro_export]
macro_rules! warning {
    ($($message:tt)+) => { $crate::log!($crate::Level::Warning, $($message)+) };
}

/// Logs a line at ERROR.
#[macro_export]
macro_rules! error {
    ($($message:tt)+) => { $crate::log!($crate::Level::Error, $($message)+) };
}

/// Logs a line at CRITICAL.
#[macro_export]
macro_rules! critical {
    ($($message:tt)+) => { $crate::log!($crate::Level::Critical, $($message)+) };
}

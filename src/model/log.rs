//! Log lines, and the tail of them that grows while a run writes.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use flowdeck_vocabulary::TaskRunId;

use super::Timestamp;
use crate::sort;

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

    /// The name on screen and in CSS.
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

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    /// Tells it from the others.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
    /// When it reached the server.
    pub arrived_at: Timestamp,
    /// How grave it is.
    pub level: LogLevel,
    /// Who wrote it.
    pub logger: String,
    /// What it says. May hold any text at all.
    pub message: String,
    /// The task run that wrote it; `None` is the flow run itself.
    pub task_run_id: Option<TaskRunId>,
}

/// Lines in the order in which they were written, and up to where they have arrived. Cheap to copy.
#[derive(Debug, Clone)]
pub struct LogTail {
    lines: Arc<Vec<LogLine>>,
    known: Arc<HashSet<String>>,
    /// Whether older lines exist that are not here.
    pub cut: bool,
}

impl PartialEq for LogTail {
    /// A tail only ever grows, so that its length tells whether it has changed.
    fn eq(&self, other: &Self) -> bool {
        self.lines.len() == other.lines.len()
    }
}

impl LogTail {
    /// How many lines the first request brings.
    pub const FIRST: usize = 1_000;

    /// Two transactions may become visible in the other order than their times say. Asking again for the last
    /// two seconds misses none of them.
    const OVERLAP: Duration = Duration::from_secs(2);

    /// The newest lines, oldest first.
    #[must_use]
    pub fn new(lines: Vec<LogLine>) -> Self {
        let cut = lines.len() >= Self::FIRST;
        let known = Arc::new(lines.iter().map(|line| line.id.clone()).collect());
        Self {
            lines: Arc::new(lines),
            known,
            cut,
        }
    }

    /// The lines, oldest first.
    #[must_use]
    pub fn lines(&self) -> &[LogLine] {
        &self.lines
    }

    /// From which arrival on to ask for more; `None` when there is nothing yet.
    #[must_use]
    pub fn cursor(&self) -> Option<Timestamp> {
        self.lines
            .iter()
            .map(|line| line.arrived_at)
            .max()
            .map(|last| last.before(Self::OVERLAP))
    }

    /// The same lines with those that have arrived; what is known already is passed over.
    #[must_use]
    pub fn with(mut self, arrived: Vec<LogLine>) -> Self {
        let new: Vec<LogLine> = arrived
            .into_iter()
            .filter(|line| !self.known.contains(&line.id))
            .collect();
        if new.is_empty() {
            return self;
        }
        Arc::make_mut(&mut self.known).extend(new.iter().map(|line| line.id.clone()));
        let lines = Arc::make_mut(&mut self.lines);
        lines.extend(new);
        // Almost sorted already, which is what a stable sort is quick at; ties keep the order of arrival.
        sort::by(lines, |a, b| a.at.cmp(&b.at));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, at: &str, arrived: &str) -> LogLine {
        LogLine {
            id: id.to_owned(),
            at: Timestamp::parse(&format!("2026-11-23T14:00:{at}Z")).unwrap(),
            arrived_at: Timestamp::parse(&format!("2026-11-23T14:00:{arrived}Z")).unwrap(),
            level: LogLevel::Info,
            logger: String::new(),
            message: String::new(),
            task_run_id: None,
        }
    }

    fn ids(tail: &LogTail) -> String {
        tail.lines().iter().map(|line| line.id.as_str()).collect()
    }

    #[test]
    fn lines_that_come_twice_are_shown_once_and_late_ones_in_their_place() {
        let tail = LogTail::new(vec![line("a", "01", "05"), line("c", "03", "05")]);
        let grown = tail.clone().with(vec![
            line("c", "03", "05"),
            line("d", "09", "10"),
            line("b", "02", "10"),
        ]);
        assert_eq!(ids(&grown), "abcd");
        assert_eq!(ids(&tail), "ac");
        assert!(grown != tail);
        assert!(grown.clone().with(vec![line("a", "01", "05")]) == grown);
    }

    #[test]
    fn the_cursor_follows_arrival_not_the_lines_own_time() {
        let tail = LogTail::new(vec![line("a", "01", "30"), line("b", "20", "25")]);
        assert_eq!(tail.cursor(), Timestamp::parse("2026-11-23T14:00:28Z"));
        assert_eq!(LogTail::new(Vec::new()).cursor(), None);
    }
}

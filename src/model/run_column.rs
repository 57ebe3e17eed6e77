//! The columns of the run history.

use super::RunSortColumn;

/// A column of the run history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunColumn {
    /// The run's state.
    State,
    /// The project of the flow.
    Project,
    /// The flow.
    Flow,
    /// The version of the flow.
    Version,
    /// The run's name.
    Run,
    /// When it started, or is to start.
    Start,
    /// When it ended.
    End,
    /// How long it took.
    Duration,
    /// How its task runs do.
    Tasks,
    /// Its labels.
    Labels,
}

impl RunColumn {
    /// All columns, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::State,
        Self::Project,
        Self::Flow,
        Self::Version,
        Self::Run,
        Self::Start,
        Self::End,
        Self::Duration,
        Self::Tasks,
        Self::Labels,
    ];

    /// The name in the URL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Project => "project",
            Self::Flow => "flow",
            Self::Version => "version",
            Self::Run => "run",
            Self::Start => "start",
            Self::End => "end",
            Self::Duration => "duration",
            Self::Tasks => "tasks",
            Self::Labels => "labels",
        }
    }

    /// The word over the column.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::State => "State",
            Self::Project => "Project",
            Self::Flow => "Flow",
            Self::Version => "Version",
            Self::Run => "Run",
            Self::Start => "Started",
            Self::End => "Ended",
            Self::Duration => "Duration",
            Self::Tasks => "Tasks",
            Self::Labels => "Labels",
        }
    }

    /// What a click on the column's head sorts by; `None` when it sorts by nothing.
    #[must_use]
    pub fn sort(self) -> Option<RunSortColumn> {
        match self {
            Self::State => Some(RunSortColumn::State),
            Self::Run => Some(RunSortColumn::Name),
            Self::Start => Some(RunSortColumn::Start),
            Self::End => Some(RunSortColumn::End),
            Self::Duration => Some(RunSortColumn::Duration),
            _ => None,
        }
    }
}

/// The columns of this list of names, in the order in which they are shown; the run's name is always among them.
#[must_use]
pub fn run_columns(names: &str) -> Vec<RunColumn> {
    let wanted: Vec<&str> = names.split(',').collect();
    RunColumn::ALL
        .into_iter()
        .filter(|column| *column == RunColumn::Run || wanted.contains(&column.name()))
        .collect()
}

/// The names of these columns, as [`run_columns`] reads them.
#[must_use]
pub fn run_column_names(columns: &[RunColumn]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    names.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_read_back_as_they_were_written() {
        assert_eq!(run_columns(&run_column_names(&RunColumn::ALL)), RunColumn::ALL);
        let two = [RunColumn::State, RunColumn::Run];
        assert_eq!(run_columns("run,weather,state"), two);
        assert_eq!(run_column_names(&two), "state,run");
    }

    #[test]
    fn the_runs_name_cannot_be_left_out() {
        assert_eq!(run_columns(""), [RunColumn::Run]);
    }
}

//! What a flow run failed of: the task runs that failed by themselves, not those that failed because of them.

use flowdeck_vocabulary::{StateType, TaskId, TaskRunId};

use super::{TaskRun, TaskRuns, Timestamp};
use crate::sort;

/// A task that failed by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// The task.
    pub task_id: TaskId,
    /// The task run; of several children of a mapped task the one that failed first.
    pub task_run_id: TaskRunId,
    /// What it is called.
    pub title: String,
    /// How it failed.
    pub state: StateType,
    /// The first line of why.
    pub reason: Option<String>,
    /// When it failed.
    pub at: Timestamp,
    /// How many task runs of the task failed by themselves: more than one only of a mapped task.
    pub count: usize,
}

/// What a flow run failed of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Failures {
    /// The tasks that failed by themselves, the first one first.
    pub tasks: Vec<Failure>,
    /// How many task runs failed only because something upstream of them did.
    pub because_of_them: usize,
}

impl Failures {
    /// What failed among these task runs.
    #[must_use]
    pub fn of(runs: &TaskRuns) -> Self {
        let mut failures = Self::default();
        let mut failed: Vec<&TaskRun> = Vec::new();
        for row in runs.counted().filter(|row| row.state.is_failed()) {
            if row.state == StateType::TriggerFailed {
                failures.because_of_them += 1;
            } else {
                failed.push(row);
            }
        }
        sort::by(&mut failed, |a, b| failed_at(a).cmp(&failed_at(b)));
        for row in failed {
            match failures
                .tasks
                .iter_mut()
                .find(|failure| failure.task_id == row.task_id)
            {
                Some(known) => {
                    known.count += 1;
                    known.title = runs.task_title(row);
                }
                None => failures.tasks.push(Failure {
                    task_id: row.task_id,
                    task_run_id: row.id,
                    title: runs.title(row),
                    state: row.state,
                    reason: row.message.as_deref().and_then(first_line),
                    at: failed_at(row),
                    count: 1,
                }),
            }
        }
        failures
    }
}

/// A task run that was failed from outside has no end of its own.
fn failed_at(row: &TaskRun) -> Timestamp {
    row.ended_at.unwrap_or(row.updated_at)
}

fn first_line(text: &str) -> Option<String> {
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::task_run::tests::{row, runs};
    use super::*;

    fn failed(number: u32, task: u32, index: i64, state: StateType, at: &str, message: &str) -> TaskRun {
        TaskRun {
            ended_at: Timestamp::parse(&format!("2026-11-23T14:00:{at}Z")),
            message: Some(message.to_owned()),
            ..row(number, task, index, state, None)
        }
    }

    #[test]
    fn what_failed_by_itself_comes_in_the_order_in_which_it_failed() {
        let found = Failures::of(&runs(vec![
            failed(1, 1, -1, StateType::TimedOut, "09", "too slow"),
            failed(2, 2, -1, StateType::Failed, "03", "\n  no such file \nat line 3"),
            failed(3, 3, -1, StateType::TriggerFailed, "10", "upstream"),
            row(4, 4, -1, StateType::Success, None),
            row(5, 5, -1, StateType::Running, None),
        ]));
        let tasks: Vec<_> = found
            .tasks
            .iter()
            .map(|task| (task.title.as_str(), task.state, task.reason.as_deref()))
            .collect();
        assert_eq!(
            tasks,
            [
                ("task 2", StateType::Failed, Some("no such file")),
                ("task 1", StateType::TimedOut, Some("too slow")),
            ]
        );
        assert_eq!(found.because_of_them, 1);
    }

    #[test]
    fn children_of_a_mapped_task_are_one_failure_with_their_number() {
        let found = Failures::of(&runs(vec![
            row(1, 7, -1, StateType::Mapped, None),
            failed(2, 7, 0, StateType::Failed, "05", "later"),
            failed(3, 7, 1, StateType::Failed, "04", "first"),
            row(4, 7, 2, StateType::Success, None),
            row(5, 8, -1, StateType::Mapped, None),
            failed(6, 8, 3, StateType::Failed, "06", "alone"),
        ]));
        let tasks: Vec<_> = found
            .tasks
            .iter()
            .map(|task| (task.title.as_str(), task.count, task.reason.as_deref()))
            .collect();
        assert_eq!(
            tasks,
            [("task 7", 2, Some("first")), ("task 8[3]", 1, Some("alone"))]
        );
    }

    #[test]
    fn nothing_failed_is_no_failure() {
        assert_eq!(Failures::of(&TaskRuns::default()), Failures::default());
        assert_eq!(
            Failures::of(&runs(vec![row(1, 1, -1, StateType::Cancelled, None)])),
            Failures::default()
        );
    }
}

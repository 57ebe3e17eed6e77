//! One task of a flow, and how its runs went over time.

use std::sync::Arc;
use std::time::Duration;

use flowdeck_vocabulary::{FlowGroupId, FlowId, FlowRunId, ProjectId, StateType, TaskRunId};
use serde_json::Value;

use super::{GraphTask, TaskGraph, Timestamp, usual_duration};
use crate::sort;

/// A task of one version of a flow, with all that its page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskDetails {
    /// The task.
    pub task: GraphTask,
    /// It and the tasks right before and right after it, with the edges between it and them.
    pub around: TaskGraph,
    /// How long it waits before it tries again.
    pub retry_delay: Option<String>,
    /// What it does, in its author's words.
    pub description: Option<String>,
    /// Under which name its results are kept for other flows.
    pub cache_key: Option<String>,
    /// The version of the flow.
    pub flow_id: FlowId,
    /// The flow's name.
    pub flow_name: String,
    /// The number of that version.
    pub flow_version: i64,
    /// All versions of the flow.
    pub flow_group_id: FlowGroupId,
    /// The project the flow is in.
    pub project_id: ProjectId,
    /// That project's name.
    pub project_name: String,
}

/// A run of a task among those before and after it.
#[derive(Debug, Clone, PartialEq)]
pub struct PastTaskRun {
    /// Its id.
    pub id: TaskRunId,
    /// The flow run it belongs to.
    pub flow_run_id: FlowRunId,
    /// That run's name.
    pub flow_run_name: String,
    /// Its state; of a mapped task that of its children taken together.
    pub state: StateType,
    /// When it came to be, with its flow run: by this they are in order.
    pub created_at: Timestamp,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When it ended; `None` while it goes on.
    pub ended_at: Option<Timestamp>,
    /// Where its result is.
    pub location: Option<String>,
}

impl PastTaskRun {
    /// The location in a result as it is stored.
    #[must_use]
    pub fn location_in(result: &Value) -> Option<String> {
        let location = result.get("location")?.as_str()?;
        (!location.is_empty()).then(|| location.to_owned())
    }

    /// How long it took, or has taken until `now`.
    #[must_use]
    pub fn duration(&self, now: Timestamp) -> Option<Duration> {
        let end = self.ended_at.or_else(|| self.state.is_running().then_some(now))?;
        Some(end.since(self.started_at?))
    }
}

/// One state for the mapped children of a task, of which so many failed and so many have finished.
#[must_use]
pub fn state_of_children(all: usize, failed: usize, finished: usize) -> StateType {
    match (all, failed, finished) {
        (0, ..) => StateType::Mapped,
        (_, _, 0) => StateType::Pending,
        (all, _, finished) if finished < all => StateType::Running,
        (_, 0, _) => StateType::Success,
        _ => StateType::Failed,
    }
}

/// The runs of a task around one of them, or the latest. Cheap to copy.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskHistory(Arc<Vec<PastTaskRun>>);

impl TaskHistory {
    /// These runs.
    #[must_use]
    pub fn new(mut runs: Vec<PastTaskRun>) -> Self {
        sort::by(&mut runs, |a, b| {
            a.created_at.cmp(&b.created_at).then_with(|| a.id.cmp(&b.id))
        });
        Self(Arc::new(runs))
    }

    /// The runs, oldest first.
    #[must_use]
    pub fn runs(&self) -> &[PastTaskRun] {
        &self.0
    }

    /// The run before this one, and the one after it.
    #[must_use]
    pub fn beside(&self, id: TaskRunId) -> (Option<&PastTaskRun>, Option<&PastTaskRun>) {
        let Some(at) = self.0.iter().position(|run| run.id == id) else {
            return (None, None);
        };
        (
            at.checked_sub(1).map(|before| &self.0[before]),
            self.0.get(at + 1),
        )
    }

    /// How long a run that ends well usually takes.
    #[must_use]
    pub fn usual(&self) -> Option<Duration> {
        let good = self.0.iter().filter(|run| run.state.is_successful());
        usual_duration(
            good.filter_map(|run| Some(run.ended_at?.since(run.started_at?)))
                .collect(),
        )
    }

    /// How many have finished, and how many of them failed.
    #[must_use]
    pub fn failures(&self) -> (usize, usize) {
        let finished = self.0.iter().filter(|run| run.state.is_finished());
        finished.fold((0, 0), |(all, failed), run| {
            (all + 1, failed + usize::from(run.state.is_failed()))
        })
    }

    /// The run that made the result which this one took from the cache: the first with the same location.
    #[must_use]
    pub fn origin(&self, id: TaskRunId, location: &str) -> Option<&PastTaskRun> {
        self.0
            .iter()
            .find(|run| run.location.as_deref() == Some(location))
            .filter(|run| run.id != id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id<T: std::str::FromStr>(number: i64) -> T
    where
        T::Err: std::fmt::Debug,
    {
        format!("00000000-0000-0000-0000-{number:012}").parse().unwrap()
    }

    fn time(second: i64) -> Timestamp {
        Timestamp::parse(&format!("2026-11-23T14:00:{second:02}Z")).unwrap()
    }

    fn run(number: i64, state: StateType, took: i64, location: &str) -> PastTaskRun {
        PastTaskRun {
            id: id(number),
            flow_run_id: id(number + 100),
            flow_run_name: format!("run {number}"),
            state,
            created_at: time(number),
            started_at: Some(time(number)),
            ended_at: Some(time(number + took)),
            location: Some(location.to_owned()),
        }
    }

    fn history() -> TaskHistory {
        TaskHistory::new(vec![
            run(3, StateType::Cached, 3, "/a"),
            run(1, StateType::Success, 1, "/b"),
            run(2, StateType::Success, 5, "/a"),
            run(4, StateType::Failed, 40, ""),
        ])
    }

    #[test]
    fn runs_are_in_the_order_of_time_with_the_ones_before_and_after() {
        let history = history();
        let beside = |number| {
            let (before, after) = history.beside(id(number));
            (
                before.map(|run| run.flow_run_name.clone()),
                after.map(|run| run.flow_run_name.clone()),
            )
        };
        assert_eq!(beside(1), (None, Some("run 2".to_owned())));
        assert_eq!(beside(3), (Some("run 2".to_owned()), Some("run 4".to_owned())));
        assert_eq!(beside(9), (None, None));
    }

    #[test]
    fn a_failure_does_not_say_how_long_it_usually_takes() {
        assert_eq!(history().usual(), Some(Duration::from_secs(3)));
        assert_eq!(history().failures(), (4, 1));
    }

    #[test]
    fn a_cached_result_comes_from_the_first_run_with_its_location() {
        let history = history();
        let origin = |number, location: &str| history.origin(id(number), location).map(|run| run.id);
        assert_eq!(origin(3, "/a"), Some(id(2)));
        assert_eq!(origin(2, "/a"), None, "it made it itself");
        assert_eq!(origin(3, "/elsewhere"), None);
    }

    #[test]
    fn children_taken_together() {
        let states = [
            state_of_children(0, 0, 0),
            state_of_children(4, 0, 0),
            state_of_children(4, 1, 2),
            state_of_children(4, 0, 4),
            state_of_children(4, 1, 4),
        ];
        assert_eq!(
            states,
            [
                StateType::Mapped,
                StateType::Pending,
                StateType::Running,
                StateType::Success,
                StateType::Failed,
            ]
        );
    }
}

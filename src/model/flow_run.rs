//! Flow runs: their state, their times, and what may be done with them.

use std::time::Duration;

use flowdeck_vocabulary::{FlowGroupId, FlowId, FlowRunId, Labels, ProjectId, StateType, TaskRunId};
use serde_json::Value;

use super::{BulkAction, Timestamp};
use crate::sort;

/// A run that has not started this long after it should have is late.
pub const LATE_AFTER: Duration = Duration::from_secs(20);

/// A run that is due and has waited this long without an agent taking it: time to say why. An agent asks every
/// few seconds.
const EXPLAIN_AFTER: Duration = Duration::from_secs(6);

/// A run that started this much later than it was created for has its place in the history elsewhere than its start.
const LONG_AFTER: Duration = Duration::from_mins(1);

/// When a flow run started, in the ways that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It started.
    At(Timestamp),
    /// It started, restarted or after a long wait, at the first time; it was created for the second.
    LongAfter(Timestamp, Timestamp),
    /// It is to start.
    Due(Timestamp),
    /// It is to start at the first time, restarted, put off or started early; it was created for the second.
    DueElsewhere(Timestamp, Timestamp),
    /// It ended without.
    Never,
}

/// A run of a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowRun {
    /// Its id.
    pub id: FlowRunId,
    /// Its name, such as `laughing-otter`.
    pub name: String,
    /// Its state.
    pub state: StateType,
    /// Why it is in that state.
    pub message: Option<String>,
    /// Since when it is in that state.
    pub changed_at: Option<Timestamp>,
    /// When it was created to start. Stays what it is when the run is restarted or put off: flows take it for the time
    /// that their data is of.
    pub scheduled_at: Timestamp,
    /// When it goes on, in the states that wait for a time.
    pub starts_at: Option<Timestamp>,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When it ended last. It stays while the run goes on again, and lists are sorted by it: [`end`](Self::end) is what
    /// to show.
    pub ended_at: Option<Timestamp>,
    /// Whether a schedule created it.
    pub auto_scheduled: bool,
    /// The labels an agent needs to take it.
    pub labels: Labels,
    /// The version of the flow.
    pub flow_id: FlowId,
    /// The flow's name.
    pub flow_name: String,
    /// The number of that version.
    pub flow_version: i64,
    /// The project the flow is in.
    pub project_id: ProjectId,
    /// That project's name.
    pub project_name: String,
}

impl FlowRun {
    /// When it ended; `None` while it goes on.
    #[must_use]
    pub fn end(&self) -> Option<Timestamp> {
        self.ended_at.filter(|_| self.state.is_finished())
    }

    /// How long it took, or has taken until `now`; `None` when it has not started.
    #[must_use]
    pub fn duration(&self, now: Timestamp) -> Option<Duration> {
        let goes_on = !self.state.is_finished();
        let end = self.end().or_else(|| goes_on.then_some(now))?;
        Some(end.since(self.started_at?))
    }

    /// Whether it may still be cancelled.
    #[must_use]
    pub fn can_cancel(&self) -> bool {
        BulkAction::Cancel.applies_to(self.state, false)
    }

    /// Whether it may run again where it failed or was cancelled, when some of its task runs failed or none.
    #[must_use]
    pub fn can_restart(&self, has_failed_tasks: bool) -> bool {
        BulkAction::Restart.applies_to(self.state, has_failed_tasks)
    }

    /// Whether it waits for its time, so that it can be told not to.
    #[must_use]
    pub fn can_start_now(&self, now: Timestamp) -> bool {
        self.state == StateType::Scheduled && self.due_at() > now
    }

    /// When it is, or was, to start. Agents go by the time in its state: that of a run that was restarted, started early
    /// or put off is another than it was created for.
    #[must_use]
    pub fn due_at(&self) -> Timestamp {
        let waits_until = self.starts_at.filter(|_| self.state.is_scheduled());
        waits_until.unwrap_or(self.scheduled_at)
    }

    /// What there is to say of its start.
    #[must_use]
    pub fn start(&self) -> Start {
        match self.started_at {
            Some(at) if at.since(self.scheduled_at) > LONG_AFTER => Start::LongAfter(at, self.scheduled_at),
            Some(at) => Start::At(at),
            None if self.state.is_finished() => Start::Never,
            None => {
                let (due, created_for) = (self.due_at(), self.scheduled_at);
                if due.since(created_for).max(created_for.since(due)) > LONG_AFTER {
                    Start::DueElsewhere(due, created_for)
                } else {
                    Start::Due(due)
                }
            }
        }
    }

    /// Whether it has been due for so long that it must be said why no agent takes it.
    #[must_use]
    pub fn wants_explanation(&self, now: Timestamp) -> bool {
        self.waits_for_agent() && now.since(self.due_at()) > EXPLAIN_AFTER
    }

    fn waits_for_agent(&self) -> bool {
        matches!(self.state, StateType::Scheduled | StateType::Queued) && self.started_at.is_none()
    }
}

/// A flow run with what its page's head shows beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowRunPicture {
    /// The run.
    pub run: FlowRun,
    /// The flow group, by which its history is found.
    pub flow_group_id: FlowGroupId,
    /// The agent that took it.
    pub agent_name: Option<String>,
    /// Counts its states: tells whether it moved on.
    pub version: i64,
    /// How many artifacts its tasks have left so far.
    pub artifacts: usize,
    /// The task run that seems to have started it: see [`starting_task_run`].
    pub started_by: Option<TaskRunId>,
}

/// The task run that has started a flow run.
#[derive(Debug, Clone, PartialEq)]
pub struct ParentTaskRun {
    /// Its id.
    pub id: TaskRunId,
    /// What it is called.
    pub title: String,
    /// The flow run it belongs to.
    pub flow_run_id: FlowRunId,
    /// ... and its name.
    pub flow_run_name: String,
}

/// The task run that an idempotency key names. The tasks of the Python client that start flow runs (`create_flow_run`,
/// `StartFlowRun`) give them the id of their own task run as the key, of a mapped one with its index behind it: that is
/// all the API knows of what started what. A key may be anything else; then there is no such task run.
#[must_use]
pub fn starting_task_run(idempotency_key: &str) -> Option<TaskRunId> {
    const UUID: usize = 36;
    let (id, rest) = idempotency_key.split_at_checked(UUID)?;
    let is_index = rest.is_empty() || rest.strip_prefix('-')?.parse::<i64>().is_ok();
    is_index.then(|| id.parse().ok())?
}

/// The idempotency keys of the flow runs that a task run has started: from the first up to, and without, the second.
/// The second is beyond all that begin with the id in every order of letters that databases use.
#[must_use]
pub fn idempotency_keys(task_run_id: TaskRunId) -> (String, String) {
    (task_run_id.to_string(), format!("{task_run_id}g"))
}

/// The states a flow run has been in.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowRunStates {
    /// Counts them: with another there are others.
    pub version: i64,
    /// The last one as it is stored.
    pub raw_state: Value,
    /// Its states, newest first.
    pub states: Vec<StateEntry>,
}

/// One entry of a history of states.
#[derive(Debug, Clone, PartialEq)]
pub struct StateEntry {
    /// Tells it from the others.
    pub id: String,
    /// The state.
    pub state: StateType,
    /// Why.
    pub message: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// The median of at least three durations: one slow run must not make every other look quick.
#[must_use]
pub fn usual_duration(mut durations: Vec<Duration>) -> Option<Duration> {
    sort::by(&mut durations, Ord::cmp);
    (durations.len() >= 3).then(|| durations[durations.len() / 2])
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::model) fn run(state: StateType) -> FlowRun {
        FlowRun {
            id: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
            name: "laughing-otter".to_owned(),
            state,
            message: None,
            changed_at: None,
            scheduled_at: Timestamp::parse("2026-11-23T14:00:00Z").unwrap(),
            starts_at: None,
            started_at: None,
            ended_at: None,
            auto_scheduled: false,
            labels: Labels::default(),
            flow_id: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
            flow_name: "etl".to_owned(),
            flow_version: 1,
            project_id: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
            project_name: "prod".to_owned(),
        }
    }

    pub(in crate::model) fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn only_a_run_that_waits_for_an_agent_wants_an_explanation() {
        let later = at("2026-11-23T14:00:10Z");
        assert!(run(StateType::Scheduled).wants_explanation(later));
        assert!(!run(StateType::Scheduled).wants_explanation(at("2026-11-23T14:00:05Z")));
        for state in [
            StateType::Paused,
            StateType::Submitted,
            StateType::Running,
            StateType::Success,
        ] {
            assert!(!run(state).wants_explanation(later), "{state}");
        }
    }

    #[test]
    fn what_has_ended_or_is_ending_cannot_be_cancelled() {
        for state in StateType::ALL {
            let expected = !state.is_finished() && state != StateType::Cancelling;
            assert_eq!(run(state).can_cancel(), expected, "{state}");
        }
    }

    #[test]
    fn only_what_failed_or_was_cancelled_is_restarted() {
        let restarted = StateType::ALL
            .into_iter()
            .filter(|state| run(*state).can_restart(false));
        let expected = [
            StateType::Cancelled,
            StateType::Failed,
            StateType::TimedOut,
            StateType::TriggerFailed,
            StateType::ValidationFailed,
        ];
        assert_eq!(restarted.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn only_a_run_whose_time_has_not_come_is_started_early() {
        let before = at("2026-11-23T13:00:00Z");
        assert!(run(StateType::Scheduled).can_start_now(before));
        assert!(!run(StateType::Scheduled).can_start_now(at("2026-11-23T15:00:00Z")));
        assert!(!run(StateType::Running).can_start_now(before));
    }

    #[test]
    fn what_waits_is_due_when_its_state_says() {
        let mut run = run(StateType::Scheduled);
        assert_eq!(run.start(), Start::Due(run.scheduled_at));
        // Restarted the day after: not late by a day.
        let restarted = at("2026-11-24T09:00:00Z");
        run.starts_at = Some(restarted);
        assert_eq!(run.start(), Start::DueElsewhere(restarted, run.scheduled_at));
        assert!(!run.wants_explanation(at("2026-11-24T09:00:05Z")));
        assert!(run.can_start_now(at("2026-11-24T08:00:00Z")));
        run.state = StateType::Cancelled;
        assert_eq!((run.start(), run.due_at()), (Start::Never, run.scheduled_at));
    }

    #[test]
    fn a_start_long_after_its_time_says_both() {
        let mut run = run(StateType::Running);
        for (started, is_long) in [("2026-11-23T14:00:40Z", false), ("2026-11-24T09:00:00Z", true)] {
            let started = at(started);
            run.started_at = Some(started);
            let expected = if is_long {
                Start::LongAfter(started, run.scheduled_at)
            } else {
                Start::At(started)
            };
            assert_eq!(run.start(), expected);
        }
    }

    #[test]
    fn a_duration_ticks_until_the_end() {
        let mut run = run(StateType::Running);
        let now = at("2026-11-23T14:01:00Z");
        assert_eq!(run.duration(now), None);
        run.started_at = Some(at("2026-11-23T14:00:00Z"));
        assert_eq!(run.duration(now), Some(Duration::from_mins(1)));
        run.state = StateType::Success;
        run.ended_at = Some(at("2026-11-23T14:00:07Z"));
        assert_eq!(run.duration(now), Some(Duration::from_secs(7)));
        assert_eq!(run.end(), run.ended_at);
        // It goes on, and keeps the end that was not the last.
        run.state = StateType::Running;
        assert_eq!(
            (run.end(), run.duration(now)),
            (None, Some(Duration::from_mins(1)))
        );
    }

    #[test]
    fn usual_is_the_middle_of_at_least_three() {
        let seconds = |list: &[u64]| list.iter().copied().map(Duration::from_secs).collect::<Vec<_>>();
        assert_eq!(usual_duration(seconds(&[1, 2])), None);
        assert_eq!(
            usual_duration(seconds(&[600, 2, 3])),
            Some(Duration::from_secs(3))
        );
    }

    #[test]
    fn a_key_names_the_task_run_that_started_the_flow_run() {
        let id = "7b7a5d0e-1c7e-4b57-9c7e-0a5b1c2d3e4f";
        let expected = id.parse::<TaskRunId>().ok();
        for (key, is_one) in [
            (id.to_owned(), true),
            (format!("{id}-0"), true),
            (format!("{id}-17"), true),
            (format!("{id}--1"), true),
            (format!("{id}x"), false),
            (format!("{id}-x"), false),
            ("nightly-2026-11-24".to_owned(), false),
            ("ein Schlüssel, der länger als eine UUID ist".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(starting_task_run(&key), expected.filter(|_| is_one), "{key}");
            if is_one {
                let (from, below) = idempotency_keys(expected.unwrap());
                assert!(from <= key && key < below, "{key}");
            }
        }
    }
}

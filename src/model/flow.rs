//! Flows, their versions and tasks, and the projects they are in.

use std::time::Duration;

use flowdeck_vocabulary::{
    FlowGroupId, FlowId, FlowRunId, Labels, Parameter, ProjectId, StateGroup, StateType, TaskId,
    missing_parameters,
};
use serde_json::Value;

use super::{FlowSettings, Timestamp, usual_duration};

/// A flow run as a bar: how it ended, and how long it took.
#[derive(Debug, Clone, PartialEq)]
pub struct RunBar {
    /// Its id.
    pub id: FlowRunId,
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: StateType,
    /// When it was to start.
    pub scheduled_at: Timestamp,
    /// Since when it is in that state.
    pub changed_at: Option<Timestamp>,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When it ended; `None` while it goes on.
    pub ended_at: Option<Timestamp>,
}

impl RunBar {
    /// How long it took, or has taken until `now`; `None` when it never started.
    #[must_use]
    pub fn duration(&self, now: Timestamp) -> Option<Duration> {
        let end = self
            .ended_at
            .or_else(|| (!self.state.is_finished()).then_some(now))
            .or(self.changed_at)?;
        Some(end.since(self.started_at?))
    }
}

/// The run since which a flow fails, as far as its last runs tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstFailure {
    /// Its id.
    pub id: FlowRunId,
    /// When it ended last.
    pub ended_at: Timestamp,
    /// The flow group.
    pub group_id: FlowGroupId,
    /// Whether runs before those at hand may have failed, too.
    pub is_cut: bool,
}

/// A flow with its last runs: enough to tell whether it fails, and how long its runs usually take.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowRuns {
    /// The id of its newest version.
    pub id: FlowId,
    /// Its name.
    pub name: String,
    /// All its versions.
    pub group_id: FlowGroupId,
    /// The project it is in.
    pub project_id: ProjectId,
    /// That project's name.
    pub project_name: String,
    /// Its last runs, oldest first, at most [`Self::MOST`].
    pub runs: Vec<RunBar>,
}

/// A flow as one line of a list: its newest version with its last runs.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowLine {
    /// Which flow, and its last runs.
    pub flow: FlowRuns,
    /// Whether its newest version is archived.
    pub archived: bool,
    /// Whether it has a schedule with clocks.
    pub has_clocks: bool,
    /// Whether its schedule is on.
    pub is_schedule_active: bool,
    /// When it runs next.
    pub next_at: Option<Timestamp>,
    /// The parameters it declares.
    pub parameters: Vec<Parameter>,
    /// Values that hold for all its versions.
    pub default_parameters: Value,
}

impl FlowRuns {
    /// How many runs are looked at.
    pub const MOST: usize = 20;
    /// How many runs are at hand of a flow that has more, at least.
    const FEWEST_RUNS: usize = 4;

    /// The run that started last.
    #[must_use]
    pub fn last_run(&self) -> Option<&RunBar> {
        self.runs.last()
    }

    /// Since when it fails: when the first of its latest failures in a row ended. `None` when the last run that ended by
    /// itself did not fail.
    #[must_use]
    pub fn failing_since(&self) -> Option<Timestamp> {
        self.first_failure().map(|first| first.ended_at)
    }

    /// The run since which it fails, by those at hand. What somebody cancelled says nothing: nobody knows how it would
    /// have ended.
    #[must_use]
    pub fn first_failure(&self) -> Option<FirstFailure> {
        let ended = self.runs.iter().rev().filter(|run| has_ended(run.state));
        let first = ended.take_while(|run| run.state.is_failed()).last()?;
        let all_failed = self
            .runs
            .iter()
            .find(|run| has_ended(run.state))
            .is_some_and(|run| run.id == first.id);
        Some(FirstFailure {
            id: first.id,
            ended_at: first.ended_at.or(first.changed_at).unwrap_or(first.scheduled_at),
            group_id: self.group_id,
            is_cut: all_failed && self.runs.len() >= Self::FEWEST_RUNS,
        })
    }

    /// How long its runs usually take, by those that ended well; `None` when they are too few.
    #[must_use]
    pub fn usual_duration(&self) -> Option<Duration> {
        let well = self.runs.iter().filter(|run| run.state == StateType::Success);
        usual_duration(
            well.filter_map(|run| Some(run.ended_at?.since(run.started_at?)))
                .collect(),
        )
    }

    /// How many of its finished runs ended well, in percent, those left out that somebody cancelled; `None` when there
    /// are no others.
    #[must_use]
    pub fn success_rate(&self) -> Option<usize> {
        let finished = self.runs.iter().filter(|run| has_ended(run.state));
        let (all, good) = finished.fold((0, 0), |(all, good), run| {
            (all + 1, good + usize::from(run.state.is_successful()))
        });
        (all > 0).then(|| good * 100 / all)
    }
}

impl FlowLine {
    /// Whether it runs by itself. A server may call a schedule on that is not there any more: nothing comes of that.
    #[must_use]
    pub fn runs_by_itself(&self) -> bool {
        self.is_schedule_active && self.has_clocks
    }

    /// The required parameters without a value, which is why Quick Run cannot start it.
    #[must_use]
    pub fn missing_parameters(&self) -> Vec<String> {
        without_value(&self.parameters, &self.default_parameters)
    }
}

/// Whether a run in this state has ended by itself.
fn has_ended(state: StateType) -> bool {
    state.is_finished() && state.group() != StateGroup::Cancelled
}

/// The required parameters for which neither the flow group nor the declaration has a value.
fn without_value(parameters: &[Parameter], defaults: &Value) -> Vec<String> {
    let none = serde_json::Map::new();
    let given = defaults.as_object().unwrap_or(&none);
    missing_parameters(parameters, given).map(str::to_owned).collect()
}

/// Why Quick Run cannot start a flow: `the required parameters a, b have no value`.
#[must_use]
pub fn missing_in_words(parameters: &[String]) -> String {
    let (noun, verb) = match parameters.len() {
        1 => ("parameter", "has"),
        _ => ("parameters", "have"),
    };
    format!("the required {noun} {} {verb} no value", parameters.join(", "))
}

/// One version of a flow as a line of their table.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowVersionLine {
    /// Which one.
    pub version: FlowVersion,
    /// When it was registered.
    pub created_at: Timestamp,
    /// The version of the library it was registered with.
    pub core_version: Option<String>,
    /// How many tasks it has.
    pub task_count: usize,
    /// How many runs it has.
    pub run_count: usize,
    /// Its last runs, oldest first.
    pub runs: Vec<RunBar>,
}

/// One version of a flow among the others.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowVersion {
    /// Its id.
    pub id: FlowId,
    /// Its number.
    pub version: i64,
    /// Whether it was put away.
    pub archived: bool,
}

/// One version of a flow, with what all its versions share.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// The id of this version.
    pub id: FlowId,
    /// The id of the flow group: all versions.
    pub group_id: FlowGroupId,
    /// Its name.
    pub name: String,
    /// The number of this version.
    pub version: i64,
    /// All versions, newest first.
    pub versions: Vec<FlowVersion>,
    /// What it does, in its author's words.
    pub description: Option<String>,
    /// Whether this version was put away.
    pub archived: bool,
    /// When this version was registered.
    pub created_at: Timestamp,
    /// The version of the library it was registered with.
    pub core_version: Option<String>,
    /// The parameters it declares.
    pub parameters: Vec<Parameter>,
    /// Values that hold for all its versions.
    pub default_parameters: Value,
    /// The labels its runs get.
    pub labels: Labels,
    /// What is set for all its versions, and what it has when nothing is.
    pub settings: FlowSettings,
    /// When it runs by itself.
    pub schedule: Option<Value>,
    /// Whether somebody gave all versions that schedule, in place of the one each was registered with.
    pub schedule_is_of_group: bool,
    /// Whether its schedule is on.
    pub is_schedule_active: bool,
    /// When its schedule starts it next.
    pub next_at: Option<Timestamp>,
    /// Where its code is.
    pub storage: Value,
    /// How its runs are started.
    pub run_config: Value,
    /// The project it is in.
    pub project_id: ProjectId,
    /// That project's name.
    pub project_name: String,
    /// How many tasks this version has.
    pub task_count: usize,
}

impl Flow {
    /// The required parameters without a value, which is why Quick Run cannot start it.
    #[must_use]
    pub fn missing_parameters(&self) -> Vec<String> {
        without_value(&self.parameters, &self.default_parameters)
    }

    /// The newest version, when this is not it.
    #[must_use]
    pub fn newer(&self) -> Option<&FlowVersion> {
        self.versions.first().filter(|newest| newest.id != self.id)
    }
}

/// A task of one version of a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// Its name.
    pub name: String,
    /// Its name within the flow, unique there.
    pub slug: String,
    /// What kind it is.
    pub task_type: String,
    /// When it runs, by the states upstream.
    pub trigger: String,
    /// How often it tries again.
    pub max_retries: i64,
    /// How long it waits in between, `HH:MM:SS`.
    pub retry_delay: Option<String>,
    /// Whether it is mapped over its input.
    pub mapped: bool,
    /// Whether it decides the flow run's final state.
    pub is_reference_task: bool,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn missing_parameters_are_named_in_a_sentence() {
        let words =
            |names: &[&str]| missing_in_words(&names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(words(&["a"]), "the required parameter a has no value");
        assert_eq!(words(&["a", "b"]), "the required parameters a, b have no value");
    }

    pub(in crate::model) fn line(states: &[(StateType, &str)]) -> FlowLine {
        FlowLine {
            flow: runs(states),
            archived: false,
            has_clocks: false,
            is_schedule_active: false,
            next_at: None,
            parameters: serde_json::from_value(json!([{"name": "day", "required": true}])).unwrap(),
            default_parameters: json!({}),
        }
    }

    pub(in crate::model) fn runs(states: &[(StateType, &str)]) -> FlowRuns {
        FlowRuns {
            id: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
            name: "etl".to_owned(),
            group_id: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
            project_id: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
            project_name: "prod".to_owned(),
            runs: states
                .iter()
                .map(|(state, ended)| RunBar {
                    id: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
                    name: String::new(),
                    state: *state,
                    scheduled_at: Timestamp::parse(ended).unwrap(),
                    changed_at: None,
                    started_at: None,
                    ended_at: Timestamp::parse(ended),
                })
                .collect(),
        }
    }

    #[test]
    fn a_flow_fails_since_the_first_of_its_latest_failures_in_a_row() {
        let flow = runs(&[
            (StateType::Failed, "2026-11-23T01:00:00Z"),
            (StateType::Success, "2026-11-23T02:00:00Z"),
            (StateType::Failed, "2026-11-23T03:00:00Z"),
            (StateType::TimedOut, "2026-11-23T04:00:00Z"),
            (StateType::Running, "2026-11-23T05:00:00Z"),
        ]);
        assert_eq!(flow.failing_since(), Timestamp::parse("2026-11-23T03:00:00Z"));
        assert_eq!(flow.success_rate(), Some(25));
    }

    #[test]
    fn where_all_runs_at_hand_failed_others_may_have_before() {
        let failed = (StateType::Failed, "2026-11-23T02:00:00Z");
        let is_cut = |of: &[(StateType, &str)]| runs(of).first_failure().unwrap().is_cut;
        assert!(is_cut(&[failed; 4]));
        assert!(!is_cut(&[failed; 3]), "it has no more");
    }

    #[test]
    fn a_run_that_somebody_cancelled_does_not_end_a_row_of_failures() {
        let flow = runs(&[
            (StateType::Success, "2026-11-23T02:00:00Z"),
            (StateType::Failed, "2026-11-23T03:00:00Z"),
            (StateType::Cancelled, "2026-11-23T04:00:00Z"),
            (StateType::Failed, "2026-11-23T05:00:00Z"),
            (StateType::Cancelled, "2026-11-23T06:00:00Z"),
        ]);
        assert_eq!(flow.failing_since(), Timestamp::parse("2026-11-23T03:00:00Z"));
    }

    #[test]
    fn a_flow_whose_last_end_was_good_does_not_fail() {
        let flow = runs(&[
            (StateType::Failed, "2026-11-23T01:00:00Z"),
            (StateType::Success, "2026-11-23T02:00:00Z"),
        ]);
        assert_eq!(flow.failing_since(), None);
        assert_eq!(runs(&[]).success_rate(), None);
        let cancelled = (StateType::Cancelled, "2026-11-23T03:00:00Z");
        assert_eq!(
            runs(&[cancelled]).success_rate(),
            None,
            "nobody knows how it would have ended"
        );
    }

    #[test]
    fn a_schedule_without_clocks_is_not_on() {
        let mut flow = line(&[]);
        flow.is_schedule_active = true;
        assert!(!flow.runs_by_itself());
        flow.has_clocks = true;
        assert!(flow.runs_by_itself());
    }

    #[test]
    fn a_required_parameter_needs_a_value_of_the_group() {
        let mut flow = line(&[]);
        assert_eq!(flow.missing_parameters(), ["day"]);
        flow.default_parameters = json!({"day": "monday"});
        assert!(flow.missing_parameters().is_empty());
    }
}

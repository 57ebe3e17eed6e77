//! What the first page shows, and what it says about it in one sentence.

use std::collections::HashMap;
use std::time::Duration;

use flowdeck_vocabulary::{FlowGroupId, FlowRunId, ProjectId, StateType};

use super::{Agent, FirstFailure, FlowLine, FlowRun, FlowRuns, Timestamp, shared_flow_names};
use crate::sort;

/// A run is stuck that has taken so many times as long as usual...
const STUCK_FACTOR: u32 = 3;
/// ... and at least this long: a quick flow may well take three times as long once.
const STUCK_AFTER: Duration = Duration::from_mins(1);
/// ... or that an agent took so long ago without its starting.
const STUCK_IN_SUBMITTED: Duration = Duration::from_mins(5);

/// How many runs a short list shows.
const SHOWN: usize = 6;

/// Everything the first page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Home {
    /// The newest version of every flow, by name: as many as one looks through, at most 200.
    pub flows: Vec<FlowLine>,
    /// The flows beyond those, with few of their runs.
    pub others: Vec<FlowRuns>,
    /// The runs under way that have run longest, at most 100.
    pub running: Vec<FlowRun>,
    /// How many are under way.
    pub running_count: usize,
    /// The runs that should have started, most overdue first.
    pub late: Vec<FlowRun>,
    /// How many should have started.
    pub late_count: usize,
    /// The next runs to come.
    pub upcoming: Vec<FlowRun>,
    /// The agents, the one that asked last first.
    pub agents: Vec<Agent>,
    /// Since when flows fail, with what was known when that was asked: the first failed run at hand may have been restarted,
    /// and runs before those at hand may have failed, too.
    pub failing_since: HashMap<FlowGroupId, (FirstFailure, Timestamp)>,
}

/// The flows that fail now.
#[derive(Debug, Clone, PartialEq)]
pub struct Failing {
    /// The flow, and since when; the one that broke last first.
    pub flows: Vec<(FlowRuns, Timestamp)>,
    /// Since when at least one of them does.
    pub since: Option<Timestamp>,
}

impl Home {
    /// The flows whose last finished run failed.
    #[must_use]
    pub fn failing(&self) -> Failing {
        let mut flows: Vec<(FlowRuns, Timestamp)> = self
            .all_flows()
            .filter_map(|flow| {
                let first = flow.first_failure()?;
                // Until it is asked for again it is as before.
                let known = self.failing_since.get(&first.group_id);
                let since = known.map_or(first.ended_at, |(_, since)| (*since).min(first.ended_at));
                Some((flow.clone(), since))
            })
            .collect();
        sort::by(&mut flows, |a, b| b.1.cmp(&a.1));
        let since = flows.last().map(|(_, since)| *since);
        Failing { flows, since }
    }

    /// The first failed runs of flows of which is not known since when they fail.
    #[must_use]
    pub fn unknown_failures(&self) -> Vec<FirstFailure> {
        let runs = self.all_flows().filter_map(FlowRuns::first_failure);
        let is_known = |run: &FirstFailure| {
            let known = self.failing_since.get(&run.group_id);
            known.is_some_and(|(known, _)| known == run)
        };
        runs.filter(|run| !is_known(run)).collect()
    }

    /// The same with what was known before, as far as it is still of use.
    #[must_use]
    pub fn with_known_failures(mut self, before: &Self) -> Self {
        let runs = self.all_flows().filter_map(FlowRuns::first_failure);
        let known = runs.filter_map(|run| Some((run.group_id, *before.failing_since.get(&run.group_id)?)));
        self.failing_since = known.collect();
        self
    }

    /// The same with since when the flows of these runs fail, by run; where nobody can tell it is its end.
    #[must_use]
    pub fn with_failures(mut self, asked: &[FirstFailure], first: &HashMap<FlowRunId, Timestamp>) -> Self {
        for run in asked {
            let at = first.get(&run.id).copied().unwrap_or(run.ended_at);
            self.failing_since.insert(run.group_id, (*run, at));
        }
        self
    }

    /// Whether a run is under way or due, so that the picture will change within seconds.
    #[must_use]
    pub fn is_moving(&self, now: Timestamp) -> bool {
        self.running_count > 0 || self.upcoming.iter().any(|run| run.due_at() <= now)
    }

    fn all_flows(&self) -> impl Iterator<Item = &FlowRuns> {
        self.flows.iter().map(|line| &line.flow).chain(&self.others)
    }

    /// The runs under way that have taken more than three times as long as runs of their flow usually do, and more
    /// than a minute; and those that an agent took more than five minutes ago and that have not started.
    #[must_use]
    pub fn stuck(&self, now: Timestamp) -> Vec<FlowRunId> {
        let is_stuck = |run: &&FlowRun| {
            if run.started_at.is_none() {
                return run.state == StateType::Submitted
                    && run
                        .changed_at
                        .is_some_and(|at| now.since(at) > STUCK_IN_SUBMITTED);
            }
            let same = |flow: &&FlowRuns| flow.name == run.flow_name && flow.project_id == run.project_id;
            let usual = self.all_flows().find(same).and_then(FlowRuns::usual_duration);
            let longest = usual.map(|usual| (usual * STUCK_FACTOR).max(STUCK_AFTER));
            longest
                .zip(run.duration(now))
                .is_some_and(|(longest, took)| took > longest)
        };
        self.running.iter().filter(is_stuck).map(|run| run.id).collect()
    }

    /// The runs under way that are shown, of which these are stuck: those first, then the ones that have run longest.
    #[must_use]
    pub fn in_progress(&self, stuck: &[FlowRunId]) -> Vec<FlowRun> {
        let (mut first, rest): (Vec<_>, Vec<_>) = self
            .running
            .iter()
            .cloned()
            .partition(|run| stuck.contains(&run.id));
        first.extend(rest);
        first.truncate(SHOWN);
        first
    }

    /// The projects of the flows that are listed, by name.
    #[must_use]
    pub fn projects(&self) -> Vec<(ProjectId, String)> {
        let mut projects = Vec::new();
        for flow in self.flows.iter().map(|line| &line.flow) {
            if projects.iter().all(|(id, _)| *id != flow.project_id) {
                projects.push((flow.project_id, flow.project_name.clone()));
            }
        }
        sort::by(&mut projects, |a, b| a.1.cmp(&b.1));
        projects
    }

    /// The names that flows of more than one project have.
    #[must_use]
    pub fn shared_flow_names(&self) -> Vec<String> {
        let listed = self.flows.iter().map(|line| &line.flow);
        let flows = listed.chain(&self.others);
        shared_flow_names(flows.map(|flow| (flow.name.as_str(), flow.project_id)))
    }

    /// The flows of a project that are listed.
    #[must_use]
    pub fn flows_of(&self, project: ProjectId) -> Vec<FlowLine> {
        let flows = self.flows.iter().filter(|line| line.flow.project_id == project);
        flows.cloned().collect()
    }
}

/// When a run failed for the first time since it last ended well, by the ends in its history, the first one first.
pub fn first_failure(ends: impl IntoIterator<Item = (StateType, Timestamp)>) -> Option<Timestamp> {
    let mut first = None;
    for (state, at) in ends {
        if state.is_failed() {
            first = first.or(Some(at));
        } else if state.is_successful() {
            first = None;
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RunBar;
    use crate::model::flow::tests::{line, runs};
    use crate::model::flow_run::tests::{at, run};

    fn empty() -> Home {
        Home {
            flows: Vec::new(),
            others: Vec::new(),
            running: Vec::new(),
            running_count: 0,
            late: Vec::new(),
            late_count: 0,
            upcoming: Vec::new(),
            agents: Vec::new(),
            failing_since: HashMap::new(),
        }
    }

    #[test]
    fn a_run_is_stuck_when_it_takes_three_times_as_long_as_usual() {
        let bar = |minute: u32| RunBar {
            id: run(StateType::Success).id,
            name: String::new(),
            state: StateType::Success,
            scheduled_at: at(&format!("2026-11-23T10:{minute:02}:00Z")),
            changed_at: None,
            started_at: Some(at(&format!("2026-11-23T10:{minute:02}:00Z"))),
            ended_at: Some(at(&format!("2026-11-23T10:{minute:02}:40Z"))),
        };
        let running = FlowRun {
            started_at: Some(at("2026-11-23T14:00:00Z")),
            ended_at: None,
            ..run(StateType::Running)
        };
        let flow = FlowRuns {
            name: running.flow_name.clone(),
            project_id: running.project_id,
            runs: vec![bar(0), bar(5), bar(10)],
            ..runs(&[])
        };
        let mut home = Home {
            others: vec![flow],
            running: vec![running.clone()],
            running_count: 1,
            ..empty()
        };
        assert_eq!(home.stuck(at("2026-11-23T14:02:00Z")), []);
        assert_eq!(home.stuck(at("2026-11-23T14:02:01Z")), [running.id]);
        home.others[0].runs.truncate(2);
        assert_eq!(home.stuck(at("2026-11-23T14:02:01Z")), [], "two runs say nothing");
    }

    #[test]
    fn a_run_is_stuck_that_an_agent_took_and_that_does_not_start() {
        let submitted = FlowRun {
            changed_at: Some(at("2026-11-23T14:00:00Z")),
            ..run(StateType::Submitted)
        };
        let older = FlowRun {
            id: "00000000-0000-0000-0000-000000000001".parse().unwrap(),
            started_at: Some(at("2026-11-23T13:00:00Z")),
            ..run(StateType::Running)
        };
        let home = Home {
            running: vec![older.clone(), submitted.clone()],
            running_count: 2,
            ..empty()
        };
        assert_eq!(home.stuck(at("2026-11-23T14:05:00Z")), []);
        let stuck = home.stuck(at("2026-11-23T14:05:01Z"));
        assert_eq!(stuck, [submitted.id]);
        assert_eq!(
            home.in_progress(&stuck),
            [submitted, older],
            "what is stuck is seen first"
        );
    }

    #[test]
    fn a_restart_that_fails_again_does_not_move_since_when_the_flow_fails() {
        use StateType::{Failed, Running, Scheduled, Success};
        let [first, again] = ["2026-11-23T02:00:00Z", "2026-11-23T09:00:00Z"].map(at);
        let ends = [
            (Failed, at("2026-11-22T00:00:00Z")),
            (Success, at("2026-11-22T01:00:00Z")),
            (Failed, first),
            (Scheduled, at("2026-11-23T08:00:00Z")),
            (Running, at("2026-11-23T08:30:00Z")),
            (Failed, again),
        ];
        assert_eq!(first_failure(ends), Some(first));
        let flow = line(&[(Failed, "2026-11-23T09:00:00Z")]);
        let run = flow.flow.first_failure().unwrap();
        let mut home = empty();
        home.flows = vec![flow];
        assert_eq!(home.failing().since, Some(again), "until it is known");
        assert_eq!(home.unknown_failures(), [run]);
        let known = home
            .clone()
            .with_failures(&[run], &HashMap::from([(run.id, first)]));
        assert_eq!(known.failing().since, Some(first));
        assert!(known.unknown_failures().is_empty());
        // Another end of it is asked about, and changes nothing until that is answered.
        let mut restarted = known.clone();
        restarted.flows = vec![line(&[(Failed, "2026-11-23T10:00:00Z")])];
        assert_eq!(restarted.failing().since, Some(first));
        assert_eq!(restarted.unknown_failures().len(), 1);
        // The next picture goes on with it, and forgets what no longer counts.
        assert_eq!(home.clone().with_known_failures(&known), known);
        assert!(empty().with_known_failures(&known).failing_since.is_empty());
        // What the server does not tell is not asked for again and again.
        let unknown = home.with_failures(&[run], &HashMap::new());
        assert_eq!(unknown.failing().since, Some(again));
        assert!(unknown.unknown_failures().is_empty());
    }

    #[test]
    fn flows_stand_below_their_projects_by_name() {
        let id = |last: char| {
            format!("00000000-0000-4000-8000-00000000000{last}")
                .parse()
                .unwrap()
        };
        let of = |project: char, name: &str| {
            let mut line = line(&[]);
            line.flow.project_id = id(project);
            line.flow.project_name = name.to_owned();
            line
        };
        let home = Home {
            flows: vec![of('1', "Sales"), of('2', "Backups"), of('1', "Sales")],
            ..empty()
        };
        let projects = [(id('2'), "Backups".to_owned()), (id('1'), "Sales".to_owned())];
        assert_eq!(home.projects(), projects);
        assert_eq!(home.flows_of(id('1')).len(), 2);
    }

    #[test]
    fn the_page_moves_while_a_run_is_under_way_or_due() {
        let mut home = Home {
            upcoming: vec![run(StateType::Scheduled)],
            ..empty()
        };
        assert!(!home.is_moving(at("2026-11-23T13:59:00Z")));
        assert!(home.is_moving(at("2026-11-23T14:00:01Z")));
        home.upcoming.clear();
        assert!(!home.is_moving(at("2026-11-23T14:00:01Z")));
        home.running_count = 1;
        assert!(home.is_moving(at("2026-11-23T14:00:01Z")));
    }
}

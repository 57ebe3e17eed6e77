//! What the first page shows, and what it says about it in one sentence.

use std::time::Duration;

use flowdeck_vocabulary::FlowRunId;

use super::{Agent, FlowLine, FlowRun, Timestamp};
use crate::sort;

/// A run is stuck that has taken so many times as long as usual...
const STUCK_FACTOR: u32 = 3;
/// ... and at least this long: a quick flow may well take three times as long once.
const STUCK_AFTER: Duration = Duration::from_mins(1);

/// Everything the first page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Home {
    /// The newest version of every flow, by name.
    pub flows: Vec<FlowLine>,
    /// The runs under way that have run longest.
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
}

/// The flows that fail now.
#[derive(Debug, Clone, PartialEq)]
pub struct Failing {
    /// The flow, and since when; the one that broke last first.
    pub flows: Vec<(FlowLine, Timestamp)>,
    /// Since when at least one of them does.
    pub since: Option<Timestamp>,
}

impl Home {
    /// The flows whose last finished run failed.
    #[must_use]
    pub fn failing(&self) -> Failing {
        let mut flows: Vec<(FlowLine, Timestamp)> = self
            .flows
            .iter()
            .filter_map(|flow| flow.failing_since().map(|since| (flow.clone(), since)))
            .collect();
        sort::by(&mut flows, |a, b| b.1.cmp(&a.1));
        let since = flows.last().map(|(_, since)| *since);
        Failing { flows, since }
    }

    /// Whether a run is under way or due, so that the picture will change within seconds.
    #[must_use]
    pub fn is_moving(&self, now: Timestamp) -> bool {
        self.running_count > 0 || self.upcoming.iter().any(|run| run.scheduled_at <= now)
    }

    /// The runs under way that have taken more than three times as long as runs of their flow usually do, and more
    /// than a minute.
    #[must_use]
    pub fn stuck(&self, now: Timestamp) -> Vec<FlowRunId> {
        let is_stuck = |run: &&FlowRun| {
            let same = |flow: &&FlowLine| flow.name == run.flow_name && flow.project_id == run.project_id;
            let usual = self.flows.iter().find(same).and_then(FlowLine::usual_duration);
            let longest = usual.map(|usual| (usual * STUCK_FACTOR).max(STUCK_AFTER));
            longest
                .zip(run.duration(now))
                .is_some_and(|(longest, took)| took > longest)
        };
        self.running.iter().filter(is_stuck).map(|run| run.id).collect()
    }

    /// The flows of each project, projects by name.
    #[must_use]
    pub fn by_project(&self) -> Vec<Vec<FlowLine>> {
        let mut flows = self.flows.clone();
        sort::by(&mut flows, |a, b| {
            (&a.project_name, &a.name).cmp(&(&b.project_name, &b.name))
        });
        flows
            .chunk_by(|a, b| a.project_id == b.project_id)
            .map(<[FlowLine]>::to_vec)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RunBar;
    use crate::model::flow_run::tests::{at, run};
    use flowdeck_vocabulary::StateType;

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
        let flow = FlowLine {
            id: running.flow_id,
            name: running.flow_name.clone(),
            group_id: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
            archived: false,
            has_clocks: false,
            project_id: running.project_id,
            project_name: running.project_name.clone(),
            is_schedule_active: false,
            next_at: None,
            parameters: Vec::new(),
            default_parameters: serde_json::Value::Null,
            runs: vec![bar(0), bar(5), bar(10)],
        };
        let mut home = Home {
            flows: vec![flow],
            running: vec![running.clone()],
            running_count: 1,
            late: Vec::new(),
            late_count: 0,
            upcoming: Vec::new(),
            agents: Vec::new(),
        };
        assert_eq!(home.stuck(at("2026-11-23T14:02:00Z")), []);
        assert_eq!(home.stuck(at("2026-11-23T14:02:01Z")), [running.id]);
        home.flows[0].runs.truncate(2);
        assert_eq!(home.stuck(at("2026-11-23T14:02:01Z")), [], "two runs say nothing");
    }

    #[test]
    fn the_page_moves_while_a_run_is_under_way_or_due() {
        let mut home = Home {
            flows: Vec::new(),
            running: Vec::new(),
            running_count: 0,
            late: Vec::new(),
            late_count: 0,
            upcoming: vec![run(StateType::Scheduled)],
            agents: Vec::new(),
        };
        assert!(!home.is_moving(at("2026-11-23T13:59:00Z")));
        assert!(home.is_moving(at("2026-11-23T14:00:01Z")));
        home.upcoming.clear();
        assert!(!home.is_moving(at("2026-11-23T14:00:01Z")));
        home.running_count = 1;
        assert!(home.is_moving(at("2026-11-23T14:00:01Z")));
    }
}

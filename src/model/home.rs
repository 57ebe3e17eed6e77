//! What the first page shows, and what it says about it in one sentence.

use super::{Agent, FlowLine, FlowRun, Timestamp};

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
        flows.sort_by_key(|(_, since)| std::cmp::Reverse(*since));
        let since = flows.last().map(|(_, since)| *since);
        Failing { flows, since }
    }

    /// The flows of each project, projects by name.
    #[must_use]
    pub fn by_project(&self) -> Vec<Vec<FlowLine>> {
        let mut flows = self.flows.clone();
        flows.sort_by(|a, b| (&a.project_name, &a.name).cmp(&(&b.project_name, &b.name)));
        flows
            .chunk_by(|a, b| a.project_id == b.project_id)
            .map(<[FlowLine]>::to_vec)
            .collect()
    }
}

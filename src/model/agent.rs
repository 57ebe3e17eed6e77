//! Agents, and why none takes a flow run.

use std::time::Duration;

use flowdeck_vocabulary::{AgentId, Labels, shell};

use super::Timestamp;

/// An agent asks every few seconds: one that has not taken a run after so long does not take it.
const NOT_TAKEN_AFTER: Duration = Duration::from_mins(1);

/// An agent: a process somewhere that takes flow runs and starts them.
#[derive(Debug, Clone, PartialEq)]
pub struct Agent {
    /// Its id.
    pub id: AgentId,
    /// Its name, often just `agent`.
    pub name: String,
    /// What kind it is: `LocalAgent`, `KubernetesAgent`, …
    pub agent_type: String,
    /// Its labels.
    pub labels: Labels,
    /// When it last asked for work.
    pub last_queried_at: Option<Timestamp>,
}

/// How an agent is, by when it last asked for work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgentHealth {
    /// Asked within the last minute, six times the longest pause between two questions.
    Healthy,
    /// Silent for a while.
    Silent,
    /// Silent for so long that it is gone.
    Gone,
}

impl AgentHealth {
    /// The name in words and in CSS.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Silent => "silent",
            Self::Gone => "gone",
        }
    }
}

impl Agent {
    /// How it is at `now`.
    #[must_use]
    pub fn health(&self, now: Timestamp) -> AgentHealth {
        let silence = self.last_queried_at.map_or(Duration::MAX, |last| now.since(last));
        if silence < Duration::from_mins(1) {
            AgentHealth::Healthy
        } else if silence < Duration::from_hours(1) {
            AgentHealth::Silent
        } else {
            AgentHealth::Gone
        }
    }

    /// Whether it asks for work at `now`, so that it would take a run.
    #[must_use]
    pub fn is_ready(&self, now: Timestamp) -> bool {
        self.health(now) == AgentHealth::Healthy
    }
}

/// Why no agent takes a flow run that is due, and what to start.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyWaiting {
    /// One sentence.
    pub reason: String,
    /// The command that starts an agent which can take it; `None` when one is there already.
    pub command: Option<String>,
}

/// Why a flow run with these labels, due since `due`, waits.
#[must_use]
pub fn why_waiting(labels: &Labels, agents: &[Agent], due: Timestamp, now: Timestamp) -> WhyWaiting {
    let healthy: Vec<&Agent> = agents.iter().filter(|agent| agent.is_ready(now)).collect();
    if healthy.iter().any(|agent| labels.may_run_on(&agent.labels)) {
        let reason = if now.since(due) < NOT_TAKEN_AFTER {
            "An agent that can take it is running; it should start in a moment."
        } else {
            "An agent with its labels is running and has not taken it. What the agent prints says why."
        };
        return WhyWaiting {
            reason: reason.to_owned(),
            command: None,
        };
    }
    let quoted = |words: Vec<&str>| {
        words
            .iter()
            .map(|word| format!("‘{word}’"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let wanted = quoted(labels.iter().collect());
    let reason = if healthy.is_empty() {
        match labels.is_empty() {
            true => "No agent is running.".to_owned(),
            false => format!("No agent is running. This run needs one with the labels {wanted}."),
        }
    } else if labels.is_empty() {
        "Waiting for an agent without labels: the run has none, and an agent with labels takes only runs with labels."
            .to_owned()
    } else {
        let nearest = healthy
            .iter()
            .min_by_key(|agent| labels.lacking_on(&agent.labels).count());
        let lacking: Vec<&str> =
            nearest.map_or_else(Vec::new, |agent| labels.lacking_on(&agent.labels).collect());
        let noun = if lacking.len() == 1 { "label" } else { "labels" };
        format!(
            "Waiting for an agent with the {noun} {}; no running agent has all that this run needs.",
            quoted(lacking)
        )
    };
    let options: String = labels
        .iter()
        .map(|label| shell::option("--label", label))
        .collect();
    WhyWaiting {
        reason,
        command: Some(format!("flowdeck agent local start{options}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(labels: &[&str], last_queried: &str) -> Agent {
        Agent {
            id: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
            name: "agent".to_owned(),
            agent_type: "LocalAgent".to_owned(),
            labels: labels.iter().copied().collect(),
            last_queried_at: Timestamp::parse(last_queried),
        }
    }

    fn waiting(labels: &[&str], agents: &[Agent]) -> WhyWaiting {
        let now = Timestamp::parse("2026-11-23T14:00:00Z").unwrap();
        why_waiting(&labels.iter().copied().collect(), agents, now, now)
    }

    #[test]
    fn an_agent_that_has_not_taken_a_run_for_long_is_not_said_to_be_about_to() {
        let [due, soon, late] = [
            "2026-11-23T14:00:00Z",
            "2026-11-23T14:00:30Z",
            "2026-11-23T14:01:00Z",
        ]
        .map(|text| Timestamp::parse(text).unwrap());
        let agents = [agent(&["gpu"], "2026-11-23T14:00:30Z")];
        let reason = |now| why_waiting(&["gpu"].into_iter().collect(), &agents, due, now).reason;
        assert!(reason(soon).contains("should start in a moment"));
        assert!(reason(late).contains("has not taken it"));
    }

    #[test]
    fn health_is_how_long_it_is_silent() {
        let now = Timestamp::parse("2026-11-23T14:00:00Z").unwrap();
        for (last, expected) in [
            ("2026-11-23T13:59:30Z", AgentHealth::Healthy),
            ("2026-11-23T13:58:30Z", AgentHealth::Silent),
            ("2026-11-22T13:58:30Z", AgentHealth::Gone),
            ("never", AgentHealth::Gone),
        ] {
            assert_eq!(agent(&[], last).health(now), expected, "{last}");
        }
    }

    #[test]
    fn no_agent_names_the_command_that_starts_one() {
        let why = waiting(
            &["gpu", "big box"],
            &[agent(&["gpu", "big box"], "2026-11-20T00:00:00Z")],
        );
        assert_eq!(
            why.reason,
            "No agent is running. This run needs one with the labels ‘big box’, ‘gpu’."
        );
        assert_eq!(
            why.command.unwrap(),
            "flowdeck agent local start --label 'big box' --label gpu"
        );
    }

    #[test]
    fn a_label_that_looks_like_an_option_is_tied_to_its_own() {
        let command = waiting(&["-gpu", "it's"], &[]).command;
        assert_eq!(
            command.as_deref(),
            Some(r"flowdeck agent local start --label=-gpu --label 'it'\''s'")
        );
    }

    #[test]
    fn an_agent_with_other_labels_names_the_ones_it_lacks() {
        let agents = [
            agent(&["vm"], "2026-11-23T13:59:59Z"),
            agent(&["gpu"], "2026-11-23T13:59:59Z"),
        ];
        let why = waiting(&["gpu", "vm", "eu"], &agents);
        assert!(
            why.reason
                .starts_with("Waiting for an agent with the labels ‘eu’, ‘gpu’;"),
            "{}",
            why.reason
        );
        assert!(
            waiting(&[], &agents)
                .reason
                .starts_with("Waiting for an agent without labels")
        );
        assert_eq!(waiting(&["gpu"], &agents).command, None);
    }
}

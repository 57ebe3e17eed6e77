//! Labels: which agents may take which flow runs.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A set of labels. Written sorted and without repetition, as the contract stores them (4.4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(BTreeSet<String>);

impl Labels {
    /// Whether there is no label at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The labels in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether an agent with the labels `agent` may take a flow run with these labels (contract 4.6): each
    /// label of the run must be one of the agent's, and a run without labels goes only to an agent without.
    #[must_use]
    pub fn may_run_on(&self, agent: &Labels) -> bool {
        if self.is_empty() {
            agent.is_empty()
        } else {
            self.0.is_subset(&agent.0)
        }
    }

    /// The labels that `agent` lacks, which is why it cannot take a flow run with these labels.
    pub fn lacking_on<'a>(&'a self, agent: &'a Labels) -> impl Iterator<Item = &'a str> {
        self.0.difference(&agent.0).map(String::as_str)
    }
}

impl<T: Into<String>> FromIterator<T> for Labels {
    fn from_iter<I: IntoIterator<Item = T>>(labels: I) -> Self {
        Self(labels.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(words: &[&str]) -> Labels {
        words.iter().copied().collect()
    }

    #[test]
    fn matching_follows_the_contract() {
        for (run, agent, expected) in [
            (&[][..], &[][..], true),
            (&[], &["gpu"], false),
            (&["gpu"], &[], false),
            (&["gpu"], &["gpu", "vm"], true),
            (&["gpu", "vm"], &["gpu"], false),
        ] {
            assert_eq!(
                labels(run).may_run_on(&labels(agent)),
                expected,
                "{run:?} on {agent:?}"
            );
        }
    }

    #[test]
    fn labels_are_written_sorted_and_once() {
        assert_eq!(
            serde_json::to_string(&labels(&["b", "a", "b"])).unwrap(),
            r#"["a","b"]"#
        );
    }
}

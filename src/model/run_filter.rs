//! What a person wants to see of the run history.

use flowdeck_vocabulary::{StateGroup, StateType};
use serde_json::{Value, json};

use super::Timestamp;

/// A filter as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunFilter {
    text: String,
}

impl RunFilter {
    /// Reads the text of a filter.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self {
            text: text.trim().to_owned(),
        }
    }

    /// The same without what it says of states.
    #[must_use]
    pub fn without_states(&self) -> Self {
        let words: Vec<&str> = self
            .text
            .split_whitespace()
            .filter(|word| !word.starts_with("state:"))
            .collect();
        Self {
            text: words.join(" "),
        }
    }

    /// The groups of states it lets through; empty is all.
    #[must_use]
    pub fn groups(&self) -> Vec<StateGroup> {
        let named = |group: &StateGroup| {
            let name = group.name().to_ascii_lowercase();
            self.text
                .split_whitespace()
                .any(|word| word.strip_prefix("state:") == Some(name.as_str()))
        };
        StateGroup::ALL.into_iter().filter(named).collect()
    }

    /// The text of the same with a group of states, or without it when it is in.
    #[must_use]
    pub fn toggled(&self, group: StateGroup) -> String {
        let rest = self.without_states().text;
        if self.groups().contains(&group) {
            return rest;
        }
        format!("state:{} {rest}", group.name().to_ascii_lowercase())
            .trim()
            .to_owned()
    }

    /// The text of the same for the runs that begin within a time.
    #[must_use]
    pub fn within(&self, from: Timestamp, to: Timestamp) -> String {
        format!(
            "{} scheduled:{}..{}",
            self.text,
            super::wire_text(from),
            super::wire_text(to)
        )
        .trim()
        .to_owned()
    }

    /// Whether it says which runs that are yet to start are wanted; otherwise they would come before all that has run.
    #[must_use]
    pub fn is_about_what_comes(&self) -> bool {
        self.text
            .split_whitespace()
            .any(|word| word.starts_with("state:") || word.starts_with("scheduled:"))
    }

    /// The text as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// `where` of the API.
    #[must_use]
    pub fn where_json(&self, _now: Timestamp) -> Value {
        let words = self
            .text
            .split_whitespace()
            .map(|word| match word.strip_prefix("state:") {
                Some(name) => {
                    let group = StateGroup::ALL
                        .into_iter()
                        .find(|group| group.name().eq_ignore_ascii_case(name));
                    let states: Vec<&str> = group
                        .into_iter()
                        .flat_map(StateGroup::states)
                        .map(StateType::name)
                        .collect();
                    json!({ "state": { "_in": states } })
                }
                None => json!({ "name": { "_ilike": format!("%{word}%") } }),
            });
        json!({ "_and": words.collect::<Vec<_>>() })
    }
}

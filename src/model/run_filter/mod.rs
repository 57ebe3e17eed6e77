//! The language of the run history's filter: `state:failed flow:etl duration:>10m started:>-24h -label:dev nightly`.
//!
//! Words stand side by side and must all hold. `key:value`; several values with commas mean any of them; `-` before the
//! key means not; what is in quotes is text, whatever it looks like. A word without a key is looked for in the run's
//! name.

mod kind;
mod parameter;
mod quote;
mod term;
#[cfg(test)]
mod tests;
mod time;
mod to_where;
mod words;

use flowdeck_vocabulary::StateGroup;
use serde_json::{Value, json};

pub use kind::{FILTER_HELP, FilterKind};
pub use parameter::{parameter_value, parameter_words};
pub use quote::quoted_value;
pub(super) use quote::{last_value, split, unquoted};
pub(super) use term::parts;
use term::{Term, Test, term};
pub use to_where::late_where;
pub use words::FilterWord;

use super::{Extensions, Timestamp, wire_text};

/// A filter: its words, each understood or not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunFilter {
    words: Vec<FilterText>,
}

/// One word of a filter.
#[derive(Debug, Clone, PartialEq)]
pub struct FilterText {
    /// As it was written.
    pub text: String,
    /// Where it begins in what was written, in bytes.
    pub start: usize,
    /// What it means, or why it means nothing.
    meaning: Result<Term, String>,
}

impl FilterText {
    /// Why it means nothing, in one sentence with the remedy.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.meaning.as_ref().err().map(String::as_str)
    }

    /// Whether it is about states.
    #[must_use]
    pub fn is_of_states(&self) -> bool {
        matches!(
            &self.meaning,
            Ok(Term {
                test: Test::States(_),
                ..
            })
        )
    }
}

impl RunFilter {
    /// Reads the text of a filter.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let words = split(text).map(|(start, word)| FilterText {
            text: word.to_owned(),
            start,
            meaning: term(word),
        });
        Self {
            words: words.collect(),
        }
    }

    /// The same for a server: what it cannot tell means nothing there.
    #[must_use]
    pub fn on(mut self, server: Extensions) -> Self {
        for word in self.words.iter_mut().filter(|_| !server.run_durations) {
            if matches!(&word.meaning, Ok(term) if term.needs_durations()) {
                word.meaning = Err(
                    "This server does not keep how long its runs took: it cannot filter by duration. \
                     Take the word out, and look at the column instead."
                        .to_owned(),
                );
            }
        }
        self
    }

    /// Reads the text of a filter for a server, as far as it is known.
    #[must_use]
    pub fn read(text: &str, server: Option<Extensions>) -> Self {
        let filter = Self::parse(text);
        match server {
            Some(server) => filter.on(server),
            None => filter,
        }
    }

    /// Whether what it means depends on what the server can do.
    #[must_use]
    pub fn depends_on_server(&self) -> bool {
        self.words
            .iter()
            .any(|word| matches!(&word.meaning, Ok(term) if term.needs_durations()))
    }

    /// Its words.
    #[must_use]
    pub fn words(&self) -> &[FilterText] {
        &self.words
    }

    /// The text of it.
    #[must_use]
    pub fn text(&self) -> String {
        self.text_of(|_| true)
    }

    fn text_of(&self, keep: impl Fn(&FilterText) -> bool) -> String {
        let words: Vec<&str> = self
            .words
            .iter()
            .filter(|word| keep(word))
            .map(|word| word.text.as_str())
            .collect();
        words.join(" ")
    }

    /// The first word that means nothing.
    #[must_use]
    pub fn first_error(&self) -> Option<&FilterText> {
        self.words.iter().find(|word| word.meaning.is_err())
    }

    /// Whether it lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The text of the same with another word at a place, or behind the last; without one when the word is empty.
    #[must_use]
    pub fn with_word(&self, place: usize, word: &str) -> String {
        let mut words: Vec<&str> = self.words.iter().map(|word| word.text.as_str()).collect();
        match words.get_mut(place) {
            Some(at) => *at = word,
            None => words.push(word),
        }
        words.retain(|word| !word.is_empty());
        words.join(" ")
    }

    /// The text of the same without the word at a place.
    #[must_use]
    pub fn without(&self, place: usize) -> String {
        self.with_word(place, "")
    }

    /// The same without what it says of states.
    #[must_use]
    pub fn without_states(&self) -> Self {
        Self {
            words: self
                .words
                .iter()
                .filter(|word| !word.is_of_states())
                .cloned()
                .collect(),
        }
    }

    /// The groups of states that it names as wholes; none when it says nothing of states.
    #[must_use]
    pub fn groups(&self) -> Vec<StateGroup> {
        let named: Vec<_> = self
            .words
            .iter()
            .filter_map(|word| match &word.meaning {
                Ok(Term {
                    is_negated: false,
                    test: Test::States(states),
                }) => Some(states.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        let whole = |group: &StateGroup| group.states().all(|state| named.contains(&state));
        StateGroup::ALL.into_iter().filter(whole).collect()
    }

    /// The text of the same with a group of states as well, or without it when it is in. The words that say which states
    /// are wanted come first. Single states stay, and so do those that are not wanted, unless they are the group itself.
    #[must_use]
    pub fn toggled(&self, group: StateGroup) -> String {
        let name = group.name();
        let is_in = self.groups().contains(&group);
        let (mut wanted, mut others) = (Vec::new(), Vec::new());
        for (place, word) in self.words.iter().enumerate() {
            match self.word_at(place).filter(|_| word.is_of_states()) {
                Some(states) if !states.is_negated => wanted.push(states),
                Some(states) if !is_in && states.lists(name) => others.push(states.toggled(name).text()),
                _ => others.push(word.text.clone()),
            }
        }
        if wanted.is_empty() {
            wanted.push(FilterWord::new(FilterKind::State));
        }
        let mut words: Vec<String> = wanted
            .iter()
            .map(|states| match states.lists(name) == is_in {
                true => states.toggled(name).text(),
                false => states.text(),
            })
            .collect();
        words.extend(others);
        words.retain(|word| !word.is_empty());
        words.join(" ")
    }

    /// The text of the same for the runs that are to start from one time up to another.
    #[must_use]
    pub fn within(&self, from: Timestamp, to: Timestamp) -> String {
        let rest = self.text_of(|word| {
            !matches!(
                &word.meaning,
                Ok(Term {
                    test: Test::Time {
                        column: "scheduled_start_time",
                        ..
                    },
                    ..
                })
            )
        });
        let text = |time: Timestamp| format!("{}Z", &wire_text(time)[..19]);
        joined(&rest, &format!("scheduled:{}..{}", text(from), text(to)))
    }

    /// Whether it says which runs that are yet to start are wanted; otherwise they would come before all that has run.
    #[must_use]
    pub fn is_about_what_comes(&self) -> bool {
        self.words.iter().any(|word| match &word.meaning {
            Ok(Term {
                test: Test::Time { column, .. },
                ..
            }) => *column == "scheduled_start_time",
            Ok(Term { test, .. }) => matches!(test, Test::States(_) | Test::Late),
            Err(_) => false,
        })
    }

    /// `where` of the API at this time. `offset` is how many minutes the person's clock is ahead of UTC at a time. A word
    /// that means nothing lets nothing through.
    #[must_use]
    pub fn where_json(&self, now: Timestamp, offset: fn(Timestamp) -> i32) -> Value {
        let tests: Vec<Value> = self
            .words
            .iter()
            .map(|word| match &word.meaning {
                Ok(term) => term.where_json(now, offset),
                Err(_) => json!({ "id": { "_in": [] } }),
            })
            .collect();
        json!({ "_and": tests })
    }
}

fn joined(a: &str, b: &str) -> String {
    let parts: Vec<&str> = [a, b].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

//! What may come next in the run history's filter, for the word that is being written.

use std::ops::Range;

use flowdeck_vocabulary::{StateGroup, StateType};

use super::RunRow;
use super::run_filter::{FilterKind, last_value, parts, quoted_value, split, unquoted};
use crate::lowercase::lowercase;

/// Names that can be filtered by, as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownValues {
    /// Names of flows.
    pub flows: Vec<String>,
    /// Names of projects.
    pub projects: Vec<String>,
    /// Labels of runs, of flows, and of agents.
    pub labels: Vec<String>,
    /// Names of agents.
    pub agents: Vec<String>,
    /// Versions of flows.
    pub versions: Vec<i64>,
    /// The kinds of which there are more than these.
    pub cut: Vec<FilterKind>,
}

impl KnownValues {
    /// These and the names that occur in the rows, sorted, each once.
    #[must_use]
    pub fn with_rows(mut self, rows: &[RunRow]) -> Self {
        for row in rows {
            self.flows.push(row.run.flow_name.clone());
            self.projects.push(row.run.project_name.clone());
            self.labels.extend(row.run.labels.iter().map(str::to_owned));
            self.versions.push(row.run.flow_version);
        }
        for names in [
            &mut self.flows,
            &mut self.projects,
            &mut self.labels,
            &mut self.agents,
        ] {
            names.retain(|name| !name.is_empty());
            crate::sort::by(names, Ord::cmp);
            names.dedup();
        }
        crate::sort::by(&mut self.versions, |a, b| b.cmp(a));
        self.versions.dedup();
        self
    }

    /// The names for one kind of filter; none for one that is not chosen from a list.
    #[must_use]
    pub fn of(&self, kind: FilterKind) -> Vec<String> {
        match kind {
            FilterKind::Flow => self.flows.clone(),
            FilterKind::Project => self.projects.clone(),
            FilterKind::Label => self.labels.clone(),
            FilterKind::Agent => self.agents.clone(),
            FilterKind::Version => self.versions.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    }
}

/// What may take the place of the word that is being written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// Where that word is, in bytes.
    pub word: Range<usize>,
    /// What may stand there.
    pub proposals: Vec<String>,
    /// Whether there are more.
    pub is_cut: bool,
}

impl Completion {
    /// How many proposals there are at most.
    const MOST: usize = 12;

    /// For a text that is written up to `caret`, in bytes.
    #[must_use]
    pub fn of(text: &str, caret: usize, known: &KnownValues) -> Self {
        let caret = (0..=caret.min(text.len()))
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0);
        let written = &text[..caret];
        let last = split(written).last();
        let start = match last {
            Some((start, word)) if start + word.len() == caret => start,
            _ => caret,
        };
        let word = &written[start..];
        let (_, key, value) = parts(word);
        let minus = if word.starts_with('-') { "-" } else { "" };
        let mut proposals = match key {
            None => starting_with(
                FilterKind::ALL.iter().map(|kind| format!("{}:", kind.key())),
                value.strip_prefix('-').unwrap_or(value),
            ),
            Some(key) => values(key, value, known),
        };
        let is_cut = proposals.len() > Self::MOST;
        proposals.truncate(Self::MOST);
        for proposal in &mut proposals {
            proposal.insert_str(0, minus);
        }
        Self {
            word: start..caret,
            proposals,
            is_cut,
        }
    }

    /// The text with a proposal in it, and where the caret is then, in bytes. A finished word gets a space after it. A
    /// text that is no longer the one it was made for may not have the word: then it stays as it is.
    #[must_use]
    pub fn applied(&self, text: &str, proposal: &str) -> (String, usize) {
        let space = if proposal.ends_with([':', '>', '<', '~']) {
            ""
        } else {
            " "
        };
        let (Some(before), Some(after)) = (text.get(..self.word.start), text.get(self.word.end..)) else {
            return (text.to_owned(), text.len());
        };
        let before = format!("{before}{proposal}{space}");
        let caret = before.len();
        (before + after.trim_start(), caret)
    }
}

/// Those that begin as what is written and go on; both as they read without quotes.
fn starting_with(all: impl Iterator<Item = String>, start: &str) -> Vec<String> {
    let plain = |text: &str| lowercase(&unquoted(text));
    let start = plain(start);
    all.filter(|one| {
        let one = plain(one);
        one.starts_with(&start) && one.len() > start.len()
    })
    .collect()
}

fn values(key: &str, value: &str, known: &KnownValues) -> Vec<String> {
    let Some(kind) = FilterKind::of(key) else {
        return Vec::new();
    };
    // Of several values the last one is being written.
    let (before, last) = value.split_at(last_value(value));
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let candidates = match kind {
        FilterKind::State => {
            let groups = StateGroup::ALL.map(|group| group.name().to_ascii_lowercase());
            let single = StateType::ALL.iter().map(|state| state.name().to_owned());
            let single = single.filter(|name| !groups.contains(&name.to_ascii_lowercase()));
            groups.iter().cloned().chain(single).collect()
        }
        FilterKind::Is => words(&["late", "scheduled", "manual"]),
        FilterKind::Has => words(&["failed-tasks"]),
        FilterKind::Duration => words(&[">1m", ">10m", ">1h", "<1m", "1m..10m"]),
        kind if kind.is_time() => words(&[">-1h", ">-24h", ">-7d", "<-24h", "-48h..-24h"]),
        kind => known.of(kind).iter().map(|name| quoted_value(name)).collect(),
    };
    let found = starting_with(candidates.into_iter(), last);
    found
        .into_iter()
        .map(|found| format!("{key}:{before}{found}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::run_list::tests::row;

    fn proposals(text: &str) -> Vec<String> {
        let mut run = row(1, "2026-11-23T14:00:00Z");
        run.run.flow_name = "load all".to_owned();
        run.run.labels = ["gpu"].into_iter().collect();
        let known = KnownValues::default().with_rows(&[run.clone(), run]);
        Completion::of(text, text.len(), &known).proposals
    }

    #[test]
    fn keys_and_values_that_begin_as_written() {
        assert_eq!(proposals("st"), ["state:", "started:"]);
        assert_eq!(proposals("flow:x -st"), ["-state:", "-started:"]);
        assert_eq!(proposals("state:fa"), ["state:failed"]);
        assert_eq!(proposals("state:failed,time"), ["state:failed,TimedOut"]);
        assert_eq!(proposals("flow:"), ["flow:\"load all\""]);
        assert_eq!(proposals("label:"), ["label:gpu"]);
        assert_eq!(proposals("label:gpu"), [""; 0], "nothing is left to complete");
        assert_eq!(proposals("weather:"), [""; 0]);
        assert_eq!(proposals("version:"), ["version:1"]);
    }

    #[test]
    fn within_quotes_the_name_is_completed() {
        assert_eq!(proposals("flow:\"lo"), ["flow:\"load all\""]);
        assert_eq!(proposals("flow:\"load a"), ["flow:\"load all\""]);
        assert_eq!(proposals("label:\"a,b\",g"), ["label:\"a,b\",gpu"]);
        assert_eq!(
            proposals("name:\"brave st"),
            [""; 0],
            "no key begins within a text"
        );
        assert_eq!(proposals("\"brave st"), [""; 0]);
        assert_eq!(proposals("flow:\"load all\" st"), ["state:", "started:"]);
        assert_eq!(proposals("flow:\"say \\\"h"), [""; 0]);
        let text = "is:late flow:\"load a";
        let completion = Completion::of(text, text.len(), &KnownValues::default());
        assert_eq!(completion.word, 8..text.len());
    }

    #[test]
    fn a_proposal_takes_the_place_of_the_word_at_the_caret() {
        let text = "state:fa flow:etl";
        let completion = Completion::of(text, 8, &KnownValues::default());
        assert_eq!(completion.word, 0..8);
        assert_eq!(
            completion.applied(text, "state:failed"),
            ("state:failed flow:etl".to_owned(), 13)
        );
        let completion = Completion::of("sta", 3, &KnownValues::default());
        assert_eq!(completion.applied("sta", "state:"), ("state:".to_owned(), 6));
    }

    #[test]
    fn a_proposal_for_a_text_that_has_changed_since_changes_nothing() {
        let text = "flow:etl state:fa";
        let completion = Completion::of(text, text.len(), &KnownValues::default());
        for other in ["", "is:late", "größe ööööööö"] {
            assert_eq!(
                completion.applied(other, "state:failed"),
                (other.to_owned(), other.len())
            );
        }
    }

    #[test]
    fn what_is_proposed_is_quoted_where_it_must_be() {
        let known = KnownValues {
            labels: vec!["a,b".to_owned(), "say \"hi\"".to_owned(), "~x".to_owned()],
            ..KnownValues::default()
        };
        let proposals = |text: &str| Completion::of(text, text.len(), &known).proposals;
        assert_eq!(proposals("label:a"), ["label:\"a,b\""]);
        assert_eq!(proposals("-label:x,say"), ["-label:x,\"say \\\"hi\\\"\""]);
        assert_eq!(proposals("label:\"say \\\"h"), ["label:\"say \\\"hi\\\"\""]);
        assert_eq!(proposals("label:~"), ["label:\"~x\""]);
    }

    #[test]
    fn a_list_that_is_cut_says_so() {
        let known = |count: usize| KnownValues {
            flows: (0..count).map(|number| format!("flow-{number:03}")).collect(),
            ..KnownValues::default()
        };
        let all = Completion::of("flow:", 5, &known(Completion::MOST));
        assert_eq!((all.proposals.len(), all.is_cut), (Completion::MOST, false));
        let some = Completion::of("flow:", 5, &known(Completion::MOST + 1));
        assert_eq!((some.proposals.len(), some.is_cut), (Completion::MOST, true));
        assert!(!Completion::of("flow:flow-01", 12, &known(40)).is_cut);
    }

    #[test]
    fn a_caret_within_a_letter_is_before_it() {
        assert_eq!(Completion::of("größe", 3, &KnownValues::default()).word, 0..2);
    }
}

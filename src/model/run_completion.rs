//! What may come next in the run history's filter, for the word that is being written.

use std::ops::Range;

use flowdeck_vocabulary::StateType;

use super::RunRow;
use super::run_filter::FILTER_KEYS;

/// Names that occur among the runs at hand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownValues {
    flows: Vec<String>,
    projects: Vec<String>,
    labels: Vec<String>,
}

impl KnownValues {
    /// The names that occur in these rows.
    #[must_use]
    pub fn of(rows: &[RunRow]) -> Self {
        let mut known = Self::default();
        for row in rows {
            known.flows.push(row.run.flow_name.clone());
            known.projects.push(row.run.project_name.clone());
            known.labels.extend(row.run.labels.iter().map(str::to_owned));
        }
        for names in [&mut known.flows, &mut known.projects, &mut known.labels] {
            names.sort_unstable();
            names.dedup();
        }
        known
    }
}

/// What may take the place of the word that is being written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// Where that word is, in bytes.
    pub word: Range<usize>,
    /// What may stand there.
    pub proposals: Vec<String>,
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
        let start = word_start(written);
        let word = &written[start..];
        let (minus, word) = word.strip_prefix('-').map_or(("", word), |rest| ("-", rest));
        let proposals = match word.split_once(':') {
            None => starting_with(FILTER_KEYS.iter().map(|(key, _)| format!("{key}:")), word),
            Some((key, value)) => values(key, value, known),
        };
        Self {
            word: start..caret,
            proposals: proposals
                .into_iter()
                .take(Self::MOST)
                .map(|word| format!("{minus}{word}"))
                .collect(),
        }
    }

    /// The text with a proposal in it, and where the caret is then, in bytes. A finished word gets a space after it.
    #[must_use]
    pub fn applied(&self, text: &str, proposal: &str) -> (String, usize) {
        let space = if proposal.ends_with([':', '>', '<', '~']) {
            ""
        } else {
            " "
        };
        let before = format!("{}{proposal}{space}", &text[..self.word.start]);
        let after = text[self.word.end..].trim_start();
        let caret = before.len();
        (before + after, caret)
    }
}

/// Where the last word begins; quotes hold spaces together.
fn word_start(written: &str) -> usize {
    let mut start = 0;
    let mut is_quoted = false;
    for (at, letter) in written.char_indices() {
        is_quoted ^= letter == '"';
        if letter.is_whitespace() && !is_quoted {
            start = at + letter.len_utf8();
        }
    }
    start
}

fn starting_with(all: impl Iterator<Item = String>, start: &str) -> Vec<String> {
    let start = start.to_lowercase();
    all.filter(|one| one.to_lowercase().starts_with(&start) && one.len() > start.len())
        .collect()
}

fn values(key: &str, value: &str, known: &KnownValues) -> Vec<String> {
    // Of several values the last one is being written.
    let (before, last) = value.rsplit_once(',').map_or(("", value), |(_, last)| {
        (&value[..value.len() - last.len()], last)
    });
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let candidates = match key {
        "state" => {
            let mut names = words(&["failed", "running", "pending", "success", "cancelled"]);
            let single = StateType::ALL.iter().map(|state| state.name().to_owned());
            names.extend(single.filter(|name| {
                !["Failed", "Running", "Pending", "Success", "Cancelled"].contains(&name.as_str())
            }));
            names
        }
        "flow" => known.flows.iter().map(|name| quoted(name)).collect(),
        "project" => known.projects.iter().map(|name| quoted(name)).collect(),
        "label" => known.labels.iter().map(|name| quoted(name)).collect(),
        "is" => words(&["late", "scheduled", "manual"]),
        "has" => words(&["failed-tasks"]),
        "started" | "scheduled" | "ended" => words(&[">-1h", ">-24h", ">-7d", "<-24h"]),
        "duration" => words(&[">1m", ">10m", ">1h", "<1m"]),
        _ => Vec::new(),
    };
    let found = starting_with(candidates.into_iter(), last);
    found
        .into_iter()
        .map(|found| format!("{key}:{before}{found}"))
        .collect()
}

fn quoted(name: &str) -> String {
    if name.contains([' ', ',', ':']) {
        format!("\"{name}\"")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::run_list::tests::row;

    fn proposals(text: &str) -> Vec<String> {
        let mut run = row(1, "2026-11-23T14:00:00Z");
        run.run.flow_name = "load all".to_owned();
        run.run.labels = ["gpu"].into_iter().collect();
        Completion::of(text, text.len(), &KnownValues::of(&[run.clone(), run])).proposals
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
    }

    #[test]
    fn within_quotes_the_value_is_completed_and_no_key_is_proposed() {
        assert_eq!(proposals("flow:\"load a"), ["flow:\"load all\""]);
        assert_eq!(proposals("name:~\"x st"), [""; 0]);
        assert_eq!(proposals("\"x st"), [""; 0]);
        assert_eq!(proposals("flow:\"load all\" st"), ["state:", "started:"]);
        let text = "flow:\"load a";
        let run = row(1, "2026-11-23T14:00:00Z");
        let completion = Completion::of(text, text.len(), &KnownValues::of(&[run]));
        assert_eq!(completion.word, 0..text.len());
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
    fn a_caret_within_a_letter_is_before_it() {
        assert_eq!(Completion::of("größe", 3, &KnownValues::default()).word, 0..2);
    }
}

//! A word of a filter taken apart for a chip and its control, and put together again: the text stays the truth.

use super::kind::FilterKind;
use super::parameter::parameter_words;
use super::quote::{quoted_name, quoted_value, unquoted, values};
use super::term::{parts, state_named};
use super::time::{When, seconds};
use super::{FilterText, RunFilter};
use crate::format;
use crate::model::Timestamp;

/// A word as a control has it: what it is about, whether it is negated, and its value as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterWord {
    /// What it is about.
    pub kind: FilterKind,
    /// Whether it means the others.
    pub is_negated: bool,
    /// What stands behind the colon; with `~` before it when a text is contained. Empty while nothing is chosen.
    pub value: String,
    /// The name of the parameter, without quotes, for [`FilterKind::Parameter`].
    pub name: String,
}

impl FilterWord {
    /// A word of this kind that says nothing yet.
    #[must_use]
    pub fn new(kind: FilterKind) -> Self {
        Self {
            kind,
            is_negated: false,
            value: String::new(),
            name: String::new(),
        }
    }

    fn read(word: &FilterText) -> Option<Self> {
        let (is_negated, key, value) = parts(&word.text);
        let Some(key) = key else {
            return Some(Self {
                is_negated,
                value: format!("~{}", quoted_value(&unquoted(value))),
                ..Self::new(FilterKind::Name)
            });
        };
        let kind = FilterKind::of(key)?;
        Some(Self {
            kind,
            is_negated,
            value: value.to_owned(),
            name: unquoted(key.strip_prefix("parameter.").unwrap_or_default()),
        })
    }

    /// The word as it is written; empty when it says nothing.
    #[must_use]
    pub fn text(&self) -> String {
        let is_missing = match self.kind {
            // The empty text is a value, too.
            FilterKind::Parameter => self.value.is_empty() || self.name.is_empty(),
            kind if kind.is_text() => self.values().is_empty(),
            FilterKind::Version
            | FilterKind::Duration
            | FilterKind::Scheduled
            | FilterKind::Started
            | FilterKind::Ended => values(self.value.trim_start_matches(['>', '<'])).is_empty(),
            _ => values(&self.value).is_empty(),
        };
        if is_missing {
            return String::new();
        }
        let minus = if self.is_negated { "-" } else { "" };
        match self.kind {
            FilterKind::Parameter => {
                format!("{minus}parameter.{}:{}", quoted_name(&self.name), self.value)
            }
            kind => format!("{minus}{}:{}", kind.key(), self.value),
        }
    }

    /// The values it lists.
    #[must_use]
    pub fn values(&self) -> Vec<String> {
        let contained = self.value.strip_prefix('~').filter(|_| self.kind.is_text());
        values(contained.unwrap_or(&self.value))
    }

    /// Whether its value is contained rather than equal.
    #[must_use]
    pub fn contains(&self) -> bool {
        self.kind.is_text() && self.value.starts_with('~')
    }

    /// The same with a value as well, or without it when it is in. `is_same` tells which are one.
    #[must_use]
    pub fn toggled(&self, value: &str) -> Self {
        let mut list = self.values();
        // What is contained, or a range, cannot stand beside what is equal in one word.
        let is_number = |one: &String| one.parse::<i64>().is_ok();
        if self.contains() || self.kind == FilterKind::Version && !list.iter().all(is_number) {
            list.clear();
        }
        let is_same = |one: &String| match self.kind {
            FilterKind::State => state_named(one).is_some() && state_named(one) == state_named(value),
            _ => one == value,
        };
        match list.iter().position(is_same) {
            Some(at) => {
                list.remove(at);
            }
            None => list.push(match (self.kind, state_named(value)) {
                // As the help has it, and as the chips with the counts write it.
                (FilterKind::State, Some(Ok(group))) => group.name().to_ascii_lowercase(),
                _ => value.to_owned(),
            }),
        }
        let texts: Vec<String> = list.iter().map(|value| quoted_value(value)).collect();
        self.with_value(texts.join(","))
    }

    /// Whether it lists a value.
    #[must_use]
    pub fn lists(&self, value: &str) -> bool {
        let is_same = |one: &String| match self.kind {
            FilterKind::State => state_named(one).is_some() && state_named(one) == state_named(value),
            _ => one == value,
        };
        !self.contains() && self.values().iter().any(is_same)
    }

    /// The same with another value.
    #[must_use]
    pub fn with_value(&self, value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            ..self.clone()
        }
    }

    /// The two sides of its value as a range, as far as they are points in time on a clock: what the fields of a form show.
    #[must_use]
    pub fn clock_range(&self) -> (String, String) {
        let side = |text: &str, is_end: bool| match When::parse(text) {
            Ok(When::OnClock { is_utc: false, .. }) => match (text.len(), is_end) {
                // A day belongs to a range whole; a field of a form shows minutes.
                (10, false) => format!("{text}T00:00"),
                (10, true) => format!("{text}T23:59"),
                _ => text.to_owned(),
            },
            _ => String::new(),
        };
        if let Some(from) = self.value.strip_prefix('>') {
            return (side(from, false), String::new());
        }
        if let Some(to) = self.value.strip_prefix('<') {
            return (String::new(), side(to, false));
        }
        let (from, to) = self.value.split_once("..").unwrap_or((&self.value, &self.value));
        (side(from, false), side(to, true))
    }

    /// `>` or `<` of a duration, its number and its unit; `None` when it is written otherwise.
    #[must_use]
    pub fn duration(&self) -> Option<(char, String, char)> {
        let sign = self
            .value
            .chars()
            .next()
            .filter(|sign| matches!(sign, '>' | '<'))?;
        let rest = &self.value[1..];
        seconds(rest)?;
        let unit = rest.chars().last().filter(char::is_ascii_alphabetic);
        let number = rest.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        Some((sign, number.to_owned(), unit.unwrap_or('s')))
    }

    /// What a chip says: what it is about, and what of it. `show` says a point in time as the person's clock does.
    #[must_use]
    pub fn chip(&self, show: &dyn Fn(Timestamp) -> String) -> (String, String) {
        let not = if self.is_negated { "not " } else { "" };
        let listed = |list: Vec<String>| {
            let joint = if self.is_negated { " or " } else { ", " };
            let before = if self.contains() { "contains " } else { "" };
            format!("{not}{before}{}", list.join(joint))
        };
        let value = match self.kind {
            FilterKind::State => listed(self.values().iter().map(|name| state_word(name)).collect()),
            kind if kind.is_time() => format!("{not}{}", time_words(&self.value, show)),
            FilterKind::Duration => format!("{not}{}", duration_words(&self.value)),
            FilterKind::Version => format!("{not}{}", version_words(&self.value)),
            FilterKind::Is => {
                let word = match self.value.as_str() {
                    "late" => "Late",
                    "manual" => "Started by hand",
                    "scheduled" => "Started by its schedule",
                    other => other,
                };
                return match self.is_negated {
                    true => ("Not".to_owned(), word.to_ascii_lowercase()),
                    false => (word.to_owned(), String::new()),
                };
            }
            FilterKind::Has => {
                let word = if self.is_negated {
                    "No failed task runs"
                } else {
                    "Failed task runs"
                };
                return (word.to_owned(), String::new());
            }
            FilterKind::Parameter => {
                let equals = if self.is_negated { "≠" } else { "=" };
                return (
                    format!("Parameter {}", self.name),
                    format!("{equals} {}", parameter_words(&self.value)),
                );
            }
            _ => listed(self.values()),
        };
        (self.kind.word().to_owned(), value)
    }
}

impl RunFilter {
    /// The word at a place as a control has it; `None` when there is none, or it is about nothing that is known.
    #[must_use]
    pub fn word_at(&self, place: usize) -> Option<FilterWord> {
        FilterWord::read(self.words().get(place)?)
    }
}

fn state_word(name: &str) -> String {
    match state_named(name) {
        Some(Ok(group)) => group.name().to_owned(),
        Some(Err(state)) => format::state_word(state),
        None => name.to_owned(),
    }
}

/// `10m` as it is said: `10 min`. In the unit in which it was written.
fn long(text: &str) -> Option<String> {
    seconds(text)?;
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let many = if number == "1" { "" } else { "s" };
    Some(match text.chars().last()? {
        'm' => format!("{number} min"),
        'h' => format!("{number} h"),
        'd' => format!("{number} day{many}"),
        'w' => format!("{number} week{many}"),
        _ => format!("{number} s"),
    })
}

fn duration_words(value: &str) -> String {
    let found = match (
        value.strip_prefix('>'),
        value.strip_prefix('<'),
        value.split_once(".."),
    ) {
        (Some(rest), ..) => long(rest).map(|long| format!("over {long}")),
        (_, Some(rest), _) => long(rest).map(|long| format!("under {long}")),
        (_, _, Some(("", to))) => long(to).map(|long| format!("up to {long}")),
        (_, _, Some((from, ""))) => long(from).map(|long| format!("{long} or longer")),
        (_, _, Some((from, to))) => long(from)
            .zip(long(to))
            .map(|(from, to)| format!("{from} – {to}")),
        _ => None,
    };
    found.unwrap_or_else(|| value.to_owned())
}

fn version_words(value: &str) -> String {
    match (
        value.strip_prefix('>'),
        value.strip_prefix('<'),
        value.split_once(".."),
    ) {
        (Some(rest), ..) => format!("newer than {rest}"),
        (_, Some(rest), _) => format!("older than {rest}"),
        (_, _, Some((from, to))) => format!("{from} – {to}"),
        _ => values(value).join(", "),
    }
}

fn time_words(value: &str, show: &dyn Fn(Timestamp) -> String) -> String {
    let on_clock = |text: &str| match Timestamp::parse(text).filter(|_| text.ends_with('Z')) {
        Some(time) => show(time),
        None => text.replace('T', " ").replace('Z', " UTC"),
    };
    let one = |text: &str| {
        let relative = |sign| text.strip_prefix(sign).and_then(long);
        match (relative('-'), relative('+')) {
            (Some(past), _) => format!("{past} ago"),
            (_, Some(future)) => format!("in {future}"),
            _ => on_clock(text),
        }
    };
    if let Some(rest) = value.strip_prefix('>') {
        return match rest.strip_prefix('-').and_then(long) {
            Some(past) => format!("in the last {past}"),
            None => format!("after {}", one(rest)),
        };
    }
    if let Some(rest) = value.strip_prefix('<') {
        return match (
            rest.strip_prefix('-').and_then(long),
            rest.strip_prefix('+').and_then(long),
        ) {
            (Some(past), _) => format!("more than {past} ago"),
            (_, Some(future)) => format!("within {future}"),
            _ => format!("before {}", one(rest)),
        };
    }
    match value.split_once("..") {
        Some(("", to)) => format!("before {}", one(to)),
        Some((from, "")) => format!("from {}", one(from)),
        Some(("now", to)) if to.starts_with('+') => {
            long(&to[1..]).map_or_else(|| value.to_owned(), |future| format!("in the next {future}"))
        }
        Some((from, to)) => {
            let (from, to) = (one(from), one(to));
            // The zone, and the day when it is the same, are said once.
            let from = from.trim_end_matches(" UTC").to_owned();
            let day = from.get(..11).filter(|day| day.as_bytes()[4] == b'-');
            let to = match day.and_then(|day| to.strip_prefix(day)) {
                Some(rest) => rest.to_owned(),
                None => to,
            };
            format!("{from} – {to}")
        }
        None => one(value),
    }
}

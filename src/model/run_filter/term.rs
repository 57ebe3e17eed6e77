//! From a word of a filter to what it means, or to a sentence that says why it means nothing.

use flowdeck_vocabulary::{StateGroup, StateType};
use serde_json::Value;

use super::kind::FilterKind;
use super::parameter;
use super::quote::{find, is_closed, unquoted, values};
use super::time::{FARTHEST, TimeError, When, seconds};

/// What a word means.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    pub(super) is_negated: bool,
    pub(super) test: Test,
}

impl Term {
    /// Whether the server must be able to tell how long runs took.
    pub(super) fn needs_durations(&self) -> bool {
        matches!(self.test, Test::Duration(_))
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    States(Vec<StateType>),
    /// A text of the run or of what it belongs to is one of these, or contains one of them.
    Text {
        path: &'static [&'static str],
        contains: bool,
        values: Vec<String>,
    },
    /// Has one of these labels.
    Labels(Vec<String>),
    /// All of these hold for the version.
    Version(Vec<(Comparison, i64)>),
    /// The version is one of these.
    Versions(Vec<i64>),
    /// All of these hold for the time.
    Time {
        column: &'static str,
        bounds: Vec<(Comparison, When)>,
    },
    /// All of these hold for the seconds it took, or has taken so far.
    Duration(Vec<(Comparison, i64)>),
    Late,
    AutoScheduled(bool),
    FailedTasks,
    /// The parameter of this name is this, or has it in it.
    Parameter(String, Value),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    More,
    Less,
    AtLeast,
    AtMost,
}

impl Comparison {
    /// The name in `where` of the API.
    pub(super) fn operator(self) -> &'static str {
        match self {
            Self::More => "_gt",
            Self::Less => "_lt",
            Self::AtLeast => "_gte",
            Self::AtMost => "_lte",
        }
    }

    /// What holds when this does not.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::More => Self::AtMost,
            Self::Less => Self::AtLeast,
            Self::AtLeast => Self::Less,
            Self::AtMost => Self::More,
        }
    }

    /// The same with both sides negative: what is longer began earlier.
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::More => Self::Less,
            Self::Less => Self::More,
            Self::AtLeast => Self::AtMost,
            Self::AtMost => Self::AtLeast,
        }
    }
}

/// Takes a word apart: whether it is negated, its key if it has one, and its value.
pub(in crate::model) fn parts(word: &str) -> (bool, Option<&str>, &str) {
    let (is_negated, rest) = match word.strip_prefix('-') {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, word),
    };
    let colon = find(rest, ':').map(|at| (&rest[..at], &rest[at + 1..]));
    // Only the name of a parameter may be quoted; any other quote begins a name to look for.
    match colon.filter(|(key, _)| key.starts_with("parameter.") || !key.contains('"')) {
        Some((key, value)) => (is_negated, Some(key), value),
        None => (is_negated, None, rest),
    }
}

pub(super) fn term(word: &str) -> Result<Term, String> {
    if !is_closed(word) {
        let why = if word.ends_with("\\\"") {
            " The one at its end is part of the text because of the backslash before it."
        } else {
            ""
        };
        return Err(format!("{word} has no closing quote; add one.{why}"));
    }
    let (is_negated, key, value) = parts(word);
    let test = match key {
        Some(key) => keyed(key, value)?,
        None if unquoted(value).is_empty() => {
            return Err(format!(
                "{word} names nothing; write a part of the run's name between the quotes."
            ));
        }
        None => Test::Text {
            path: &["name"],
            contains: true,
            values: vec![unquoted(value)],
        },
    };
    Ok(Term { is_negated, test })
}

fn keyed(key: &str, value: &str) -> Result<Test, String> {
    let Some(kind) = FilterKind::of(key) else {
        let keys: Vec<&str> = FilterKind::ALL.iter().map(|kind| kind.key()).collect();
        return Err(format!(
            "There is no key {key}; the keys are {}.",
            keys.join(", ")
        ));
    };
    let needs_value = || Err(format!("{key}: needs a value, such as {key}:{}.", kind.example()));
    if value.is_empty() {
        return needs_value();
    }
    // Nothing but commas and quotes names nothing; without this it would let everything through.
    let contained = value.strip_prefix('~').filter(|_| kind.is_text());
    let list = values(contained.unwrap_or(value));
    if list.is_empty() && kind != FilterKind::Parameter {
        return needs_value();
    }
    let text = |path: &'static [&'static str]| Test::Text {
        path,
        contains: contained.is_some(),
        values: list.clone(),
    };
    Ok(match kind {
        FilterKind::State => Test::States(states(&list)?),
        FilterKind::Flow => text(&["flow", "name"]),
        FilterKind::Project => text(&["flow", "project", "name"]),
        FilterKind::Agent => text(&["agent", "name"]),
        FilterKind::Name => text(&["name"]),
        FilterKind::Label => Test::Labels(list),
        FilterKind::Version => version(value, &list).ok_or_else(|| {
            format!("version:{value} is no number; write version:2, version:2,3, version:>2 or version:2..4.")
        })?,
        FilterKind::Scheduled => time(key, "scheduled_start_time", value)?,
        FilterKind::Started => time(key, "start_time", value)?,
        FilterKind::Ended => time(key, "end_time", value)?,
        FilterKind::Duration => Test::Duration(duration(value)?),
        FilterKind::Is => match value {
            "late" => Test::Late,
            "scheduled" => Test::AutoScheduled(true),
            "manual" => Test::AutoScheduled(false),
            _ => {
                return Err(format!(
                    "is:{value} is not known; write is:late, is:scheduled or is:manual."
                ));
            }
        },
        FilterKind::Has if value == "failed-tasks" => Test::FailedTasks,
        FilterKind::Has => return Err(format!("has:{value} is not known; write has:failed-tasks.")),
        FilterKind::Parameter => {
            let name = unquoted(key.strip_prefix("parameter.").unwrap_or(key));
            Test::Parameter(name, parameter::read(key, value)?)
        }
    })
}

/// A group of states or a single one, however it is spelled.
pub(super) fn state_named(name: &str) -> Option<Result<StateGroup, StateType>> {
    let plain = |name: &str| name.replace(['-', '_', ' '], "").to_ascii_lowercase();
    let name = plain(name);
    let group = StateGroup::ALL
        .into_iter()
        .find(|group| plain(group.name()) == name);
    let state = || {
        StateType::ALL
            .into_iter()
            .find(|state| plain(state.name()) == name)
    };
    match group {
        Some(group) => Some(Ok(group)),
        None => state().map(Err),
    }
}

fn states(names: &[String]) -> Result<Vec<StateType>, String> {
    let mut found = Vec::new();
    for name in names {
        match state_named(name) {
            Some(Ok(group)) => found.extend(group.states()),
            Some(Err(state)) => found.push(state),
            None => {
                return Err(format!(
                    "{name} is no state; write failed, running, pending, success, cancelled or the name of one state."
                ));
            }
        }
    }
    Ok(found)
}

/// `>a`, `<a`, or `a..b`, of which one side may be missing; `None` when it is none of these, and what is wrong with a
/// side that `read` cannot read.
fn bounds<T, E>(value: &str, read: fn(&str) -> Result<T, E>) -> Option<Result<Vec<(Comparison, T)>, E>> {
    let sides = match (value.strip_prefix('>'), value.strip_prefix('<')) {
        (Some(rest), _) => vec![(Comparison::More, rest)],
        (_, Some(rest)) => vec![(Comparison::Less, rest)],
        _ => {
            let (from, to) = value.split_once("..")?;
            let mut sides = vec![(Comparison::AtLeast, from), (Comparison::AtMost, to)];
            sides.retain(|(_, text)| !text.is_empty());
            sides
        }
    };
    let sides = sides
        .into_iter()
        .map(|(comparison, text)| Ok((comparison, read(text)?)));
    let sides: Result<Vec<_>, E> = sides.collect();
    (!matches!(&sides, Ok(sides) if sides.is_empty())).then_some(sides)
}

fn version(value: &str, list: &[String]) -> Option<Test> {
    match bounds(value, str::parse) {
        Some(bounds) => Some(Test::Version(bounds.ok()?)),
        None => {
            let numbers: Option<Vec<i64>> = list.iter().map(|text| text.parse().ok()).collect();
            numbers.map(Test::Versions)
        }
    }
}

fn duration(value: &str) -> Result<Vec<(Comparison, i64)>, String> {
    let found = bounds(value, |text| seconds(text).ok_or(()));
    match found.and_then(Result::ok) {
        // How long a run at work has taken is asked by when it started.
        Some(found) if found.iter().any(|(_, seconds)| *seconds > FARTHEST) => Err(format!(
            "{value} is more than a hundred years; write less, such as duration:>10m."
        )),
        Some(found) if !matches!(found[..], [(_, least), (_, most)] if least > most) => Ok(found),
        _ => Err(format!(
            "duration:{value} is no duration; write duration:>10m, duration:<30s or duration:1m..10m."
        )),
    }
}

fn time(key: &str, column: &'static str, value: &str) -> Result<Test, String> {
    let found = match bounds(value, When::parse) {
        Some(bounds) => bounds,
        // A day is all of it.
        None => match When::parse(value) {
            Ok(day) if day.is_day() => Ok(vec![(Comparison::AtLeast, day), (Comparison::AtMost, day)]),
            Ok(_) => Err(TimeError::Other),
            Err(why) => Err(why),
        },
    };
    let found = found.map_err(|why| why.words(key, value))?;
    // Up to a time is without the time itself, so that two stretches side by side share no run; a day belongs to it whole.
    let bounds = found.into_iter().map(|(comparison, time)| match comparison {
        Comparison::AtMost => (Comparison::Less, time.end()),
        _ => (comparison, time),
    });
    Ok(Test::Time {
        column,
        bounds: bounds.collect(),
    })
}

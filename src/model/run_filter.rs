//! The language of the run history's filter: `state:failed flow:etl duration:>10m started:>-24h -label:dev nightly`.
//!
//! Words stand side by side and must all hold. `key:value`; several values with commas mean any of them; `-` before the
//! key means not; quotes hold spaces together. A word without a key is looked for in the run's name.

use std::time::Duration;

use flowdeck_vocabulary::{StateGroup, StateType};
use serde_json::{Value, json};

use super::{LATE_AFTER, Timestamp, wire_text};

/// A filter: its words, each understood or not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunFilter {
    words: Vec<Word>,
}

/// One word of a filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// As it was written.
    pub text: String,
    /// Where it begins in what was written, in bytes.
    pub start: usize,
    /// What it means, or why it means nothing.
    meaning: Result<Term, String>,
}

impl Word {
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

/// What a word means.
#[derive(Debug, Clone, PartialEq)]
struct Term {
    is_negated: bool,
    test: Test,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    States(Vec<StateType>),
    /// A text of the run or of what it belongs to is one of these, or contains one of them.
    Text {
        path: &'static [&'static str],
        contains: bool,
        values: Vec<String>,
    },
    /// Has all of these labels.
    Labels(Vec<String>),
    Version(Comparison, i64),
    Time {
        column: &'static str,
        comparison: Comparison,
        time: When,
    },
    Duration(Comparison, i64),
    Late,
    AutoScheduled(bool),
    FailedTasks,
    Parameter(String, Value),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    More,
    Less,
    Same,
}

impl Comparison {
    /// The name in `where` of the API.
    fn operator(self) -> &'static str {
        match self {
            Self::More => "_gt",
            Self::Less => "_lt",
            Self::Same => "_eq",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// So many seconds from now, negative in the past.
    FromNow(i64),
    /// A point in time as a clock shows it: that of the person unless it says which.
    OnClock {
        shown: Timestamp,
        is_utc: bool,
        is_day: bool,
    },
}

impl When {
    fn at(self, now: Timestamp, offset: fn(Timestamp) -> i32) -> Timestamp {
        match self {
            Self::FromNow(seconds) => shifted(now, seconds),
            Self::OnClock {
                shown, is_utc: true, ..
            } => shown,
            Self::OnClock { shown, .. } => shifted(shown, -60 * i64::from(offset(shown))),
        }
    }
}

fn shifted(time: Timestamp, seconds: i64) -> Timestamp {
    let by = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 {
        time.before(by)
    } else {
        time.after(by)
    }
}

/// The keys, each with an example of its value.
pub const FILTER_KEYS: [(&str, &str); 14] = [
    ("state", "failed"),
    ("flow", "etl"),
    ("project", "prod"),
    ("name", "~nightly"),
    ("label", "gpu"),
    ("agent", "vm-2"),
    ("version", ">2"),
    ("scheduled", ">-24h"),
    ("started", ">-24h"),
    ("ended", "<2026-11-24"),
    ("duration", ">10m"),
    ("is", "late"),
    ("has", "failed-tasks"),
    ("parameter.x", "5"),
];

impl RunFilter {
    /// Reads the text of a filter.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let words = split(text).map(|(start, word)| Word {
            text: word.to_owned(),
            start,
            meaning: term(word),
        });
        Self {
            words: words.collect(),
        }
    }

    /// Its words.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The text of it.
    #[must_use]
    pub fn text(&self) -> String {
        self.text_of(|_| true)
    }

    fn text_of(&self, keep: impl Fn(&Word) -> bool) -> String {
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
    pub fn first_error(&self) -> Option<&Word> {
        self.words.iter().find(|word| word.meaning.is_err())
    }

    /// Whether it lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The text of the same without the word at a place.
    #[must_use]
    pub fn without(&self, place: usize) -> String {
        let words = self.words.iter().enumerate().filter(|(at, _)| *at != place);
        let words: Vec<&str> = words.map(|(_, word)| word.text.as_str()).collect();
        words.join(" ")
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
        let named: Vec<StateType> = self
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

    /// The text of the same with a group of states as well, or without it when it is in.
    #[must_use]
    pub fn toggled(&self, group: StateGroup) -> String {
        let mut groups = self.groups();
        match groups.iter().position(|one| *one == group) {
            Some(at) => {
                groups.remove(at);
            }
            None => groups.push(group),
        }
        let names: Vec<String> = groups.iter().map(|group| group.name().to_lowercase()).collect();
        let states = if names.is_empty() {
            String::new()
        } else {
            format!("state:{}", names.join(","))
        };
        joined(&states, &self.text_of(|word| !word.is_of_states()))
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
        // `>` is without the time itself, and a run may be scheduled for exactly then.
        let from = from.before(Duration::from_secs(1));
        let text = |time: Timestamp| format!("{}Z", &wire_text(time)[..19]);
        joined(
            &rest,
            &format!("scheduled:>{} scheduled:<{}", text(from), text(to)),
        )
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
                Ok(term) if term.is_negated => {
                    let not = json!({ "_not": test(&term.test, now, offset) });
                    match term.test {
                        // What has no such time is not in the stretch either; SQL would leave it out.
                        Test::Time { column, .. } if column != "scheduled_start_time" => {
                            json!({ "_or": [not, { column: { "_is_null": true } }] })
                        }
                        _ => not,
                    }
                }
                Ok(term) => test(&term.test, now, offset),
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

/// The words of a text with where they begin; quotes hold spaces together.
fn split(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    let mut is_quoted = false;
    for (at, letter) in text.char_indices() {
        if letter.is_whitespace() && !is_quoted {
            words.extend(start.take().map(|start| (start, &text[start..at])));
        } else {
            start.get_or_insert(at);
            is_quoted ^= letter == '"';
        }
    }
    words.extend(start.map(|start| (start, &text[start..])));
    words.into_iter()
}

fn term(word: &str) -> Result<Term, String> {
    if !word.matches('"').count().is_multiple_of(2) {
        return Err(format!("{word} has no closing quote; add one."));
    }
    let (is_negated, rest) = match word.strip_prefix('-') {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, word),
    };
    let test = match rest.split_once(':').filter(|(key, _)| !key.contains('"')) {
        Some((key, value)) => keyed(key, value)?,
        None => Test::Text {
            path: &["name"],
            contains: true,
            values: vec![unquoted(rest)],
        },
    };
    Ok(Term { is_negated, test })
}

fn keyed(key: &str, value: &str) -> Result<Test, String> {
    if value.is_empty() {
        let example = FILTER_KEYS.iter().find(|(known, _)| *known == key);
        let example = example.map_or_else(String::new, |(key, value)| format!(", such as {key}:{value}"));
        return Err(format!("{key}: needs a value{example}."));
    }
    if let Some(name) = key.strip_prefix("parameter.").filter(|name| !name.is_empty()) {
        let value = unquoted(value);
        return Ok(Test::Parameter(
            name.to_owned(),
            serde_json::from_str(&value).unwrap_or(Value::String(value)),
        ));
    }
    Ok(match key {
        "state" => Test::States(states(value)?),
        "flow" => text(&["flow", "name"], value),
        "project" => text(&["flow", "project", "name"], value),
        "agent" => text(&["agent", "name"], value),
        "name" => text(&["name"], value),
        "label" => Test::Labels(values(value)),
        "version" => {
            let (comparison, number) = compared(value);
            let number = number
                .parse()
                .map_err(|_| format!("version:{value} is no number; write version:2 or version:>2."))?;
            Test::Version(comparison, number)
        }
        "scheduled" => time(key, "scheduled_start_time", value)?,
        "started" => time(key, "start_time", value)?,
        "ended" => time(key, "end_time", value)?,
        "duration" => {
            let wrong = || format!("duration:{value} is no duration; write duration:>10m or duration:<30s.");
            match compared(value) {
                (Comparison::Same, _) => return Err(wrong()),
                (comparison, text) => Test::Duration(comparison, seconds(text).ok_or_else(wrong)?),
            }
        }
        "is" => match value {
            "late" => Test::Late,
            "scheduled" => Test::AutoScheduled(true),
            "manual" => Test::AutoScheduled(false),
            _ => {
                return Err(format!(
                    "is:{value} is not known; write is:late, is:scheduled or is:manual."
                ));
            }
        },
        "has" if value == "failed-tasks" => Test::FailedTasks,
        "has" => return Err(format!("has:{value} is not known; write has:failed-tasks.")),
        _ => {
            let keys: Vec<&str> = FILTER_KEYS.iter().map(|(key, _)| *key).collect();
            return Err(format!(
                "There is no key {key}; the keys are {}.",
                keys.join(", ")
            ));
        }
    })
}

fn unquoted(text: &str) -> String {
    text.replace('"', "")
}

/// The values between commas that are not quoted.
fn values(text: &str) -> Vec<String> {
    let mut is_quoted = false;
    text.split(|letter| {
        is_quoted ^= letter == '"';
        letter == ',' && !is_quoted
    })
    .map(unquoted)
    .filter(|value| !value.is_empty())
    .collect()
}

fn text(path: &'static [&'static str], value: &str) -> Test {
    let contained = value.strip_prefix('~');
    Test::Text {
        path,
        contains: contained.is_some(),
        values: values(contained.unwrap_or(value)),
    }
}

fn states(value: &str) -> Result<Vec<StateType>, String> {
    let plain = |name: &str| name.replace(['-', '_', ' '], "").to_lowercase();
    let mut found = Vec::new();
    for name in values(value) {
        let group = StateGroup::ALL
            .into_iter()
            .find(|group| plain(group.name()) == plain(&name));
        let state = StateType::ALL
            .into_iter()
            .find(|state| plain(state.name()) == plain(&name));
        match (group, state) {
            (Some(group), _) => found.extend(group.states()),
            (None, Some(state)) => found.push(state),
            (None, None) => {
                return Err(format!(
                    "{name} is no state; write failed, running, pending, success, cancelled or the name of one state."
                ));
            }
        }
    }
    Ok(found)
}

fn compared(value: &str) -> (Comparison, &str) {
    match (value.strip_prefix('>'), value.strip_prefix('<')) {
        (Some(rest), _) => (Comparison::More, rest),
        (_, Some(rest)) => (Comparison::Less, rest),
        _ => (Comparison::Same, value),
    }
}

/// `90`, `30s`, `10m`, `2h`, `1d` or `1w` in seconds.
fn seconds(text: &str) -> Option<i64> {
    let (number, unit) = match text.char_indices().last()? {
        (_, digit) if digit.is_ascii_digit() => (text, 1),
        (at, 's') => (&text[..at], 1),
        (at, 'm') => (&text[..at], 60),
        (at, 'h') => (&text[..at], 3_600),
        (at, 'd') => (&text[..at], 86_400),
        (at, 'w') => (&text[..at], 604_800),
        _ => return None,
    };
    number.parse::<u32>().ok().map(|number| i64::from(number) * unit)
}

fn time(key: &str, column: &'static str, value: &str) -> Result<Test, String> {
    let (comparison, text) = compared(value);
    let relative = match text.strip_prefix('-') {
        Some(past) => seconds(past).map(|seconds| -seconds),
        None => text.strip_prefix('+').and_then(seconds),
    };
    let time = match relative {
        Some(seconds) => Some(When::FromNow(seconds)),
        None if text == "now" => Some(When::FromNow(0)),
        None => on_clock(text),
    };
    match (comparison, time) {
        (Comparison::Same, Some(When::OnClock { is_day: true, .. }))
        | (Comparison::More | Comparison::Less, Some(_)) => {}
        _ => {
            return Err(format!(
                "{key}:{value} is no time; write {key}:>-24h, {key}:<2026-11-24T10:00 or {key}:2026-11-24."
            ));
        }
    }
    Ok(Test::Time {
        column,
        comparison,
        time: time.unwrap_or(When::FromNow(0)),
    })
}

/// `2026-11-24`, `2026-11-24T10:00` or `2026-11-24T10:00:00`, with `Z` in UTC.
fn on_clock(text: &str) -> Option<When> {
    let (shown, is_utc) = match text.strip_suffix('Z') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let rest = match shown.len() {
        10 => "T00:00:00Z",
        16 => ":00Z",
        19 => "Z",
        _ => return None,
    };
    Some(When::OnClock {
        is_day: shown.len() == 10,
        shown: Timestamp::parse(&format!("{shown}{rest}"))?,
        is_utc,
    })
}

/// `{ path: { operator: value } }`, from the inside out.
fn at_path(path: &[&str], operator: &str, value: Value) -> Value {
    let wrap = |name: &str, inner: Value| Value::Object([(name.to_owned(), inner)].into_iter().collect());
    path.iter()
        .rev()
        .fold(wrap(operator, value), |inner, name| wrap(name, inner))
}

fn test(test: &Test, now: Timestamp, offset: fn(Timestamp) -> i32) -> Value {
    match test {
        Test::States(states) => {
            let names: Vec<&str> = states.iter().map(|state| state.name()).collect();
            json!({ "state": { "_in": names } })
        }
        Test::Text {
            path,
            contains: false,
            values,
        } => at_path(path, "_in", json!(values)),
        Test::Text {
            path,
            contains: true,
            values,
        } => {
            let any: Vec<Value> = values
                .iter()
                .map(|value| {
                    let literal = value
                        .replace('\\', "\\\\")
                        .replace('%', "\\%")
                        .replace('_', "\\_");
                    at_path(path, "_ilike", format!("%{literal}%").into())
                })
                .collect();
            json!({ "_or": any })
        }
        Test::Labels(labels) => json!({ "labels": { "_contains": labels } }),
        Test::Version(comparison, number) => {
            at_path(&["flow", "version"], comparison.operator(), (*number).into())
        }
        Test::Time {
            column,
            comparison,
            time,
        } => {
            let at = time.at(now, offset);
            match comparison {
                Comparison::Same => {
                    let end = at.after(Duration::from_secs(86_400));
                    json!({ "_and": [
                        at_path(&[column], "_gte", wire_text(at).into()),
                        at_path(&[column], "_lt", wire_text(end).into()),
                    ] })
                }
                _ => at_path(&[column], comparison.operator(), wire_text(at).into()),
            }
        }
        Test::Duration(comparison, seconds) => {
            let ended = at_path(&["duration_seconds"], comparison.operator(), (*seconds).into());
            // A run at work has taken that long already when it started before then.
            let begun = match comparison {
                Comparison::More => "_lt",
                _ => "_gt",
            };
            let at_work: Vec<&str> = StateGroup::Running.states().map(StateType::name).collect();
            json!({ "_or": [ended, { "_and": [
                { "state": { "_in": at_work } },
                at_path(&["start_time"], begun, wire_text(shifted(now, -seconds)).into()),
            ] }] })
        }
        Test::Late => json!({ "_and": [
            { "state": { "_in": [StateType::Scheduled.name(), StateType::Queued.name()] } },
            { "scheduled_start_time": { "_lt": wire_text(now.before(LATE_AFTER)) } },
        ] }),
        Test::AutoScheduled(is) => json!({ "auto_scheduled": { "_eq": is } }),
        Test::FailedTasks => {
            let failed: Vec<&str> = StateGroup::Failed.states().map(StateType::name).collect();
            json!({ "task_runs": { "state": { "_in": failed } } })
        }
        Test::Parameter(name, value) => {
            let wanted: serde_json::Map<String, Value> =
                [(name.clone(), value.clone())].into_iter().collect();
            json!({ "parameters": { "_contains": wanted } })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::flow_run::tests::at;

    fn filter(text: &str) -> Value {
        let found = RunFilter::parse(text).where_json(at("2026-11-24T12:00:00Z"), |_| 60);
        let tests = found["_and"].as_array().unwrap();
        assert_eq!(tests.len(), 1, "{text}: {found}");
        tests[0].clone()
    }

    fn error(text: &str) -> String {
        let filter = RunFilter::parse(text);
        filter
            .first_error()
            .and_then(Word::error)
            .unwrap_or_else(|| panic!("{text} is understood"))
            .to_owned()
    }

    #[test]
    fn words_become_what_the_api_asks_for() {
        for (text, expected) in [
            ("state:cancelled", json!({ "state": { "_in": ["Cancelled"] } })),
            (
                "state:timed-out,TriggerFailed",
                json!({ "state": { "_in": ["TimedOut", "TriggerFailed"] } }),
            ),
            ("flow:etl", json!({ "flow": { "name": { "_in": ["etl"] } } })),
            (
                "project:a,\"b c\"",
                json!({ "flow": { "project": { "name": { "_in": ["a", "b c"] } } } }),
            ),
            (
                "name:~night",
                json!({ "_or": [{ "name": { "_ilike": "%night%" } }] }),
            ),
            (
                "100%_sure",
                json!({ "_or": [{ "name": { "_ilike": "%100\\%\\_sure%" } }] }),
            ),
            (
                "label:gpu,prod",
                json!({ "labels": { "_contains": ["gpu", "prod"] } }),
            ),
            (
                "-label:dev",
                json!({ "_not": { "labels": { "_contains": ["dev"] } } }),
            ),
            (
                "-started:>-24h",
                json!({ "_or": [
                    { "_not": { "start_time": { "_gt": "2026-11-23T12:00:00.000000+00:00" } } },
                    { "start_time": { "_is_null": true } },
                ] }),
            ),
            ("agent:vm-2", json!({ "agent": { "name": { "_in": ["vm-2"] } } })),
            ("version:>2", json!({ "flow": { "version": { "_gt": 2 } } })),
            (
                "started:>-24h",
                json!({ "start_time": { "_gt": "2026-11-23T12:00:00.000000+00:00" } }),
            ),
            (
                "scheduled:<+1h",
                json!({ "scheduled_start_time": { "_lt": "2026-11-24T13:00:00.000000+00:00" } }),
            ),
            (
                "ended:<2026-11-24T10:00",
                json!({ "end_time": { "_lt": "2026-11-24T09:00:00.000000+00:00" } }),
            ),
            (
                "ended:<2026-11-24T10:00Z",
                json!({ "end_time": { "_lt": "2026-11-24T10:00:00.000000+00:00" } }),
            ),
            (
                "ended:2026-11-24",
                json!({ "_and": [
                { "end_time": { "_gte": "2026-11-23T23:00:00.000000+00:00" } },
                { "end_time": { "_lt": "2026-11-24T23:00:00.000000+00:00" } },
            ] }),
            ),
            (
                "duration:>10m",
                json!({ "_or": [{ "duration_seconds": { "_gt": 600 } }, { "_and": [
                { "state": { "_in": ["Running", "Cancelling"] } },
                { "start_time": { "_lt": "2026-11-24T11:50:00.000000+00:00" } },
            ] }] }),
            ),
            ("is:manual", json!({ "auto_scheduled": { "_eq": false } })),
            (
                "parameter.n:5",
                json!({ "parameters": { "_contains": { "n": 5 } } }),
            ),
            (
                "parameter.day:monday",
                json!({ "parameters": { "_contains": { "day": "monday" } } }),
            ),
        ] {
            assert_eq!(filter(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said_with_the_remedy_and_lets_nothing_through() {
        for (text, part) in [
            ("stat:failed", "the keys are state"),
            ("state:broken", "broken is no state"),
            ("state:", "such as state:failed"),
            ("duration:10m", "duration:>10m"),
            ("duration:>long", "duration:>10m"),
            ("started:>yesterday", "started:>-24h"),
            ("started:-24h", "started:>-24h"),
            ("started:>2026-13-01", "started:>-24h"),
            ("version:two", "version:2"),
            ("is:on-fire", "is:late"),
            ("has:luck", "has:failed-tasks"),
            ("flow:\"etl", "closing quote"),
        ] {
            let error = error(text);
            assert!(error.contains(part), "{text}: {error}");
            assert_eq!(filter(text), json!({ "id": { "_in": [] } }), "{text}");
        }
        let wrong = RunFilter::parse("state:failed  stat:x");
        assert_eq!(wrong.first_error().map(|word| word.start), Some(14));
    }

    #[test]
    fn a_chip_adds_its_states_and_takes_them_away() {
        let filter = RunFilter::parse("flow:etl state:failed night");
        assert_eq!(filter.groups(), [StateGroup::Failed]);
        let both = filter.toggled(StateGroup::Cancelled);
        assert_eq!(both, "state:failed,cancelled flow:etl night");
        assert_eq!(
            RunFilter::parse(&both).toggled(StateGroup::Failed),
            "state:cancelled flow:etl night"
        );
        assert_eq!(filter.toggled(StateGroup::Failed), "flow:etl night");
        assert_eq!(filter.without_states().text(), "flow:etl night");
        assert_eq!(filter.without(0), "state:failed night");
    }

    #[test]
    fn a_chosen_time_takes_the_place_of_the_one_before() {
        let filter = RunFilter::parse("scheduled:>-24h flow:etl");
        let text = filter.within(at("2026-11-23T10:00:00Z"), at("2026-11-23T12:00:00Z"));
        assert_eq!(
            text,
            "flow:etl scheduled:>2026-11-23T09:59:59Z scheduled:<2026-11-23T12:00:00Z"
        );
        let filter = RunFilter::parse(&text);
        assert_eq!(filter.first_error(), None);
        assert!(filter.is_about_what_comes());
        assert_eq!(
            filter
                .within(at("2026-11-24T10:00:00Z"), at("2026-11-24T12:00:00Z"))
                .matches("scheduled")
                .count(),
            2
        );
    }

    #[test]
    fn every_key_has_an_example_that_is_understood() {
        for (key, value) in FILTER_KEYS {
            assert_eq!(
                RunFilter::parse(&format!("{key}:{value}")).first_error(),
                None,
                "{key}:{value}"
            );
        }
    }

    #[test]
    fn what_is_yet_to_start_is_shown_when_one_asks_for_it() {
        for (text, expected) in [
            ("", false),
            ("flow:etl", false),
            ("started:>-1h", false),
            ("state:pending", true),
            ("scheduled:>now", true),
            ("is:late", true),
        ] {
            assert_eq!(RunFilter::parse(text).is_about_what_comes(), expected, "{text}");
        }
    }
}

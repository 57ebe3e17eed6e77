//! From what a word means to `where` of the API.

use flowdeck_vocabulary::{StateGroup, StateType};
use serde_json::{Value, json};

use super::term::{Comparison, Term, Test};
use super::time::shifted;
use crate::model::{LATE_AFTER, Timestamp, wire_text};

/// The late runs, as `where` of the API: due for a while and not taken by an agent.
#[must_use]
pub fn late_where(now: Timestamp) -> Value {
    json!({ "_and": [
        { "state": { "_in": [StateType::Scheduled.name(), StateType::Queued.name()] } },
        { "state_start_time": { "_lt": wire_text(now.before(LATE_AFTER)) } },
    ] })
}

impl Term {
    pub(super) fn where_json(&self, now: Timestamp, offset: fn(Timestamp) -> i32) -> Value {
        let positive = |test: &Test| where_of(test, now, offset);
        if !self.is_negated {
            return positive(&self.test);
        }
        match &self.test {
            // A comparison with nothing is neither true nor false to SQL, and its negation is no truer: what has no
            // such time is not in the stretch either, and has to be asked for.
            Test::Time { column, .. } if *column != "scheduled_start_time" => {
                json!({ "_or": [{ "_not": positive(&self.test) }, at_path(&[column], "_is_null", true.into())] })
            }
            Test::Duration(bounds) => other_durations(bounds, now),
            test => json!({ "_not": positive(test) }),
        }
    }
}

/// `{ path: { operator: value } }`, from the inside out.
fn at_path(path: &[&str], operator: &str, value: Value) -> Value {
    let wrap = |name: &str, inner: Value| Value::Object([(name.to_owned(), inner)].into_iter().collect());
    path.iter()
        .rev()
        .fold(wrap(operator, value), |inner, name| wrap(name, inner))
}

/// What holds when all of these do.
fn all(mut tests: Vec<Value>) -> Value {
    match tests.len() {
        1 => tests.remove(0),
        _ => json!({ "_and": tests }),
    }
}

fn any_of(values: &[String], test: impl Fn(&str) -> Value) -> Value {
    let mut any: Vec<Value> = values.iter().map(|value| test(value)).collect();
    match any.len() {
        1 => any.remove(0),
        _ => json!({ "_or": any }),
    }
}

fn names(states: impl Iterator<Item = StateType>) -> Value {
    states.map(StateType::name).collect()
}

fn where_of(test: &Test, now: Timestamp, offset: fn(Timestamp) -> i32) -> Value {
    match test {
        Test::States(states) => at_path(&["state"], "_in", names(states.iter().copied())),
        Test::Text {
            path,
            contains: false,
            values,
        } => at_path(path, "_in", json!(values)),
        Test::Text {
            path,
            contains: true,
            values,
        } => any_of(values, |value| {
            let literal = value
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_");
            at_path(path, "_ilike", format!("%{literal}%").into())
        }),
        Test::Labels(labels) => any_of(labels, |label| at_path(&["labels"], "_contains", json!([label]))),
        Test::Versions(numbers) => at_path(&["flow", "version"], "_in", json!(numbers)),
        Test::Version(bounds) => all(bounds
            .iter()
            .map(|(comparison, number)| {
                at_path(&["flow", "version"], comparison.operator(), (*number).into())
            })
            .collect()),
        Test::Time { column, bounds } => all(bounds
            .iter()
            .map(|(comparison, time)| {
                let at = wire_text(time.at(now, offset));
                at_path(&[column], comparison.operator(), at.into())
            })
            .collect()),
        Test::Duration(bounds) => {
            let ended = bounds.iter().map(|(comparison, seconds)| {
                at_path(&["duration_seconds"], comparison.operator(), (*seconds).into())
            });
            // A run at work has taken that long already when it started before then.
            let mut at_work = vec![at_path(&["state"], "_in", names(StateGroup::Running.states()))];
            at_work.extend(bounds.iter().map(|bound| started(bound, now)));
            json!({ "_or": [all(ended.collect()), all(at_work)] })
        }
        Test::Late => late_where(now),
        Test::AutoScheduled(is) => json!({ "auto_scheduled": { "_eq": is } }),
        Test::FailedTasks => at_path(&["task_runs", "state"], "_in", names(StateGroup::Failed.states())),
        Test::Parameter(name, value) => {
            let wanted: serde_json::Map<String, Value> =
                [(name.clone(), value.clone())].into_iter().collect();
            at_path(&["parameters"], "_contains", Value::Object(wanted))
        }
    }
}

/// When a run must have started to have taken so long by now.
fn started((comparison, seconds): &(Comparison, i64), now: Timestamp) -> Value {
    let then = wire_text(shifted(now, -seconds));
    at_path(&["start_time"], comparison.mirrored().operator(), then.into())
}

/// The runs that have not taken so long: those that ended otherwise, those at work that began otherwise, and those that
/// have not begun or never ended properly. In words that are true or false whatever is missing.
fn other_durations(bounds: &[(Comparison, i64)], now: Timestamp) -> Value {
    let negated = || {
        bounds
            .iter()
            .map(|(comparison, seconds)| (comparison.negated(), *seconds))
    };
    let mut any: Vec<Value> = negated()
        .map(|(comparison, seconds)| at_path(&["duration_seconds"], comparison.operator(), seconds.into()))
        .collect();
    let mut not_ended = vec![
        at_path(&["state"], "_nin", names(StateGroup::Running.states())),
        at_path(&["start_time"], "_is_null", true.into()),
    ];
    not_ended.extend(negated().map(|bound| started(&bound, now)));
    any.push(json!({ "_and": [
        { "duration_seconds": { "_is_null": true } },
        { "_or": not_ended },
    ] }));
    json!({ "_or": any })
}

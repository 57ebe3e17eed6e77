//! The states the engine gives to runs, complete as the API stores them (contract 4.1, transcript 6).

use flowdeck_vocabulary::{State, StateType};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::API_VERSION;
use crate::time::written;

/// Where a result was written, as a state says it.
pub(crate) fn result_at(location: Option<&str>) -> Value {
    match location {
        Some(location) => json!({"type": "LocalResult", "location": location, "__version__": API_VERSION}),
        None => json!({"type": "Result", "location": null, "__version__": API_VERSION}),
    }
}

/// The longest message. The server refuses states beyond a megabyte (contract 4.1), and nobody reads that
/// much in a state: whoever has more to say logs it.
const LONGEST_MESSAGE: usize = 20_000;

fn state(state_type: StateType, message: impl Into<String>, result: Value) -> State {
    let mut message: String = message.into();
    if message.len() > LONGEST_MESSAGE {
        message.truncate(message.floor_char_boundary(LONGEST_MESSAGE));
        message.push_str(" … (cut off)");
    }
    State::new(state_type, message)
        .with("context", json!({}))
        .with("_result", result)
        .with("cached_inputs", json!({}))
        .with("__version__", API_VERSION)
}

/// A state without a result yet: Pending, Running, Cancelled.
pub(crate) fn without_result(state_type: StateType, message: impl Into<String>) -> State {
    state(
        state_type,
        message,
        json!({"type": "NoResultType", "__version__": API_VERSION}),
    )
}

/// Cancelled, with the reason or else the contract's sentence (4.8).
pub(crate) fn cancelled(reason: Option<String>) -> State {
    without_result(
        StateType::Cancelled,
        reason.unwrap_or_else(|| "Flow run is cancelled".to_owned()),
    )
}

/// A finished state whose result, if any, stayed in memory: Success of a flow run, Failed, Skipped, ….
pub(crate) fn finished(state_type: StateType, message: impl Into<String>) -> State {
    state(state_type, message, result_at(None))
}

/// Success with the place of its result.
pub(crate) fn success(location: Option<&str>) -> State {
    state(StateType::Success, "Task run succeeded.", result_at(location))
}

/// Cached: a success that may be used again until `expiration`.
pub(crate) fn cached(
    message: &str,
    location: Option<&str>,
    expiration: Timestamp,
    inputs_hash: &str,
) -> State {
    state(StateType::Cached, message, result_at(location))
        .with("cached_parameters", json!({}))
        .with("cached_result_expiration", written(expiration))
        .with("hashed_inputs", json!({"inputs": inputs_hash}))
}

/// Mapped: the children do the work. Has no result.
pub(crate) fn mapped(children: usize) -> State {
    let mut state = without_result(StateType::Mapped, "Ready to proceed with mapping.");
    state.other.shift_remove("_result");
    state.with("n_map_states", children)
}

/// Retrying: attempt `run_count` of `attempts` failed with `because`.
pub(crate) fn retrying(run_count: u32, retries: u32, start: Timestamp, because: &str) -> State {
    let attempts = u64::from(retries) + 1;
    let message = format!("Retrying Task (after attempt {run_count} of {attempts}): {because}");
    without_result(StateType::Retrying, message)
        .with("context", json!({"task_run_count": run_count}))
        .with("start_time", written(start))
        .with("run_count", run_count)
}

/// Paused: until a person resumes it.
pub(crate) fn paused(message: String) -> State {
    finished(StateType::Paused, message).with("start_time", Value::Null)
}

/// The same state with the task's tags in its context, where the contract keeps them.
pub(crate) fn with_tags(mut state: State, tags: &[String]) -> State {
    if let Some(Value::Object(context)) = state.other.get_mut("context") {
        context.insert("tags".to_owned(), json!(tags));
    }
    state
}

/// When a scheduled state starts; `None` when it names no time that can be read.
pub(crate) fn start_time(state: &State) -> Option<Timestamp> {
    state.start_time().and_then(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_as_long_as_a_book_is_cut_off() {
        let message = finished(StateType::Failed, "ß".repeat(1_000_000))
            .message
            .unwrap();
        assert!(message.len() < 20_050 && message.ends_with("ß … (cut off)"));
    }

    #[test]
    fn states_have_the_keys_of_the_contract() {
        let keys = |state: State| state.other.keys().cloned().collect::<Vec<_>>().join(" ");
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(keys(success(None)), "context _result cached_inputs __version__");
        assert_eq!(keys(mapped(3)), "context cached_inputs __version__ n_map_states");
        assert_eq!(
            keys(retrying(1, 2, now, "no")),
            "context _result cached_inputs __version__ start_time run_count"
        );
        assert_eq!(paused(String::new()).other["start_time"], Value::Null);
        let success = success(Some("/results/x.json"));
        assert_eq!(success.other["_result"]["type"], "LocalResult");
        assert_eq!(
            with_tags(success, &["a".to_owned()]).other["context"],
            json!({"tags": ["a"]})
        );
    }
}

//! What a person can set for all versions of a flow, and how a run config is read from its text.

use flowdeck_vocabulary::Labels;
use serde_json::Value;

/// What a person can set for all versions of a flow, beside what each was registered with.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowSettings {
    /// The labels that hold for all versions; `None` is each version's own.
    pub labels: Option<Labels>,
    /// The labels this version has when none are set.
    pub own_labels: Labels,
    /// The description that holds for all versions; `None` is each version's own.
    pub description: Option<String>,
    /// The run config that holds for all versions; `None` is each version's own.
    pub run_config: Option<Value>,
    /// Whether its runs report that they are alive.
    pub heartbeat: bool,
    /// Whether runs that vanished without a word are started again.
    pub lazarus: bool,
}

/// The run config that a text holds, or what is wrong with it and where.
///
/// # Errors
/// When it is no JSON, no object, or does not say of which type it is.
pub fn read_run_config(text: &str) -> Result<Value, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let what = error.to_string();
        // The library's sentence ends with the place, which leads ours.
        let what = what.split(" at line ").next().unwrap_or_default();
        format!("Line {}, column {}: {what}.", error.line(), error.column())
    })?;
    if !value.is_object() {
        return Err("A run config is a JSON object, such as {\"type\": \"LocalRun\"}.".to_owned());
    }
    if !value.get("type").is_some_and(Value::is_string) {
        return Err(
            "It needs a \"type\", such as \"UniversalRun\", \"LocalRun\" or \"DockerRun\".".to_owned(),
        );
    }
    Ok(value)
}

/// Whether two texts hold the same JSON, however it is written; texts that hold none are compared as they are.
#[must_use]
pub fn is_same_json(one: &String, other: &String) -> bool {
    let read = |text: &str| serde_json::from_str::<Value>(text);
    match (read(one), read(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_same_json, read_run_config};

    #[test]
    fn a_run_config_is_the_same_however_it_is_written() {
        let same = |one: &str, other: &str| is_same_json(&one.to_owned(), &other.to_owned());
        assert!(same(
            r#"{"type":"LocalRun","env":{}}"#,
            "{\n  \"env\": {},\n  \"type\": \"LocalRun\"\n}"
        ));
        assert!(!same(r#"{"type":"LocalRun"}"#, r#"{"type":"DockerRun"}"#));
        assert!(same("{", "{") && !same("{", "{ "));
    }

    #[test]
    fn a_run_config_is_an_object_with_a_type() {
        assert!(read_run_config(r#"{"type": "LocalRun", "env": {"A": "1"}}"#).is_ok());
        for (text, expected) in [
            ("", "Line 1"),
            ("{\n  \"type\": \n}", "Line 3, column 1: expected value."),
            ("[]", "JSON object"),
            ("{}", "needs a \"type\""),
            (r#"{"type": 1}"#, "needs a \"type\""),
        ] {
            let why = read_run_config(text).unwrap_err();
            assert!(why.contains(expected), "{text}: {why}");
        }
    }
}

//! The JSON a flow is registered with, as far as the server reads it. Everything else in it is kept unread.

use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use crate::error::Error;

/// A flow.
#[derive(Debug, Deserialize)]
pub(super) struct SerializedFlow {
    pub(super) name: String,
    #[serde(default)]
    pub(super) storage: Json,
    #[serde(default)]
    pub(super) run_config: Json,
    #[serde(default)]
    pub(super) environment: Json,
    #[serde(default)]
    pub(super) parameters: Json,
    #[serde(default)]
    pub(super) schedule: Json,
    #[serde(default, rename = "__version__")]
    pub(super) core_version: Option<String>,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub(super) tasks: Vec<Json>,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub(super) edges: Vec<Json>,
}

/// A task of a flow.
#[derive(Debug, Deserialize)]
pub(super) struct SerializedTask {
    #[serde(default)]
    pub(super) id: Option<String>,
    pub(super) slug: String,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default, rename = "type")]
    pub(super) task_type: Option<String>,
    #[serde(default)]
    pub(super) max_retries: Option<i64>,
    /// Seconds.
    #[serde(default)]
    pub(super) retry_delay: Option<f64>,
    #[serde(default)]
    trigger: Json,
    #[serde(default)]
    pub(super) tags: Option<Vec<Json>>,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub(super) auto_generated: bool,
    #[serde(default)]
    pub(super) cache_key: Option<String>,
}

/// An edge of a flow.
#[derive(Debug, Deserialize)]
pub(super) struct SerializedEdge {
    pub(super) upstream_task: TaskReference,
    pub(super) downstream_task: TaskReference,
    #[serde(default)]
    pub(super) key: Option<String>,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub(super) mapped: bool,
}

/// How an edge names a task: `{"slug": "add_one-1"}` or the slug itself.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum TaskReference {
    Slug(String),
    Task { slug: String },
}

impl TaskReference {
    pub(super) fn slug(&self) -> &str {
        match self {
            Self::Slug(slug) | Self::Task { slug } => slug,
        }
    }
}

impl SerializedTask {
    /// The trigger's function: `trigger.fn`, or the trigger when it is a text itself.
    pub(super) fn trigger(&self) -> Option<&str> {
        self.trigger.get("fn").unwrap_or(&self.trigger).as_str()
    }

    /// The delay as an interval, `00:01:30`. A fraction of a second is kept: `00:00:00.5`.
    pub(super) fn retry_delay(&self) -> Option<String> {
        // Whole microseconds first: rounded by parts, 59.9999999 would have sixty seconds.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates, at half a million years"
        )]
        let delay = (self.retry_delay?.max(0.0) * 1e6).round() as u64;
        let (seconds, micros) = (delay / 1_000_000, delay % 1_000_000);
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        let interval = format!("{hours:02}:{minutes:02}:{:02}.{micros:06}", seconds % 60);
        Some(interval.trim_end_matches('0').trim_end_matches('.').to_owned())
    }
}

/// Reads one thing of a flow, or says which is wrong and how.
pub(super) fn read<T: for<'de> Deserialize<'de>>(what: &str, json: &Json) -> Result<T, Error> {
    T::deserialize(json).map_err(|e| Error::client(format!("Invalid {what}: {e}.")))
}

fn null_as_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(d: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(d)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn delays_become_intervals() {
        for (seconds, interval) in [
            (json!(1), Some("00:00:01")),
            (json!(90.0), Some("00:01:30")),
            (json!(0.5), Some("00:00:00.5")),
            (json!(90_061.25), Some("25:01:01.25")),
            (json!(0), Some("00:00:00")),
            (json!(600), Some("00:10:00")),
            (json!(59.9999999), Some("00:01:00")),
            (json!(3599.9999999), Some("01:00:00")),
            (json!(0.0000001), Some("00:00:00")),
            (json!(1.000001), Some("00:00:01.000001")),
            (json!(null), None),
        ] {
            let task: SerializedTask = read("task", &json!({"slug": "s", "retry_delay": seconds})).unwrap();
            assert_eq!(task.retry_delay().as_deref(), interval, "{seconds}");
        }
    }

    #[test]
    fn triggers_are_functions_or_texts() {
        for (trigger, expected) in [
            (
                json!({"fn": "prefect.triggers.all_successful", "kwargs": {}}),
                Some("prefect.triggers.all_successful"),
            ),
            (json!("all_finished"), Some("all_finished")),
            (json!(null), None),
        ] {
            let task: SerializedTask = read("task", &json!({"slug": "s", "trigger": trigger})).unwrap();
            assert_eq!(task.trigger(), expected);
        }
    }

    #[test]
    fn a_task_without_a_slug_is_refused_by_name() {
        let error = read::<SerializedTask>("task", &json!({"name": "n"})).unwrap_err();
        assert_eq!(error.to_string(), "Invalid task: missing field `slug`.");
    }
}

//! One object of an answer, and how its fields become our own types.
//!
//! The documents are checked against the schema when the dashboard is compiled; the answers are read here by name,
//! because a generated type per operation makes the module larger by a third.

use std::str::FromStr;

use flowdeck_vocabulary::{Labels, StateType};
use serde_json::Value;

use super::ApiError;
use crate::model::Timestamp;

/// A JSON object of an answer. Every error names the field.
#[derive(Clone, Copy)]
pub struct Row<'a>(pub &'a Value);

impl<'a> Row<'a> {
    /// A field, `Null` when the server says so.
    fn field(self, name: &str) -> &'a Value {
        let field = self.0.get(name);
        debug_assert!(field.is_some(), "no document asks for `{name}` here: {}", self.0);
        field.unwrap_or(&Value::Null)
    }

    fn str(self, name: &str) -> Option<&'a str> {
        self.field(name).as_str()
    }

    /// A text that is always there.
    pub fn text(self, name: &str) -> Result<String, ApiError> {
        self.some_text(name).ok_or_else(|| missing(name))
    }

    /// A text that may be missing.
    pub fn some_text(self, name: &str) -> Option<String> {
        self.str(name).map(str::to_owned)
    }

    /// A text, empty when it is missing.
    pub fn text_or_empty(self, name: &str) -> String {
        self.some_text(name).unwrap_or_default()
    }

    /// One of our ids, or a number that arrives as text.
    pub fn id<T: FromStr>(self, name: &str) -> Result<T, ApiError> {
        self.some_id(name)?.ok_or_else(|| missing(name))
    }

    /// An id that may be missing.
    pub fn some_id<T: FromStr>(self, name: &str) -> Result<Option<T>, ApiError> {
        self.str(name)
            .map(|text| text.parse().map_err(|_| strange(name, text)))
            .transpose()
    }

    /// A point in time.
    pub fn time(self, name: &str) -> Result<Timestamp, ApiError> {
        self.some_time(name)?.ok_or_else(|| missing(name))
    }

    /// A point in time that may not have come yet.
    pub fn some_time(self, name: &str) -> Result<Option<Timestamp>, ApiError> {
        self.str(name)
            .map(|text| Timestamp::parse(text).ok_or_else(|| strange(name, text)))
            .transpose()
    }

    /// The `end_time` of a run that has ended by its `state`. Of one that goes on again the server keeps the end that was
    /// not the last.
    pub fn end(self) -> Result<Option<Timestamp>, ApiError> {
        let end = self.some_time("end_time")?;
        Ok(end.filter(|_| self.state("state").is_finished()))
    }

    /// A whole number that may be missing.
    pub fn whole(self, name: &str) -> Option<i64> {
        self.field(name).as_i64()
    }

    /// A count; what is missing counts nothing.
    pub fn count(self, name: &str) -> usize {
        self.whole(name)
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(0)
    }

    /// The count of an `…_aggregate { aggregate { count } }`.
    pub fn aggregate_count(self, name: &str) -> usize {
        self.some_row(name)
            .and_then(|found| found.some_row("aggregate"))
            .map_or(0, |aggregate| aggregate.count("count"))
    }

    /// A yes or no; missing is no.
    pub fn flag(self, name: &str) -> bool {
        self.field(name).as_bool().unwrap_or(false)
    }

    /// A state's name. One that a newer server has and we do not know shows as Pending rather than not at all.
    pub fn state(self, name: &str) -> StateType {
        self.str(name)
            .and_then(|name| name.parse().ok())
            .unwrap_or(StateType::Pending)
    }

    /// A list of labels; anything else is none.
    pub fn labels(self, name: &str) -> Labels {
        labels(self.field(name))
    }

    /// Any JSON, `Null` when it is missing.
    pub fn json(self, name: &str) -> Value {
        self.field(name).clone()
    }

    /// Any JSON that is there.
    pub fn some_json(self, name: &str) -> Option<Value> {
        Some(self.field(name)).filter(|json| !json.is_null()).cloned()
    }

    /// An object that is always there.
    pub fn row(self, name: &str) -> Result<Row<'a>, ApiError> {
        self.some_row(name).ok_or_else(|| missing(name))
    }

    /// An object that may be missing.
    pub fn some_row(self, name: &str) -> Option<Row<'a>> {
        Some(self.field(name)).filter(|json| json.is_object()).map(Row)
    }

    /// The objects of a list.
    pub fn rows(self, name: &str) -> impl DoubleEndedIterator<Item = Row<'a>> + use<'a> {
        let list = self.field(name).as_array().map_or(&[][..], Vec::as_slice);
        list.iter().map(Row)
    }

    /// The objects of a list, each read by `read`.
    pub fn list<T>(self, name: &str, read: fn(Row<'a>) -> Result<T, ApiError>) -> Result<Vec<T>, ApiError> {
        self.rows(name).map(read).collect()
    }
}

/// A list of labels; anything else is none.
pub fn labels(json: &Value) -> Labels {
    json.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn missing(name: &str) -> ApiError {
    ApiError::Malformed(format!("there is no `{name}` in it"))
}

fn strange(name: &str, text: &str) -> ApiError {
    ApiError::Malformed(format!("'{text}' cannot be its `{name}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_that_cannot_be_read_is_named() {
        let row = json!({ "created": "yesterday", "flow": null });
        let row = Row(&row);
        let strange = row.time("created").unwrap_err().to_string();
        assert!(
            strange.contains("'yesterday'") && strange.contains("`created`"),
            "{strange}"
        );
        let missing = row.row("flow").err().map(|error| error.to_string());
        assert!(missing.is_some_and(|missing| missing.contains("`flow`")));
    }

    #[test]
    fn what_goes_on_again_has_no_end() {
        for (state, has_end) in [("Failed", true), ("Running", false), ("Retrying", false)] {
            let row = json!({ "state": state, "end_time": "2026-11-23T14:02:00Z" });
            assert_eq!(Row(&row).end().unwrap().is_some(), has_end, "{state}");
        }
    }

    #[test]
    fn what_may_be_missing_is_not_an_error() {
        let row = json!({ "end_time": null, "state": "FromTheFuture", "labels": "x", "task_runs": null, "n": null });
        let row = Row(&row);
        assert_eq!(row.some_time("end_time"), Ok(None));
        assert_eq!(row.state("state"), StateType::Pending);
        assert_eq!(row.labels("labels"), Labels::default());
        assert_eq!(row.rows("task_runs").count(), 0);
        assert_eq!(row.aggregate_count("n"), 0);
    }
}

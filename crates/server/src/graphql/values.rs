//! Arguments of comparisons in the form in which columns are stored, so that they can be compared as they are.

use serde_json::Value as Json;
use uuid::Uuid;

use super::catalogue::ColumnType;
use super::errors::GraphqlError;
use crate::store::Value;
use crate::time;

/// The argument as a parameter of a statement.
pub fn parameter(ty: ColumnType, value: &Json) -> Result<Value, GraphqlError> {
    Ok(match stored(ty, value)? {
        Json::Number(number) => number.as_i64().map_or(Value::Null, Value::Integer),
        Json::String(text) => Value::Text(text),
        other => Value::Text(other.to_string()),
    })
}

/// The argument in the form of the column: uuids in lower case, times in UTC, booleans as 0 and 1.
pub fn stored(ty: ColumnType, value: &Json) -> Result<Json, GraphqlError> {
    match (ty, value) {
        (ColumnType::Uuid, Json::String(text)) => uuid(text).map(Json::String),
        (ColumnType::Timestamp, Json::String(text)) => match time::parse(text) {
            Some(moment) => Ok(Json::String(time::format(moment))),
            None => Err(invalid(
                "timestamptz",
                value,
                "ISO 8601 is expected, such as 2026-11-23T04:19:38Z",
            )),
        },
        (ColumnType::Boolean, Json::Bool(value)) => Ok(Json::from(u8::from(*value))),
        (ColumnType::Integer, Json::Number(number)) if number.is_i64() => Ok(value.clone()),
        (ColumnType::Text | ColumnType::Interval, Json::String(_)) => Ok(value.clone()),
        (ColumnType::Json, _) => Ok(Json::String(value.to_string())),
        _ => Err(invalid(ty.scalar(), value, "it is of another kind")),
    }
}

/// A uuid in lower case with hyphens.
pub fn uuid(text: &str) -> Result<String, GraphqlError> {
    Uuid::try_parse(text.trim())
        .map(|uuid| uuid.hyphenated().to_string())
        .map_err(|_| GraphqlError::bad_input(format!("invalid input syntax for type uuid: \"{text}\"")))
}

/// Several uuids: the text of a Postgres array, `{a,b}`, or a JSON list.
pub fn uuids(value: &Json) -> Result<Vec<String>, GraphqlError> {
    match value {
        Json::String(text) => {
            let inner = text
                .trim()
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'));
            let inner = inner.ok_or_else(|| invalid("_uuid", value, "\"{id,id}\" or a list is expected"))?;
            let items = inner.split(',').map(|item| item.trim().trim_matches('"'));
            items.filter(|item| !item.is_empty()).map(uuid).collect()
        }
        Json::Array(items) => items
            .iter()
            .map(|item| {
                item.as_str()
                    .ok_or_else(|| invalid("_uuid", value, "its items must be strings"))
                    .and_then(uuid)
            })
            .collect(),
        _ => Err(invalid("_uuid", value, "\"{id,id}\" or a list is expected")),
    }
}

fn invalid(ty: &str, value: &Json, why: &str) -> GraphqlError {
    GraphqlError::bad_input(format!("invalid input syntax for type {ty}: {value}; {why}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn arguments_take_the_form_of_the_column() {
        let id = "7B7A5D0E-1C7E-4B57-9C7E-0A5B1C2D3E4F";
        for (ty, given, expected) in [
            (ColumnType::Uuid, json!(id), json!(id.to_lowercase())),
            (
                ColumnType::Uuid,
                json!(id.replace('-', "")),
                json!(id.to_lowercase()),
            ),
            (
                ColumnType::Timestamp,
                json!("2026-11-23 05:00:00+01"),
                json!("2026-11-23T04:00:00.000000+00:00"),
            ),
            (
                ColumnType::Timestamp,
                json!("2026-11-23 05:00:00.5+01:00"),
                json!("2026-11-23T04:00:00.500000+00:00"),
            ),
            (
                ColumnType::Timestamp,
                json!("2026-11-23T04:00:00"),
                json!("2026-11-23T04:00:00.000000+00:00"),
            ),
            (ColumnType::Boolean, json!(true), json!(1)),
            (ColumnType::Integer, json!(-1), json!(-1)),
        ] {
            assert_eq!(stored(ty, &given).unwrap(), expected, "{given}");
        }
    }

    #[test]
    fn nonsense_is_named() {
        let error = stored(ColumnType::Uuid, &json!("nonsense")).unwrap_err();
        assert_eq!(error.message, "invalid input syntax for type uuid: \"nonsense\"");
        assert!(
            stored(ColumnType::Timestamp, &json!("tomorrow"))
                .unwrap_err()
                .message
                .contains("tomorrow")
        );
        assert!(stored(ColumnType::Integer, &json!(1.5)).is_err());
    }

    #[test]
    fn lists_of_uuids_come_in_two_forms() {
        let id = "7b7a5d0e-1c7e-4b57-9c7e-0a5b1c2d3e4f";
        assert_eq!(uuids(&json!(format!("{{{id}, \"{id}\"}}"))).unwrap(), [id, id]);
        assert_eq!(uuids(&json!([id])).unwrap(), [id]);
        assert_eq!(uuids(&json!("{}")).unwrap(), Vec::<String>::new());
        assert!(uuids(&json!("{x}")).is_err());
    }
}

//! How the API's scalars arrive, and how they become our own types.

use std::str::FromStr;

use flowdeck_vocabulary::{Labels, StateType};
use serde_json::Value;

use super::ApiError;
use crate::model::Timestamp;

/// `uuid` of the tables, `UUID` of the mutations.
pub type Uuid = String;
/// `timestamptz` of the tables.
pub type Timestamptz = String;
/// `jsonb` of the tables.
pub type Jsonb = Value;
/// `JSON` of the mutations.
pub type Json = Value;
/// `interval` of the tables: `HH:MM:SS`.
pub type Interval = String;

/// One of our ids.
pub fn id<T: FromStr>(text: &str) -> Result<T, ApiError> {
    text.parse()
        .map_err(|_| ApiError::Malformed(format!("'{text}' is no id")))
}

/// A point in time.
pub fn time(text: &str) -> Result<Timestamp, ApiError> {
    Timestamp::parse(text).ok_or_else(|| ApiError::Malformed(format!("'{text}' is no time")))
}

/// A point in time that may not have come yet.
pub fn some_time(text: Option<&String>) -> Result<Option<Timestamp>, ApiError> {
    text.map(|text| time(text)).transpose()
}

/// A state's name. One that a newer server has and we do not know shows as Pending rather than not at all.
pub fn state(name: Option<&String>) -> StateType {
    name.and_then(|name| name.parse().ok())
        .unwrap_or(StateType::Pending)
}

/// A list of labels; anything else is none.
pub fn labels(json: &Value) -> Labels {
    json.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

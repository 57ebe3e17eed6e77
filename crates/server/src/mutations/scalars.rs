//! Reading the scalars of inputs: times and JSON.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Map, Value as Json};

use crate::time;

/// A `DateTime` argument.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment(pub(super) Timestamp);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        time::parse(&text)
            .map(Self)
            .ok_or_else(|| D::Error::custom(format!("'{text}' is not a time in ISO-8601")))
    }
}

/// A `JSON` argument that holds an object; null stands for an empty one. Some clients send the object as text.
pub(super) fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Json>, D::Error> {
    match unwrapped(Json::deserialize(deserializer)?) {
        Json::Null => Ok(Map::new()),
        Json::Object(object) => Ok(object),
        other => Err(D::Error::custom(format!("expected a JSON object, found {other}"))),
    }
}

/// A `JSON` argument; an object or list that comes as text is read.
pub(super) fn json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
    Ok(unwrapped(Json::deserialize(deserializer)?))
}

/// As [`json`], with null as nothing.
pub(super) fn optional_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    json(deserializer).map(|json| Some(json).filter(|json| !json.is_null()))
}

fn unwrapped(json: Json) -> Json {
    let Json::String(text) = &json else { return json };
    match serde_json::from_str(text) {
        Ok(inner @ (Json::Object(_) | Json::Array(_))) => inner,
        _ => json,
    }
}

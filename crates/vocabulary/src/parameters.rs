//! Parameters of a flow: declared with a default or required, given when a flow run is created.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One parameter as a registered flow declares it (contract 2.1, `flow.parameters`).
///
/// `value_type` is Flowdeck's own addition: flows of the Python client do not carry it, and it is left out
/// of the JSON when unknown. Keys we do not know are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// The name under which a value is given.
    pub name: String,
    /// Whether a flow run needs a value for it.
    #[serde(default)]
    pub required: bool,
    /// The value used when none is given.
    #[serde(default)]
    pub default: Value,
    /// The type of the value, where the flow says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_type: Option<ParameterType>,
    /// All other keys of the declaration (`slug`, `tags`, `type`, …), as they came.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The type of a parameter's value, in the words of JSON schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterType {
    /// true or false
    Boolean,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// Text.
    String,
    /// A JSON array.
    Array,
    /// A JSON object.
    Object,
}

impl ParameterType {
    /// The word for this type in messages and on screen.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// Whether `value` has this type. `null` has every type: it stands for "no value".
    #[must_use]
    pub fn accepts(self, value: &Value) -> bool {
        match self {
            _ if value.is_null() => true,
            Self::Boolean => value.is_boolean(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::Array => value.is_array(),
            Self::Object => value.is_object(),
        }
    }
}

/// The names of the required parameters for which `given` has no value (contract 4.4).
pub fn missing_parameters<'a>(
    parameters: &'a [Parameter],
    given: &'a Map<String, Value>,
) -> impl Iterator<Item = &'a str> {
    parameters
        .iter()
        .filter(|p| p.required && !given.contains_key(&p.name))
        .map(|p| p.name.as_str())
}

/// Whether a value counts as true in Python: the server fills in only such defaults (contract 4.4).
#[must_use]
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(b) => *b,
        Value::Number(n) => n.as_f64() != Some(0.0),
        Value::String(s) => !s.is_empty(),
        Value::Array(a) => !a.is_empty(),
        Value::Object(o) => !o.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unknown_keys_of_a_declaration_are_kept() {
        let declared = json!({"name": "n", "required": true, "default": null, "slug": "n", "tags": ["x"]});
        let parameter: Parameter = serde_json::from_value(declared.clone()).unwrap();
        assert_eq!(serde_json::to_value(parameter).unwrap(), declared);
    }

    #[test]
    fn missing_names_only_required_parameters_without_a_value() {
        let parameters: Vec<Parameter> = serde_json::from_value(json!([
            {"name": "a", "required": true}, {"name": "b", "required": true}, {"name": "c", "default": 1},
        ]))
        .unwrap();
        let given = json!({"a": null});
        let missing: Vec<_> = missing_parameters(&parameters, given.as_object().unwrap()).collect();
        assert_eq!(missing, ["b"]);
    }

    #[test]
    fn types_accept_their_values() {
        for (value_type, yes, no) in [
            (ParameterType::Integer, json!(3), json!(3.5)),
            (ParameterType::Number, json!(3.5), json!("3.5")),
            (ParameterType::Boolean, json!(false), json!(0)),
            (ParameterType::String, json!(""), json!([])),
            (ParameterType::Array, json!([1]), json!({})),
            (ParameterType::Object, json!({}), json!([])),
        ] {
            assert!(value_type.accepts(&yes), "{value_type:?} {yes}");
            assert!(!value_type.accepts(&no), "{value_type:?} {no}");
            assert!(value_type.accepts(&Value::Null));
        }
    }
}

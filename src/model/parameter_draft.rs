//! Values for parameters as a person types them: what a text means, whether it has changed, and what is wrong with it.

use std::fmt;

use flowdeck_vocabulary::{Parameter, ParameterType, truthy};
use serde_json::{Map, Value};

use super::Timestamp;

/// What is wrong with what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// One sentence.
    pub message: String,
    /// Where in the text: line and column, from 1.
    pub at: Option<(usize, usize)>,
}

impl FieldError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            at: None,
        }
    }

    /// How many UTF-16 units of `text` are before the place, as a browser counts them.
    #[must_use]
    pub fn offset_in(&self, text: &str) -> usize {
        let Some((line, column)) = self.at else {
            return 0;
        };
        let units = |text: &str| text.encode_utf16().count();
        let mut lines = text.split_inclusive('\n');
        let before: usize = lines.by_ref().take(line - 1).map(units).sum();
        let prefix: String = lines
            .next()
            .unwrap_or_default()
            .chars()
            .take(column.saturating_sub(1))
            .collect();
        before + units(&prefix)
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some((line, column)) => write!(f, "Line {line}, column {column}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// What is wrong, and the number of the field it is in; `None` for all parameters as one text.
pub type ParameterError = (Option<usize>, FieldError);

/// Reads JSON, or says where it stops being that.
pub fn read_json(text: &str) -> Result<Value, FieldError> {
    serde_json::from_str(text).map_err(|error| {
        let (line, bytes) = (error.line().max(1), error.column());
        let in_line = text.split('\n').nth(line - 1).unwrap_or_default();
        let end = in_line.floor_char_boundary(bytes.saturating_sub(1));
        let column = in_line[..end].chars().count() + 1;
        let place = format!(" at line {} column {}", error.line(), error.column());
        let words = error.to_string();
        let message = if error.is_eof() {
            "the JSON ends before it is complete."
        } else {
            words.strip_suffix(&place).unwrap_or(&words)
        };
        FieldError {
            message: format!("{}.", message.trim_end_matches('.')),
            at: Some((line, column)),
        }
    })
}

/// Reads a JSON object; nothing at all counts as an empty one.
pub fn read_object(text: &str) -> Result<Map<String, Value>, FieldError> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    match read_json(text)? {
        Value::Object(map) => Ok(map),
        _ => Err(FieldError::new("It takes a JSON object, such as {\"n\": 3}.")),
    }
}

/// JSON as a person edits it: in one line where that is short.
#[must_use]
pub fn json_text(value: &Value) -> String {
    const SHORT: usize = 48;
    let line = crate::json::compact(value);
    if line.len() <= SHORT {
        return line;
    }
    crate::json::pretty(value)
}

/// How a value is typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputKind {
    /// JSON if it reads as that, otherwise the text itself.
    Auto,
    /// The text itself.
    Text,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// True or false.
    Boolean,
    /// A point in time, ISO 8601.
    DateTime,
    /// A JSON array.
    List,
    /// A JSON object.
    Object,
    /// One of the values the flow offers.
    Choice,
    /// No value: null.
    Null,
}

impl InputKind {
    /// What there is to choose from where a flow does not say the type.
    const ANY: [Self; 9] = [
        Self::Auto,
        Self::Text,
        Self::Integer,
        Self::Number,
        Self::Boolean,
        Self::DateTime,
        Self::List,
        Self::Object,
        Self::Null,
    ];

    /// Its word on screen.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Text => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::DateTime => "date and time",
            Self::List => "array",
            Self::Object => "object",
            Self::Choice => "choice",
            Self::Null => "none",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let all = Self::ANY.into_iter().chain([Self::Choice]);
        all.into_iter().find(|kind| kind.word() == word)
    }

    fn of_type(value_type: ParameterType) -> Self {
        match value_type {
            ParameterType::Boolean => Self::Boolean,
            ParameterType::Integer => Self::Integer,
            ParameterType::Number => Self::Number,
            ParameterType::String => Self::Text,
            ParameterType::Array => Self::List,
            ParameterType::Object => Self::Object,
        }
    }

    fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.is_f64() => Self::Number,
            Value::Number(_) => Self::Integer,
            Value::String(text) if text.get(10..11) == Some("T") && Timestamp::parse(text).is_some() => {
                Self::DateTime
            }
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }

    /// Whether this value can be typed in this way.
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Auto | Self::Choice => true,
            Self::DateTime => value
                .as_str()
                .is_some_and(|text| Timestamp::parse(text).is_some()),
            Self::Number => value.is_number(),
            kind => kind == Self::of_value(value),
        }
    }

    fn text_of(self, value: &Value) -> String {
        match (self, value) {
            (_, Value::Null) => String::new(),
            (Self::Text | Self::DateTime, Value::String(text)) => text.clone(),
            (Self::Auto, Value::String(text)) if serde_json::from_str::<Value>(text).is_err() => text.clone(),
            (Self::List | Self::Object | Self::Auto, value) => json_text(value),
            (_, value) => crate::json::compact(value),
        }
    }
}

/// One parameter with what is typed for it.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterField {
    /// The name under which the value is given.
    pub name: String,
    /// Whether a run needs a value.
    pub required: bool,
    /// Whether the flow has such a parameter.
    pub declared: bool,
    /// What the flow says about it.
    pub hint: Option<String>,
    /// The ways in which it can be typed in.
    pub kinds: Vec<InputKind>,
    /// The values the flow offers, if it takes no others.
    pub choices: Vec<Value>,
    /// The value that holds when none is given; `None` when there is none.
    pub base: Option<Value>,
    /// Whether that is one set for all versions of the flow.
    pub base_is_of_group: bool,
    /// How it is typed in.
    pub kind: InputKind,
    /// What is typed.
    pub text: String,
    /// Whether somebody gave it a value, if only the same one.
    pub given: bool,
    value_type: Option<ParameterType>,
    least: Option<Value>,
    most: Option<Value>,
}

/// The one of several that is as wanted, when there is just one.
fn one_that_is(all: Option<&Vec<Value>>, is: impl Fn(&Value) -> bool) -> Option<&Value> {
    let mut found = all?.iter().filter(|one| is(one));
    found.next().filter(|_| found.next().is_none())
}

/// A schema that allows null beside something else, without the null: `{"anyOf": [{"type": "integer"}, {"type":
/// "null"}]}` is how an optional integer is written.
fn not_null(schema: &Value) -> &Value {
    let either = ["anyOf", "oneOf"].iter().find_map(|key| schema.get(key));
    let is_something = |one: &Value| one.get("type").is_none_or(|name| name != "null");
    one_that_is(either.and_then(Value::as_array), is_something).unwrap_or(schema)
}

impl ParameterField {
    fn of(parameter: &Parameter, group: &Map<String, Value>) -> Self {
        let whole = parameter.other.get("schema").unwrap_or(&Value::Null);
        let schema = not_null(whole);
        let word = |key: &str| whole.get(key).or(schema.get(key)).and_then(Value::as_str);
        let value_type = parameter.value_type.or_else(|| {
            let named = schema.get("type")?;
            let named = one_that_is(named.as_array(), |name| name != "null").unwrap_or(named);
            serde_json::from_value(named.clone()).ok()
        });
        let choices = schema.get("enum").and_then(Value::as_array).cloned();
        let is_time = word("format") == Some("date-time")
            || parameter
                .other
                .get("type")
                .and_then(Value::as_str)
                .is_some_and(|name| name.ends_with("DateTimeParameter"));
        let of_group = group.get(&parameter.name);
        let own = Some(&parameter.default).filter(|value| !parameter.required || truthy(value));
        let base = of_group.or(own).cloned();
        let (kind, kinds) = match (&choices, is_time, value_type) {
            (Some(_), ..) => (InputKind::Choice, vec![InputKind::Choice]),
            (None, true, _) => (
                InputKind::DateTime,
                vec![InputKind::DateTime, InputKind::Text, InputKind::Null],
            ),
            (None, false, Some(value_type)) => {
                let kind = InputKind::of_type(value_type);
                (kind, vec![kind, InputKind::Null])
            }
            (None, false, None) => {
                let kind = match &base {
                    None | Some(Value::Null) => InputKind::Auto,
                    Some(value) => InputKind::of_value(value),
                };
                (kind, InputKind::ANY.to_vec())
            }
        };
        let mut field = Self {
            name: parameter.name.clone(),
            required: parameter.required,
            declared: true,
            hint: word("description").map(str::to_owned),
            kinds,
            choices: choices.unwrap_or_default(),
            base_is_of_group: of_group.is_some(),
            base,
            kind,
            text: String::new(),
            given: false,
            value_type,
            least: schema.get("minimum").cloned(),
            most: schema.get("maximum").cloned(),
        };
        field.reset();
        field
    }

    /// One that the flow does not have.
    fn unknown(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            required: false,
            declared: false,
            hint: None,
            kinds: InputKind::ANY.to_vec(),
            choices: Vec::new(),
            base: None,
            base_is_of_group: false,
            kind: InputKind::Auto,
            text: String::new(),
            given: false,
            value_type: None,
            least: None,
            most: None,
        }
    }

    /// Back to what holds when nothing is given.
    pub fn reset(&mut self) {
        self.put(self.base.clone().unwrap_or_default());
        if self.base.as_ref().is_none_or(Value::is_null) && self.kind == InputKind::Null {
            self.kind = self.kinds[0];
        }
        self.given = false;
    }

    fn put(&mut self, value: Value) {
        // What could not be read went into the JSON as text; it comes back as what it was.
        if self.given && value.as_str() == Some(&self.text) && self.value().is_err() {
            return;
        }
        let own = self.kinds[0];
        self.kind = match () {
            () if value.is_null() => InputKind::Null,
            () if self.kind != InputKind::Null && self.kind.fits(&value) => self.kind,
            () if own != InputKind::Auto && own.fits(&value) => own,
            () => InputKind::of_value(&value),
        };
        self.text = self.kind.text_of(&value);
        self.given = true;
    }

    /// The value that is typed; `None` when there is none.
    pub fn value(&self) -> Result<Option<Value>, FieldError> {
        let text = self.text.as_str();
        let has_base = self.base.as_ref().is_some_and(|value| !value.is_null());
        let takes = || {
            let word = self.value_type.map_or(self.kind.word(), ParameterType::word);
            FieldError::new(format!("It takes a value of type {word}."))
        };
        let value = match self.kind {
            InputKind::Null => Value::Null,
            _ if text.is_empty() && !has_base => return Ok(self.base.clone()),
            InputKind::Text => Value::from(text),
            InputKind::Auto => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
            InputKind::DateTime if Timestamp::parse(text).is_some() => Value::from(text),
            InputKind::DateTime => {
                return Err(FieldError::new(
                    "It takes a time, such as 2026-11-26T14:00:00+01:00.",
                ));
            }
            InputKind::List | InputKind::Object => {
                let value = read_json(text)?;
                if !self.kind.fits(&value) {
                    return Err(takes());
                }
                value
            }
            InputKind::Integer | InputKind::Number | InputKind::Boolean => {
                let value = serde_json::from_str(text.trim()).unwrap_or_default();
                if !self.kind.fits(&value) {
                    return Err(takes());
                }
                value
            }
            InputKind::Choice => serde_json::from_str(text).unwrap_or_default(),
        };
        if self.value_type.is_some_and(|known| !known.accepts(&value)) {
            return Err(takes());
        }
        if self.kind == InputKind::Choice && !self.choices.contains(&value) {
            return Err(FieldError::new("It takes one of the values of the list."));
        }
        let bound = |bound: &Option<Value>| Some((value.as_f64()?, bound.as_ref()?.as_f64()?));
        if let (Some((value, least)), Some(words)) = (bound(&self.least), &self.least)
            && value < least
        {
            return Err(FieldError::new(format!(
                "It takes at least {}.",
                crate::json::compact(words)
            )));
        }
        if let (Some((value, most)), Some(words)) = (bound(&self.most), &self.most)
            && value > most
        {
            return Err(FieldError::new(format!(
                "It takes at most {}.",
                crate::json::compact(words)
            )));
        }
        Ok(Some(value))
    }

    /// Whether something else than the default is typed, if only something wrong.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.given && self.value().map_or(true, |value| value != self.base)
    }

    /// The value as JSON, also of a text that is wrong: then the text itself, so that nothing typed is lost.
    fn as_json(&self) -> Option<Value> {
        self.value()
            .unwrap_or_else(|_| Some(Value::from(self.text.clone())))
    }
}

/// What the values are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParametersFor {
    /// One run: it needs a value for each required parameter, and the flow takes no others.
    Run,
    /// Many runs, which may still get other values.
    Defaults,
}

/// Values for all parameters of a flow, field by field or as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct ParametersDraft {
    /// What for.
    pub purpose: ParametersFor,
    /// Field by field.
    pub fields: Vec<ParameterField>,
    /// The text, while all are typed as JSON.
    pub json: Option<String>,
}

impl ParametersDraft {
    /// With the defaults of the flow and over them those of its group.
    #[must_use]
    pub fn new(purpose: ParametersFor, parameters: &[Parameter], group: &Value) -> Self {
        let none = Map::new();
        let group = group.as_object().unwrap_or(&none);
        Self {
            purpose,
            fields: parameters
                .iter()
                .map(|parameter| ParameterField::of(parameter, group))
                .collect(),
            json: None,
        }
    }

    /// Puts these values in, and the defaults where there is none. Those the flow does not have are kept.
    pub fn fill(&mut self, values: &Map<String, Value>) {
        self.fields
            .retain(|field| field.declared || values.contains_key(&field.name));
        for field in &mut self.fields {
            match values.get(&field.name) {
                Some(value) => field.put(value.clone()),
                None => field.reset(),
            }
        }
        for (name, value) in values {
            if !self.fields.iter().any(|field| field.name == *name) {
                let mut field = ParameterField::unknown(name);
                field.put(value.clone());
                self.fields.push(field);
            }
        }
    }

    /// Takes over what was typed into an earlier draft of the same flow.
    pub fn keep_typed(&mut self, earlier: &Self) {
        for old in earlier.fields.iter().filter(|field| field.given) {
            match self.fields.iter_mut().find(|field| field.name == old.name) {
                Some(field) => {
                    (field.kind, field.text, field.given) = (old.kind, old.text.clone(), true);
                }
                None if !old.declared => self.fields.push(old.clone()),
                None => {}
            }
        }
        self.json.clone_from(&earlier.json);
    }

    /// What is typed here, over the values that are saved now (`after`). What is as it was saved `before` follows them.
    #[must_use]
    pub fn over(&self, before: &Self, mut after: Self) -> Self {
        if let Some(text) = &self.json {
            let is_as_before = read_object(text).is_ok_and(|values| values == before.as_json());
            after.json = Some(if is_as_before {
                crate::json::pretty(&Value::Object(after.as_json()))
            } else {
                text.clone()
            });
            return after;
        }
        let find = |draft: &Self, name: &str| draft.fields.iter().position(|field| field.name == name);
        for typed in &self.fields {
            let is_typed =
                |field: &ParameterField| (field.given, field.as_json()) != (typed.given, typed.as_json());
            let was = find(before, &typed.name).map(|place| &before.fields[place]);
            if was.is_some_and(|was| !is_typed(was)) {
                continue;
            }
            match find(&after, &typed.name) {
                Some(place) => {
                    let field = &mut after.fields[place];
                    if is_typed(field) {
                        (field.kind, field.text, field.given) = (typed.kind, typed.text.clone(), typed.given);
                    }
                }
                None if !typed.declared => after.fields.push(typed.clone()),
                None => {}
            }
        }
        // Those that were taken away.
        after.fields.retain(|field| {
            field.declared || find(self, &field.name).is_some() || find(before, &field.name).is_none()
        });
        after
    }

    /// Whether the same is sent of both; of what is wrong, whether the same is typed.
    #[must_use]
    pub fn gives_same(&self, other: &Self) -> bool {
        match (self.to_send(), other.to_send()) {
            (Ok(one), Ok(other)) => one == other,
            _ => self == other,
        }
    }

    /// The values as one JSON object: of a run all there are, of defaults those that are given.
    #[must_use]
    pub fn as_json(&self) -> Map<String, Value> {
        let shown = |field: &&ParameterField| self.purpose == ParametersFor::Run || field.given;
        self.fields
            .iter()
            .filter(shown)
            .filter_map(|field| Some((field.name.clone(), field.as_json()?)))
            .collect()
    }

    /// Goes over to JSON for all.
    pub fn turn_to_json(&mut self) {
        let map = Value::Object(self.as_json());
        self.json = Some(crate::json::pretty(&map));
    }

    /// Goes back to fields. As long as the JSON cannot be read nothing changes, so that nothing is lost.
    pub fn turn_to_fields(&mut self) {
        if let Ok(fields) = self.resolved() {
            *self = Self {
                fields,
                ..self.clone()
            };
            self.json = None;
        }
    }

    /// The fields with what is typed, in whichever way.
    fn resolved(&self) -> Result<Vec<ParameterField>, FieldError> {
        let Some(text) = &self.json else {
            return Ok(self.fields.clone());
        };
        let mut read = self.clone();
        read.fill(&read_object(text)?);
        Ok(read.fields)
    }

    /// What is wrong with a field: what is typed, that nothing is, or that the flow has no such parameter.
    #[must_use]
    pub fn error_of(&self, field: &ParameterField) -> Option<FieldError> {
        let for_run = self.purpose == ParametersFor::Run;
        if !field.declared && for_run {
            return Some(FieldError::new(
                "The flow has no such parameter. Remove it to start the run.",
            ));
        }
        match field.value() {
            Ok(None) if for_run && field.required => Some(FieldError::new("It needs a value.")),
            Ok(_) => None,
            Err(error) => Some(error),
        }
    }

    /// What is to be sent: only what differs from the defaults, or of defaults what is given. Otherwise all that is
    /// wrong, with the number of its field where there are fields.
    pub fn to_send(&self) -> Result<Map<String, Value>, Vec<ParameterError>> {
        let fields = self.resolved().map_err(|error| vec![(None, error)])?;
        let (mut values, mut errors) = (Map::new(), Vec::new());
        for (index, field) in fields.iter().enumerate() {
            if let Some(error) = self.error_of(field) {
                errors.push(match self.json {
                    None => (Some(index), error),
                    // Its place is one in the field, not in the whole.
                    Some(_) => (
                        None,
                        FieldError::new(format!("{}: {}", field.name, error.message)),
                    ),
                });
                continue;
            }
            let is_sent = match self.purpose {
                ParametersFor::Run => field.is_changed(),
                ParametersFor::Defaults => field.given,
            };
            if let (true, Ok(Some(value))) = (is_sent, field.value()) {
                values.insert(field.name.clone(), value);
            }
        }
        if errors.is_empty() {
            Ok(values)
        } else {
            Err(errors)
        }
    }

    /// The first thing that is wrong, and the number of its field where there are fields.
    #[must_use]
    pub fn first_error(&self) -> Option<ParameterError> {
        self.to_send().err()?.into_iter().next()
    }

    /// How many are changed or given, and how many there are.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        let fields = self.resolved().unwrap_or_else(|_| self.fields.clone());
        let changed = fields.iter().filter(|field| match self.purpose {
            ParametersFor::Run => field.is_changed(),
            ParametersFor::Defaults => field.given,
        });
        (changed.count(), fields.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn draft(parameters: Value, group: Value) -> ParametersDraft {
        let parameters: Vec<Parameter> = serde_json::from_value(parameters).unwrap();
        ParametersDraft::new(ParametersFor::Run, &parameters, &group)
    }

    fn typed(parameter: Value, kind: Option<InputKind>, text: &str) -> Result<Map<String, Value>, String> {
        let mut draft = draft(json!([parameter]), json!({}));
        let field = &mut draft.fields[0];
        field.kind = kind.unwrap_or(field.kind);
        (field.text, field.given) = (text.to_owned(), true);
        draft.to_send().map_err(|errors| errors[0].1.to_string())
    }

    #[test]
    fn the_control_follows_type_schema_and_default() {
        use InputKind::{Auto, Boolean, Choice, DateTime, Integer, List, Number, Object, Text};
        for (parameter, kind, text) in [
            (json!({"name": "n", "required": true}), Auto, ""),
            (json!({"name": "n", "default": null}), Auto, ""),
            (json!({"name": "n", "default": 3}), Integer, "3"),
            (json!({"name": "n", "default": 3.0}), Number, "3.0"),
            (json!({"name": "n", "default": false}), Boolean, "false"),
            (json!({"name": "n", "default": "3"}), Text, "3"),
            (json!({"name": "n", "default": [1, 2]}), List, "[1,2]"),
            (json!({"name": "n", "default": {"a": 1}}), Object, r#"{"a":1}"#),
            (
                json!({"name": "n", "value_type": "integer", "default": null}),
                Integer,
                "",
            ),
            (
                json!({"name": "n", "value_type": "number", "default": 2}),
                Number,
                "2",
            ),
            (
                json!({"name": "n", "type": "prefect.core.parameter.DateTimeParameter", "required": true}),
                DateTime,
                "",
            ),
            (
                json!({"name": "n", "schema": {"type": "string", "enum": ["a", "b"]}, "default": "a"}),
                Choice,
                "\"a\"",
            ),
            (
                json!({"name": "n", "schema": {"type": "string", "format": "date-time"}}),
                DateTime,
                "",
            ),
            (json!({"name": "n", "schema": {"type": "array"}}), List, ""),
            (
                json!({"name": "n", "schema": {"type": ["null", "integer"]}}),
                Integer,
                "",
            ),
            (
                json!({"name": "n", "schema": {"anyOf": [{"type": "null"}, {"type": "string", "enum": ["a"]}]}}),
                Choice,
                "",
            ),
            (
                json!({"name": "n", "default": "2026-11-26T14:00:00+01:00"}),
                DateTime,
                "2026-11-26T14:00:00+01:00",
            ),
            (json!({"name": "n", "default": "2026-11-26"}), Text, "2026-11-26"),
        ] {
            let draft = draft(json!([parameter]), json!({}));
            let field = &draft.fields[0];
            assert_eq!((field.kind, field.text.as_str()), (kind, text), "{parameter}");
            assert!(!field.is_changed(), "{parameter}");
        }
    }

    #[test]
    fn what_is_typed_becomes_a_value_or_an_error() {
        use InputKind::{Auto, Boolean, DateTime, Integer, List, Null, Number, Object, Text};
        let any = || json!({"name": "n", "default": null});
        for (parameter, kind, text, expected) in [
            (any(), Auto, "3", Ok(json!(3))),
            (any(), Auto, "/srv", Ok(json!("/srv"))),
            (any(), Auto, "\"3\"", Ok(json!("3"))),
            (any(), Text, "3", Ok(json!("3"))),
            (any(), Integer, " 3 ", Ok(json!(3))),
            (any(), Integer, "3.5", Err("It takes a value of type integer.")),
            (
                any(),
                Integer,
                "99999999999999999999",
                Err("It takes a value of type integer."),
            ),
            (any(), Number, "1e3", Ok(json!(1000.0))),
            (any(), Number, "fast", Err("It takes a value of type number.")),
            (any(), Boolean, "true", Ok(json!(true))),
            (any(), List, "[1]", Ok(json!([1]))),
            (any(), List, "{}", Err("It takes a value of type array.")),
            (
                any(),
                Object,
                "{\n \"a\": }",
                Err("Line 2, column 7: expected value."),
            ),
            (
                any(),
                Object,
                "{\"ä\": 1,}",
                Err("Line 1, column 9: trailing comma."),
            ),
            (
                any(),
                Object,
                "{",
                Err("Line 1, column 1: the JSON ends before it is complete."),
            ),
            (
                any(),
                DateTime,
                "2026-11-26T14:00:00+01:00",
                Ok(json!("2026-11-26T14:00:00+01:00")),
            ),
            (
                any(),
                DateTime,
                "tomorrow",
                Err("It takes a time, such as 2026-11-26T14:00:00+01:00."),
            ),
            (json!({"name": "n", "default": 1}), Null, "", Ok(Value::Null)),
            (json!({"name": "n", "default": "x"}), Text, "", Ok(json!(""))),
            (
                json!({"name": "n", "default": 1}),
                Integer,
                "",
                Err("It takes a value of type integer."),
            ),
            (
                json!({"name": "n", "value_type": "integer", "schema": {"minimum": 2, "maximum": 4}}),
                Integer,
                "1",
                Err("It takes at least 2."),
            ),
            (
                json!({"name": "n", "value_type": "integer", "schema": {"minimum": 2, "maximum": 4}}),
                Integer,
                "5",
                Err("It takes at most 4."),
            ),
            (
                json!({"name": "n", "schema": {"enum": [1, "b"]}}),
                InputKind::Choice,
                "\"b\"",
                Ok(json!("b")),
            ),
            (
                json!({"name": "n", "schema": {"enum": [1, "b"]}}),
                InputKind::Choice,
                "2",
                Err("It takes one of the values of the list."),
            ),
            (
                json!({"name": "n", "required": true}),
                Auto,
                "",
                Err("It needs a value."),
            ),
        ] {
            let sent = typed(parameter.clone(), Some(kind), text);
            let expected = expected
                .map(|value| Map::from_iter([("n".to_owned(), value)]))
                .map_err(str::to_owned);
            assert_eq!(sent, expected, "{parameter} {text}");
        }
    }

    #[test]
    fn only_what_differs_from_the_defaults_is_sent() {
        let parameters = json!([
            {"name": "a", "default": 1}, {"name": "b", "default": 2}, {"name": "c", "default": null},
            {"name": "d", "value_type": "string", "required": true},
        ]);
        let mut draft = draft(parameters, json!({"b": 3, "d": "x"}));
        assert_eq!(draft.to_send(), Ok(Map::new()));
        assert_eq!(
            (draft.fields[1].text.as_str(), draft.fields[1].base_is_of_group),
            ("3", true)
        );
        for field in &mut draft.fields {
            field.given = true;
        }
        draft.fields[0].text = "7".to_owned();
        assert_eq!(Value::Object(draft.to_send().unwrap()), json!({"a": 7}));
        assert_eq!(draft.count(), (1, 4));
        draft.fields[0].reset();
        assert_eq!(draft.count(), (0, 4));
    }

    #[test]
    fn fields_and_json_go_back_and_forth_without_loss() {
        let parameters = json!([
            {"name": "i", "value_type": "integer", "default": 1}, {"name": "t", "value_type": "string", "default": "x"},
            {"name": "any", "default": null}, {"name": "f", "default": 0.5}, {"name": "r", "required": true},
            {"name": "l", "default": []}, {"name": "at", "type": "DateTimeParameter", "default": null},
        ]);
        let mut draft = draft(parameters, json!({}));
        let values = json!({
            "i": 9, "t": "5", "any": "true", "f": 1.0, "r": {"a": [null]}, "l": ["ä\n"],
            "at": "2026-11-26T14:00:00Z", "other": 1,
        });
        draft.fill(values.as_object().unwrap());
        draft.turn_to_json();
        assert_eq!(read_json(draft.json.as_ref().unwrap()).unwrap(), values);
        draft.turn_to_fields();
        assert_eq!(draft.json, None);
        assert_eq!(Value::Object(draft.as_json()), values);
        let texts: Vec<&str> = draft.fields.iter().map(|field| field.text.as_str()).collect();
        assert_eq!(texts[..4], ["9", "5", "\"true\"", "1.0"]);

        // What is wrong stays too, on both sides.
        draft.fields[0].text = "many".to_owned();
        draft.turn_to_json();
        draft.turn_to_fields();
        assert_eq!(draft.fields[0].text, "many");
        assert_eq!(
            draft.to_send().unwrap_err()[0].1.to_string(),
            "It takes a value of type integer."
        );
        draft.json = Some("{\"i\": 1".to_owned());
        draft.turn_to_fields();
        assert!(draft.json.is_some(), "it stays open until it can be read");
        assert_eq!(draft.to_send().unwrap_err()[0].1.at, Some((1, 7)));
    }

    #[test]
    fn a_key_that_is_left_out_of_the_json_gets_its_default() {
        let mut draft = draft(
            json!([{"name": "a", "default": 1}, {"name": "b", "default": 2}]),
            json!({}),
        );
        draft.json = Some(r#"{"a": 5}"#.to_owned());
        draft.turn_to_fields();
        assert_eq!(draft.fields[1].text, "2");
        assert_eq!(Value::Object(draft.to_send().unwrap()), json!({"a": 5}));
    }

    #[test]
    fn a_value_of_another_type_is_shown_as_it_is_and_refused() {
        let mut draft = draft(
            json!([{"name": "t", "value_type": "string", "default": "x"}]),
            json!({}),
        );
        draft.fill(json!({"t": 5}).as_object().unwrap());
        let field = &draft.fields[0];
        assert_eq!((field.kind, field.text.as_str()), (InputKind::Integer, "5"));
        assert_eq!(
            draft.to_send().unwrap_err()[0].1.to_string(),
            "It takes a value of type string."
        );
    }

    #[test]
    fn a_run_takes_no_unknown_parameter_and_defaults_keep_theirs() {
        let mut draft = draft(json!([{"name": "a", "default": 1}]), json!({}));
        draft.fill(json!({"a": 1, "old": 2}).as_object().unwrap());
        assert!(
            draft.to_send().unwrap_err()[0]
                .1
                .message
                .contains("no such parameter")
        );
        draft.purpose = ParametersFor::Defaults;
        assert_eq!(Value::Object(draft.to_send().unwrap()), json!({"a": 1, "old": 2}));
        draft.fields[0].reset();
        assert_eq!(Value::Object(draft.to_send().unwrap()), json!({"old": 2}));
    }

    #[test]
    fn what_was_typed_survives_new_defaults() {
        let parameters = json!([{"name": "a", "default": 1}, {"name": "b", "default": 2}]);
        let mut old = draft(parameters.clone(), json!({}));
        old.fields[0].text = "7".to_owned();
        old.fields[0].given = true;
        let mut new = draft(parameters, json!({"a": 3, "b": 4}));
        new.keep_typed(&old);
        let texts: Vec<&str> = new.fields.iter().map(|field| field.text.as_str()).collect();
        assert_eq!(texts, ["7", "4"]);
    }

    #[test]
    fn what_is_typed_and_not_saved_stays_when_other_values_are_saved() {
        let parameters: Vec<Parameter> = serde_json::from_value(json!([
            { "name": "a", "default": 1 },
            { "name": "b", "default": 2 },
            { "name": "c", "value_type": "object", "default": {} },
        ]))
        .unwrap();
        let saved = |values: Value| {
            let mut draft = ParametersDraft::new(ParametersFor::Defaults, &parameters, &Value::Null);
            draft.fill(values.as_object().unwrap());
            draft
        };
        let before = saved(json!({ "gone": 1, "kept": 2 }));
        let mut draft = before.clone();
        let write = |draft: &mut ParametersDraft, place: usize, text: &str| {
            (draft.fields[place].text, draft.fields[place].given) = (text.to_owned(), true);
        };
        write(&mut draft, 0, "10");
        write(&mut draft, 2, r#"{ "x":  1 }"#);
        draft.fields.retain(|field| field.name != "gone");
        // The first value and the object are saved, while the second is being typed.
        write(&mut draft, 1, "2,");
        let after = saved(json!({ "a": 10, "c": { "x": 1 }, "gone": 1, "kept": 3, "new": 4 }));
        let over = draft.over(&before, after.clone());
        let texts = |draft: &ParametersDraft| {
            let fields = draft.fields.iter().filter(|field| field.given);
            let texts = fields.map(|field| format!("{}={}", field.name, field.text));
            texts.collect::<Vec<_>>()
        };
        assert_eq!(
            texts(&over),
            ["a=10", "b=2,", r#"c={"x":1}"#, "kept=3", "new=4"],
            "what is saved is as the server has it"
        );
        assert!(!over.gives_same(&after));
        // Nothing typed: all of it follows.
        assert_eq!(before.over(&before, after.clone()), after);

        // As one text.
        let mut text = before.clone();
        text.turn_to_json();
        let followed = text.over(&before, after.clone());
        assert!(
            followed
                .json
                .as_ref()
                .is_some_and(|json| json.contains("\"new\": 4"))
        );
        assert!(followed.gives_same(&after));
        text.json = Some("{ \"b\": ".to_owned());
        assert_eq!(text.over(&before, after).json.as_deref(), Some("{ \"b\": "));
    }

    #[test]
    fn an_object_is_read_or_refused_with_its_place() {
        assert_eq!(read_object(" "), Ok(Map::new()));
        assert_eq!(read_object(r#"{"n": 3}"#).unwrap()["n"], 3);
        assert!(read_object("[1]").unwrap_err().message.contains("object"));
        assert_eq!(read_object("{\n\"n\": }").unwrap_err().at, Some((2, 6)));
    }

    #[test]
    fn the_place_of_an_error_is_counted_as_browsers_do() {
        let text = "{\"😀\": 1,\n \"ä\": x}";
        let error = read_json(text).unwrap_err();
        assert_eq!(error.at, Some((2, 7)));
        let units: Vec<u16> = text.encode_utf16().collect();
        assert_eq!(units[error.offset_in(text)], u16::from(b'x'));
    }
}

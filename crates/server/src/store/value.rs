//! Values that go into statements and rows that come out: the little language between SQL and the rest.

use serde_json::Value as Json;

use crate::error::Error;

/// One bound parameter or one cell. Booleans are the integers 0 and 1; uuids, times and JSON are text.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL's null.
    Null,
    /// A whole number or a boolean.
    Integer(i64),
    /// A floating-point number.
    Real(f64),
    /// Text: also uuids (36 characters, lower case), times (see [`crate::time::format`]) and JSON (minified).
    Text(String),
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(value.into())
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

/// JSON is stored minified. A JSON `null` is the JSON text `null`; for SQL's null use an `Option`.
impl From<&Json> for Value {
    fn from(value: &Json) -> Self {
        Self::Text(value.to_string())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! ids {
    ($($id:ident),*) => {$(
        impl From<flowdeck_vocabulary::$id> for Value {
            fn from(id: flowdeck_vocabulary::$id) -> Self {
                Self::Text(id.to_string())
            }
        }
    )*};
}

ids!(
    TenantId,
    ProjectId,
    FlowGroupId,
    FlowId,
    TaskId,
    EdgeId,
    FlowRunId,
    TaskRunId,
    ArtifactId,
    AgentId,
    SavedViewId
);

/// One row of an answer, its cells in the order of the statement's columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The text in column `index`, `None` for null.
    pub fn optional_text(&self, index: usize) -> Result<Option<&str>, Error> {
        match self.0.get(index) {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            other => Err(Error::Internal(format!(
                "column {index} should be text and is {other:?}"
            ))),
        }
    }

    /// The text in column `index`.
    pub fn text(&self, index: usize) -> Result<&str, Error> {
        self.optional_text(index)?
            .ok_or_else(|| Error::Internal(format!("column {index} should be text and is null")))
    }

    /// The whole number in column `index`.
    pub fn integer(&self, index: usize) -> Result<i64, Error> {
        match self.0.get(index) {
            Some(Value::Integer(integer)) => Ok(*integer),
            other => Err(Error::Internal(format!(
                "column {index} should be a number and is {other:?}"
            ))),
        }
    }

    /// The boolean in column `index`.
    pub fn boolean(&self, index: usize) -> Result<bool, Error> {
        Ok(self.integer(index)? != 0)
    }

    /// The JSON in column `index`; SQL's null reads as JSON's.
    pub fn json(&self, index: usize) -> Result<Json, Error> {
        self.optional_text(index)?.map_or(Ok(Json::Null), |text| {
            serde_json::from_str(text)
                .map_err(|e| Error::Internal(format!("column {index} holds invalid JSON: {e}")))
        })
    }
}

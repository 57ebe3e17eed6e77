//! A state that is about to be stored: looked at, kept to the letter.

use flowdeck_vocabulary::StateType;
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use crate::error::Error;
use crate::time;

/// The largest state, in bytes of JSON (contract 4.1).
const LARGEST_STATE: usize = 1_000_000;

/// A state that has been looked at and may be stored: its type is known and it is not too large. All keys are
/// kept as they came.
#[derive(Debug, Clone)]
pub struct NewState {
    /// Which state it is.
    pub state_type: StateType,
    json: Map<String, Json>,
    /// Its JSON, minified.
    pub(super) text: String,
    /// When it may start, in the form times are stored in.
    pub(super) start_time: Option<String>,
    /// Whether the run has neither start nor end in it, whatever it has gone through before.
    pub(super) begins_anew: bool,
}

impl NewState {
    /// Looks at a state as a client sent it.
    pub fn parse(json: Json) -> Result<Self, Error> {
        // The size comes first, as in the contract: nobody should parse a huge state to refuse its type.
        let text = json.to_string();
        if text.len() > LARGEST_STATE {
            return Err(Error::client("State payload is too large."));
        }
        let Json::Object(json) = json else {
            return Err(Error::client("A state is a JSON object with a \"type\"."));
        };
        let Some(name) = json.get("type").and_then(Json::as_str) else {
            return Err(Error::client("The state has no \"type\"."));
        };
        let state_type = name
            .parse::<StateType>()
            .map_err(|e| Error::client(e.to_string()))?;
        // Whoever reads it later takes it for text.
        if let Some(given) = json.get("message").filter(|m| !m.is_string() && !m.is_null()) {
            let given: String = given.to_string().chars().take(80).collect();
            return Err(Error::client(format!(
                "The \"message\" {given} of state {name} is neither text nor null."
            )));
        }
        let start_time = match json.get("start_time") {
            None | Some(Json::Null) => None,
            Some(given) => Some(
                given
                    .as_str()
                    .and_then(time::parse)
                    .map(time::format)
                    .ok_or_else(|| {
                        Error::client(format!(
                            "The start_time {given} of the state {name} is not a time in ISO-8601."
                        ))
                    })?,
            ),
        };
        Ok(Self {
            state_type,
            json,
            text,
            start_time,
            begins_anew: false,
        })
    }

    /// A state of the server's own making.
    #[must_use]
    pub fn new(state_type: StateType, message: &str) -> Self {
        let mut json = Map::new();
        json.insert("type".into(), state_type.name().into());
        json.insert("message".into(), message.into());
        Self {
            state_type,
            text: Json::Object(json.clone()).to_string(),
            json,
            start_time: None,
            begins_anew: false,
        }
    }

    /// The same state of a run that begins anew: the start and the end it had were those of an earlier attempt, and the
    /// time between would count as work. The history of its states has them.
    #[must_use]
    pub fn beginning_anew(mut self) -> Self {
        self.begins_anew = true;
        self
    }

    /// The same state, to start at `start_time`.
    #[must_use]
    pub fn starting_at(mut self, start_time: Timestamp) -> Self {
        let start_time = time::format(start_time);
        self.insert("start_time", start_time.as_str().into());
        self.start_time = Some(start_time);
        self
    }

    pub(super) fn insert(&mut self, key: &str, value: Json) {
        self.json.insert(key.to_owned(), value);
        self.text = Json::Object(self.json.clone()).to_string();
    }

    pub(super) fn message(&self) -> Option<&str> {
        self.json.get("message").and_then(Json::as_str)
    }

    pub(super) fn result(&self) -> Option<&Json> {
        self.json.get("_result").filter(|result| !result.is_null())
    }

    /// How many children a mapped task says it has.
    pub(super) fn map_states(&self) -> Option<i64> {
        self.json.get("n_map_states").and_then(Json::as_i64)
    }

    pub(super) fn has_cached_inputs(&self) -> bool {
        has_entries(self.json.get("cached_inputs"))
    }

    /// A state that waits needs a time to wait for, or no agent would ever find it; only a pause may be open.
    pub(super) fn with_time_to_wait_for(mut self, now: Timestamp) -> Self {
        if self.start_time.is_none() && self.state_type.is_scheduled() && self.state_type != StateType::Paused
        {
            self = self.starting_at(now);
        }
        self
    }
}

pub(super) fn has_entries(inputs: Option<&Json>) -> bool {
    inputs
        .and_then(Json::as_object)
        .is_some_and(|inputs| !inputs.is_empty())
}

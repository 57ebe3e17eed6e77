//! States: the vocabulary of a workflow system, and which state is a kind of which other.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// All states of the contract (4.1). `TimedOut` is a kind of `Failed`, `Cached` a kind of `Success`, and
/// so on: see [`StateType::parent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateType {
    /// Waiting, with no time set.
    Pending,
    /// Waiting for a time.
    Scheduled,
    /// Waiting for a person.
    Paused,
    /// A person let it go on.
    Resume,
    /// Waiting for the next attempt.
    Retrying,
    /// Taken by an agent, which is starting it. Wraps the state before.
    Submitted,
    /// Waiting for a free place. Wraps the state before.
    Queued,
    /// The client failed, not the task. Wraps the state before.
    ClientFailed,
    /// At work.
    Running,
    /// Still at work, but asked to stop.
    Cancelling,
    /// At an end of no particular kind.
    Finished,
    /// Done.
    Success,
    /// Done without running: the result of an earlier run was used.
    Cached,
    /// Done as a parent: the mapped children do the work.
    Mapped,
    /// Done by not running.
    Skipped,
    /// One round of a loop is done.
    Looped,
    /// Stopped by a person or a program.
    Cancelled,
    /// Not done: an error.
    Failed,
    /// Not done: it took too long.
    TimedOut,
    /// Never started: the states upstream did not satisfy the trigger.
    TriggerFailed,
    /// The result was refused.
    ValidationFailed,
}

/// The five groups people think in; filters, counts and histograms use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateGroup {
    /// Not started: Pending, Scheduled and their kinds, Submitted, Queued.
    Pending,
    /// At work: Running, Cancelling.
    Running,
    /// Ended well: Success and its kinds, Looped, Finished.
    Success,
    /// Ended badly: Failed and its kinds, ClientFailed.
    Failed,
    /// Stopped: Cancelled.
    Cancelled,
}

impl StateGroup {
    /// All groups, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::Failed,
        Self::Running,
        Self::Pending,
        Self::Success,
        Self::Cancelled,
    ];

    /// The word for the group on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Success => "Success",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
        }
    }

    /// The states in this group.
    pub fn states(self) -> impl Iterator<Item = StateType> {
        StateType::ALL
            .into_iter()
            .filter(move |state| state.group() == self)
    }
}

/// The text names no state of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownStateError {
    text: String,
}

impl fmt::Display for UnknownStateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unknown state type '{}'. Known types: ", self.text)?;
        for (i, state) in StateType::ALL.into_iter().enumerate() {
            write!(f, "{}{}", if i == 0 { "" } else { ", " }, state.name())?;
        }
        f.write_str(".")
    }
}

impl std::error::Error for UnknownStateError {}

impl StateType {
    /// Every state, in the order of the contract's table.
    pub const ALL: [Self; 21] = [
        Self::Pending,
        Self::Scheduled,
        Self::Paused,
        Self::Resume,
        Self::Retrying,
        Self::Submitted,
        Self::Queued,
        Self::ClientFailed,
        Self::Running,
        Self::Cancelling,
        Self::Finished,
        Self::Success,
        Self::Cached,
        Self::Mapped,
        Self::Skipped,
        Self::Looped,
        Self::Cancelled,
        Self::Failed,
        Self::TimedOut,
        Self::TriggerFailed,
        Self::ValidationFailed,
    ];

    /// The name in the API, the database and on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Scheduled => "Scheduled",
            Self::Paused => "Paused",
            Self::Resume => "Resume",
            Self::Retrying => "Retrying",
            Self::Submitted => "Submitted",
            Self::Queued => "Queued",
            Self::ClientFailed => "ClientFailed",
            Self::Running => "Running",
            Self::Cancelling => "Cancelling",
            Self::Finished => "Finished",
            Self::Success => "Success",
            Self::Cached => "Cached",
            Self::Mapped => "Mapped",
            Self::Skipped => "Skipped",
            Self::Looped => "Looped",
            Self::Cancelled => "Cancelled",
            Self::Failed => "Failed",
            Self::TimedOut => "TimedOut",
            Self::TriggerFailed => "TriggerFailed",
            Self::ValidationFailed => "ValidationFailed",
        }
    }

    /// The name in CSS (`data-state`, `--state-…`): lower case with hyphens.
    #[must_use]
    pub fn css_name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Scheduled => "scheduled",
            Self::Paused => "paused",
            Self::Resume => "resume",
            Self::Retrying => "retrying",
            Self::Submitted => "submitted",
            Self::Queued => "queued",
            Self::ClientFailed => "client-failed",
            Self::Running => "running",
            Self::Cancelling => "cancelling",
            Self::Finished => "finished",
            Self::Success => "success",
            Self::Cached => "cached",
            Self::Mapped => "mapped",
            Self::Skipped => "skipped",
            Self::Looped => "looped",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::TimedOut => "timed-out",
            Self::TriggerFailed => "trigger-failed",
            Self::ValidationFailed => "validation-failed",
        }
    }

    /// The state of which this one is a kind; `None` at the top of the hierarchy.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        match self {
            Self::Scheduled => Some(Self::Pending),
            Self::Paused | Self::Resume | Self::Retrying => Some(Self::Scheduled),
            Self::Cancelling => Some(Self::Running),
            Self::Success | Self::Looped | Self::Cancelled | Self::Failed => Some(Self::Finished),
            Self::Cached | Self::Mapped | Self::Skipped => Some(Self::Success),
            Self::TimedOut | Self::TriggerFailed | Self::ValidationFailed => Some(Self::Failed),
            Self::Pending
            | Self::Running
            | Self::Finished
            | Self::Submitted
            | Self::Queued
            | Self::ClientFailed => None,
        }
    }

    /// Whether this state is `other` or a kind of it: `TimedOut.is_a(Failed)`.
    #[must_use]
    pub fn is_a(self, other: Self) -> bool {
        std::iter::successors(Some(self), |state| state.parent()).any(|state| state == other)
    }

    /// Whether it wraps another state instead of standing for itself.
    #[must_use]
    pub fn is_meta(self) -> bool {
        matches!(self, Self::Submitted | Self::Queued | Self::ClientFailed)
    }

    /// Whether it waits for a start time: what an agent may take when the time has come (contract 4.1).
    #[must_use]
    pub fn is_scheduled(self) -> bool {
        self.is_a(Self::Scheduled) || self == Self::Queued
    }

    /// Whether work is under way.
    #[must_use]
    pub fn is_running(self) -> bool {
        self.is_a(Self::Running)
    }

    /// Whether it is an end.
    #[must_use]
    pub fn is_finished(self) -> bool {
        self.is_a(Self::Finished)
    }

    /// Whether it is a good end.
    #[must_use]
    pub fn is_successful(self) -> bool {
        self.is_a(Self::Success)
    }

    /// Whether it is a bad end.
    #[must_use]
    pub fn is_failed(self) -> bool {
        self.is_a(Self::Failed)
    }

    /// Whether it sets a run's end time (contract 2.2). `Mapped`, `Skipped`, `TriggerFailed` and
    /// `ValidationFailed` do not.
    #[must_use]
    pub fn sets_end_time(self) -> bool {
        matches!(
            self,
            Self::Success | Self::Failed | Self::Cached | Self::TimedOut | Self::Looped | Self::Cancelled
        )
    }

    /// The group people think of it in.
    #[must_use]
    pub fn group(self) -> StateGroup {
        match self {
            Self::ClientFailed => StateGroup::Failed,
            Self::Cancelled => StateGroup::Cancelled,
            _ if self.is_failed() => StateGroup::Failed,
            _ if self.is_finished() => StateGroup::Success,
            _ if self.is_running() => StateGroup::Running,
            _ => StateGroup::Pending,
        }
    }

    /// The colour the contract gives it, as `#rrggbb`. The dashboard has its own in `style/tokens.css`,
    /// tuned for each theme; this one is what the API answers and what drawings outside it use.
    #[must_use]
    pub fn color(self) -> &'static str {
        match self {
            Self::Pending => "#7ebdff",
            Self::Scheduled => "#ffab00",
            Self::Paused => "#99a8e8",
            Self::Resume => "#f58c0c",
            Self::Retrying => "#f66a0a",
            Self::Submitted => "#ffdf5d",
            Self::Queued => "#ffea7f",
            Self::ClientFailed | Self::Failed => "#eb0000",
            Self::Running => "#3d67ff",
            Self::Cancelling => "#E8E8E8",
            Self::Finished => "#003ccb",
            Self::Success => "#28a745",
            Self::Cached => "#34d058",
            Self::Mapped | Self::Looped => "#003ccb",
            Self::Skipped => "#62757f",
            Self::Cancelled => "#bdbdbd",
            Self::TimedOut => "#ff4e33",
            Self::TriggerFailed | Self::ValidationFailed => "#ff5131",
        }
    }
}

impl fmt::Display for StateType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for StateType {
    type Err = UnknownStateError;

    fn from_str(text: &str) -> Result<Self, UnknownStateError> {
        Self::ALL
            .into_iter()
            .find(|state| state.name() == text)
            .ok_or_else(|| UnknownStateError {
                text: text.chars().take(80).collect(),
            })
    }
}

impl Serialize for StateType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for StateType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

/// A state as it travels: its type, a message, and every other key of its JSON, kept as it came.
///
/// The server stores states verbatim because the clients need all they sent back: `_result`,
/// `cached_inputs`, `context`, `n_map_states`, the wrapped `state`, `start_time` (contract 4.1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Which state it is.
    #[serde(rename = "type")]
    pub state_type: StateType,
    /// Why, in words for a person.
    #[serde(default)]
    pub message: Option<String>,
    /// All other keys.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl State {
    /// A state of this type with a message and no other keys.
    pub fn new(state_type: StateType, message: impl Into<String>) -> Self {
        Self {
            state_type,
            message: Some(message.into()),
            other: Map::new(),
        }
    }

    /// The same state with one more key.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.other.insert(key.to_owned(), value.into());
        self
    }

    /// The time before which it does not start, as ISO-8601 text; `None` when not set.
    #[must_use]
    pub fn start_time(&self) -> Option<&str> {
        self.other.get("start_time").and_then(Value::as_str)
    }

    /// How many mapped children the parent expects (`Mapped` only).
    #[must_use]
    pub fn n_map_states(&self) -> Option<u64> {
        self.other.get("n_map_states").and_then(Value::as_u64)
    }

    /// The state inside a meta state, or the state itself. Bounded by the depth of the JSON.
    #[must_use]
    pub fn unwrapped(self) -> Self {
        if !self.state_type.is_meta() {
            return self;
        }
        match self
            .other
            .get("state")
            .cloned()
            .map(serde_json::from_value::<State>)
        {
            Some(Ok(inner)) => inner.unwrapped(),
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The contract's table 4.1: type, scheduled, running, finished, successful, failed, sets end time.
    #[test]
    fn the_hierarchy_is_the_contracts() {
        let table = [
            (StateType::Pending, "------"),
            (StateType::Scheduled, "s-----"),
            (StateType::Paused, "s-----"),
            (StateType::Resume, "s-----"),
            (StateType::Retrying, "s-----"),
            (StateType::Submitted, "------"),
            (StateType::Queued, "s-----"),
            (StateType::ClientFailed, "------"),
            (StateType::Running, "-r----"),
            (StateType::Cancelling, "-r----"),
            (StateType::Finished, "--f---"),
            (StateType::Success, "--fo-e"),
            (StateType::Cached, "--fo-e"),
            (StateType::Mapped, "--fo--"),
            (StateType::Skipped, "--fo--"),
            (StateType::Looped, "--f--e"),
            (StateType::Cancelled, "--f--e"),
            (StateType::Failed, "--f-xe"),
            (StateType::TimedOut, "--f-xe"),
            (StateType::TriggerFailed, "--f-x-"),
            (StateType::ValidationFailed, "--f-x-"),
        ];
        assert_eq!(table.len(), StateType::ALL.len());
        for (state, expected) in table {
            let flag = |on: bool, letter: char| if on { letter } else { '-' };
            let actual: String = [
                flag(state.is_scheduled(), 's'),
                flag(state.is_running(), 'r'),
                flag(state.is_finished(), 'f'),
                flag(state.is_successful(), 'o'),
                flag(state.is_failed(), 'x'),
                flag(state.sets_end_time(), 'e'),
            ]
            .into_iter()
            .collect();
            assert_eq!(actual, expected, "{state}");
        }
    }

    #[test]
    fn every_state_is_in_exactly_one_group() {
        let counted: usize = StateGroup::ALL
            .into_iter()
            .map(|group| group.states().count())
            .sum();
        assert_eq!(counted, StateType::ALL.len());
    }

    #[test]
    fn names_round_trip_and_unknown_ones_are_refused() {
        for state in StateType::ALL {
            assert_eq!(state.name().parse(), Ok(state));
        }
        let error = "Exploded".parse::<StateType>().unwrap_err().to_string();
        assert!(
            error.starts_with("Unknown state type 'Exploded'. Known types: Pending, "),
            "{error}"
        );
    }

    #[test]
    fn a_state_keeps_every_key_it_came_with() {
        let sent = json!({
            "type": "Mapped", "message": "Ready to proceed with mapping.", "context": {"tags": []},
            "cached_inputs": {}, "n_map_states": 3, "__version__": "1.4.1", "something_new": [1, 2],
        });
        let state: State = serde_json::from_value(sent.clone()).unwrap();
        assert_eq!(state.n_map_states(), Some(3));
        assert_eq!(serde_json::to_value(state).unwrap(), sent);
    }

    #[test]
    fn a_meta_state_unwraps_to_what_it_wraps() {
        let sent = json!({"type": "Submitted", "state": {"type": "Queued", "state": {"type": "Scheduled"}}});
        let state: State = serde_json::from_value(sent).unwrap();
        assert_eq!(state.unwrapped().state_type, StateType::Scheduled);
    }
}

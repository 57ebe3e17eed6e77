//! How a task's function ends: with a value, or with a signal that says why there is none.

use std::any::Any;
use std::error::Error;
use std::fmt::{self, Display};

use serde::Serialize;
use serde_json::Value;

/// Why a task's function ended without a value.
///
/// A function that answers `Result<T, E>` with any `E: Display` ends as Failed with the error's text. One that
/// answers [`Outcome<T>`] (or boxes a signal into its own error) can also end in other states:
///
/// ```
/// use flowdeck_engine::{Outcome, Signal, task};
///
/// #[task]
/// fn nightly_total(rows: Vec<f64>) -> Outcome<f64> {
///     if rows.is_empty() {
///         return Err(Signal::skip("there were no rows tonight"));
///     }
///     Ok(rows.iter().sum())
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// Ends as Failed (or Retrying, if retries are left).
    Fail(String),
    /// Ends as Skipped, which counts as a success.
    Skip(String),
    /// Ends as Cancelled: the task noticed that its run is being cancelled.
    Cancelled,
}

/// What a function answers that may end in a [`Signal`].
pub type Outcome<T> = Result<T, Signal>;

impl Signal {
    /// Ends the task run as Failed with this reason.
    pub fn fail(reason: impl Into<String>) -> Self {
        Self::Fail(reason.into())
    }

    /// Ends the task run as Skipped with this reason.
    pub fn skip(reason: impl Into<String>) -> Self {
        Self::Skip(reason.into())
    }
}

impl Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fail(reason) | Self::Skip(reason) => f.write_str(reason),
            Self::Cancelled => f.write_str("the run is being cancelled"),
        }
    }
}

impl Error for Signal {}

impl From<String> for Signal {
    fn from(reason: String) -> Self {
        Self::Fail(reason)
    }
}

impl From<&str> for Signal {
    fn from(reason: &str) -> Self {
        Self::Fail(reason.to_owned())
    }
}

/// What `#[task]` needs of the `Result` a function answers.
pub trait TaskResult {
    /// The type of the value on success.
    type Value;

    /// The value as JSON, or the signal.
    ///
    /// # Errors
    /// The signal for the error: itself if it is one, otherwise [`Signal::Fail`] with its text.
    fn into_outcome(self) -> Outcome<Value>;
}

impl<T: Serialize, E: Display + 'static> TaskResult for Result<T, E> {
    type Value = T;

    fn into_outcome(self) -> Outcome<Value> {
        self.map_err(|error| signal_of(&error)).and_then(value_outcome)
    }
}

/// The value a task's function answered, as JSON.
///
/// # Errors
/// [`Signal::Fail`] when the value cannot be written as JSON (a map with keys that are not text, say).
pub fn value_outcome<T: Serialize>(value: T) -> Outcome<Value> {
    serde_json::to_value(value)
        .map_err(|error| Signal::Fail(format!("The task's result cannot be written as JSON: {error}.")))
}

fn signal_of<E: Display + 'static>(error: &E) -> Signal {
    let error_as_any: &dyn Any = error;
    let boxed = |any: &dyn Any| -> Option<Signal> {
        if let Some(boxed) = any.downcast_ref::<Box<dyn Error + Send + Sync>>() {
            return boxed.downcast_ref::<Signal>().cloned();
        }
        any.downcast_ref::<Box<dyn Error>>()
            .and_then(|boxed| boxed.downcast_ref::<Signal>().cloned())
    };
    error_as_any
        .downcast_ref::<Signal>()
        .cloned()
        .or_else(|| boxed(error_as_any))
        .unwrap_or_else(|| Signal::Fail(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_becomes_a_failure_with_its_text() {
        let error: Result<i64, std::num::ParseIntError> = "x".parse::<i64>();
        assert_eq!(
            error.into_outcome(),
            Err(Signal::fail("invalid digit found in string"))
        );
        let text: Result<i64, &str> = Err("no");
        assert_eq!(text.into_outcome(), Err(Signal::fail("no")));
    }

    #[test]
    fn a_signal_survives_being_boxed() {
        let skip = || Signal::skip("nothing to do");
        let boxed: Result<(), Box<dyn Error>> = Err(skip().into());
        assert_eq!(boxed.into_outcome(), Err(skip()));
        let sendable: Result<(), Box<dyn Error + Send + Sync>> = Err(skip().into());
        assert_eq!(sendable.into_outcome(), Err(skip()));
    }
}

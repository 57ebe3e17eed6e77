//! What went wrong, as one sentence a person can act on.

use std::fmt;

/// An error of a command: one sentence that names the input and the remedy.
#[derive(Debug)]
pub struct Failure(String);

/// What every fallible function of this program returns.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// Keeps `sentence` as it is.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Adds to a system error what we were doing, because `No such file or directory` alone helps nobody.
pub trait Context<T> {
    /// `doing` completes the sentence "could not …".
    fn context(self, doing: impl fmt::Display) -> Result<T>;
}

impl<T, E: fmt::Display> Context<T> for std::result::Result<T, E> {
    fn context(self, doing: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Failure(format!("could not {doing}: {error}")))
    }
}

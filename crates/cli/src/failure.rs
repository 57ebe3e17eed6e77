//! How a command fails: one sentence that names the input and the remedy.

use std::fmt;

use flowdeck_engine::client::ClientError;

/// Why a command could not do what it was asked. Printed as one line on standard error; exit code 1.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure with this sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self(error.to_string())
    }
}

/// What a command comes to: the exit code of the process, or a failure.
pub type Outcome = Result<std::process::ExitCode, Failure>;

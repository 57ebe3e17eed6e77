//! How a command fails: one sentence that names the input and the remedy.

use std::fmt;

use flowdeck_engine::client::ClientError;

use crate::show::ink::harmless;

/// Why a command could not do what it was asked. Printed as one line on standard error; exit code 1. Its words may be
/// the server's or name what the server has, so they are made harmless where they are read.
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
        f.write_str(&harmless(&self.0, false))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_server_drive_no_terminal() {
        let error = ClientError::Api(vec!["no\x1b[2J".to_owned(), "never\nagain".to_owned()]);
        assert_eq!(Failure::from(error).to_string(), "no·[2J never⏎again");
    }
}

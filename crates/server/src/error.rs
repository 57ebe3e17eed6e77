//! What can go wrong while answering a request, and who may know it.

use std::fmt;

/// A failed read or mutation. The variant decides what the client is told (contract 1.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A refusal the client should read: its message is answered with the code `INTERNAL_SERVER_ERROR`,
    /// HTTP 200 and `null` for the field, as the clients of Prefect 1 expect.
    Client(String),
    /// The arguments do not fit: answered with the code `BAD_USER_INPUT` and HTTP 400.
    BadInput(String),
    /// The database could not be used: its disk is full, another program has locked it, the server is stopping. Nothing
    /// was changed, and the same request may well succeed a little later: answered with the code `API_ERROR`, on which
    /// clients repeat it. The text is for the log only.
    Unavailable(String),
    /// A fault of ours that waiting does not cure. The text is for the log only; the client gets a general sentence.
    Internal(String),
    /// The read took longer than the server allows and was interrupted.
    Timeout,
}

impl Error {
    /// A refusal with this message.
    pub fn client(message: impl Into<String>) -> Self {
        Self::Client(message.into())
    }

    /// A fault of ours, described for the log.
    pub fn internal(message: impl fmt::Display) -> Self {
        Self::Internal(message.to_string())
    }

    /// What the client is told.
    #[must_use]
    pub fn public_message(&self) -> &str {
        match self {
            Self::Client(message) | Self::BadInput(message) => message,
            Self::Unavailable(_) => {
                "The server's database cannot be used just now; the server's log says why. Nothing was changed: try again."
            }
            Self::Internal(_) => "Something went wrong in the server. Its log says what.",
            Self::Timeout => {
                "The query took too long and was stopped. Ask for less: a narrower filter or a smaller limit."
            }
        }
    }

    /// The value of `extensions.code` in the answer.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadInput(_) => "BAD_USER_INPUT",
            Self::Unavailable(_) => "API_ERROR",
            Self::Client(_) | Self::Internal(_) | Self::Timeout => "INTERNAL_SERVER_ERROR",
        }
    }
}

impl fmt::Display for Error {
    /// The whole truth, for logs and tests.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(message)
            | Self::BadInput(message)
            | Self::Unavailable(message)
            | Self::Internal(message) => f.write_str(message),
            Self::Timeout => f.write_str(self.public_message()),
        }
    }
}

impl std::error::Error for Error {}

//! What can go wrong between a client and the API, in sentences that say what to do.

use std::fmt;

/// Why a call to the API gave no answer to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientError {
    /// Nobody answers at that address, or the connection broke. Worth another try.
    Unreachable {
        /// The address of the API.
        url: String,
        /// What the network said.
        reason: String,
    },
    /// An answer with an HTTP status that is no answer of a GraphQL server.
    Http {
        /// The address of the API.
        url: String,
        /// The status, for example 502.
        status: u16,
        /// The start of the body.
        body: String,
    },
    /// The API understood the call and refused it. One message for each entry of `errors` (contract 1.4).
    Api(Vec<String>),
    /// The API has a fault of its own that may pass (`API_ERROR`, contract 1.4), and has changed nothing. Worth another
    /// try. One message for each entry of `errors`.
    Fault(Vec<String>),
    /// Something answered, but not in the form the contract promises.
    Malformed {
        /// The address of the API.
        url: String,
        /// What is wrong with the answer.
        reason: String,
    },
}

impl ClientError {
    /// Whether the same call may well succeed a little later: nobody answered, a status of 500 and above, or
    /// `API_ERROR` (what the Python client tries again, too; contract 1.4).
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Fault(_) => true,
            Self::Http { status, .. } => *status >= 500,
            Self::Api(_) | Self::Malformed { .. } => false,
        }
    }

    /// Whether the API refused the call with a message that contains `text`. Messages are the contract's way
    /// of telling refusals apart: `Uniqueness violation.`, `State update failed`.
    #[must_use]
    pub fn says(&self, text: &str) -> bool {
        matches!(self, Self::Api(messages) if messages.iter().any(|message| message.contains(text)))
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable { url, reason } => write!(
                f,
                "No answer from the API at {url} ({reason}). Start it with 'flowdeck server start', or name \
                 another address with --api or FLOWDECK_API."
            ),
            Self::Http { url, status, body } => {
                let body = if body.is_empty() {
                    String::new()
                } else {
                    format!(" ({body})")
                };
                write!(
                    f,
                    "{url} answered with HTTP status {status} instead of GraphQL{body}. Check that the address \
                     (--api, FLOWDECK_API) is that of a Flowdeck or Prefect 1 API."
                )
            }
            Self::Api(messages) | Self::Fault(messages) => f.write_str(&messages.join(" ")),
            Self::Malformed { url, reason } => write!(
                f,
                "{url} does not answer as a GraphQL API does ({reason}). Check that the address (--api, \
                 FLOWDECK_API) is that of a Flowdeck or Prefect 1 API."
            ),
        }
    }
}

impl std::error::Error for ClientError {}

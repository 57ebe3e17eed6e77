//! The server that answers.

/// The server that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Where its API is: a URL, or a path on the dashboard's host.
    pub url: String,
    /// Its own version; may be empty.
    pub version: String,
    /// The version of the client library whose API it speaks; may be empty.
    pub core_version: String,
}

//! The client: how a run process, an agent or a command speaks to the GraphQL API.
//!
//! It knows requests, answers and the operations a client needs; it does not know flows, tasks or threads.
//! The engine has no other way to the server: whatever it can do, every client of the API can do.

mod calls;
mod error;
mod patience;
#[cfg(test)]
mod tests;

use std::io;
use std::time::Duration;

use flowdeck_vocabulary::AgentId;
use serde_json::{Value, json};

pub use calls::{AgentRegistration, LogEntry, LogLevel, NewFlowRun, TaskRunInfo};
pub use error::ClientError;
pub use patience::patiently;

/// The version a client reports in `X-PREFECT-CORE-VERSION`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How long one call may take before it counts as unreachable. The Python client waits 15 s (contract 1.2);
/// twice that leaves room for a machine that is busy with the run itself.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The largest answer read. A flow run of 10,000 tasks with all their states is a few megabytes.
const LARGEST_ANSWER: u64 = 256 * 1024 * 1024;
/// How much of a strange answer is shown.
const SHOWN: usize = 200;

/// A client of one API. Cheap to clone, and clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: ureq::Agent,
    url: String,
    agent_id: Option<AgentId>,
}

impl Client {
    /// A client of the API at `url`, for example `http://localhost:4200`. Does not connect yet.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        let http = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .timeout_connect(Some(Duration::from_secs(5)))
            .http_status_as_error(false)
            .user_agent(concat!("flowdeck/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        let mut url: String = url.into();
        if !url.contains("://") {
            url.insert_str(0, "http://");
        }
        url.truncate(url.trim_end_matches('/').len());
        Self {
            http,
            url,
            agent_id: None,
        }
    }

    /// The same client, which names itself as this agent in every call (`X-PREFECT-AGENT-ID`).
    #[must_use]
    pub fn with_agent_id(mut self, agent_id: AgentId) -> Self {
        self.agent_id = Some(agent_id);
        self
    }

    /// The address of the API, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sends one GraphQL document with its variables and returns the answer's `data`.
    ///
    /// # Errors
    /// [`ClientError::Api`] or [`ClientError::Fault`] when the answer has `errors`, even if some fields were answered: a client that
    /// asked for several things and got one of them has nothing it can rely on.
    pub fn execute(&self, query: &str, variables: Value) -> Result<Value, ClientError> {
        let mut request = self
            .http
            .post(&self.url)
            .header("X-PREFECT-CORE-VERSION", VERSION);
        if let Some(agent_id) = self.agent_id {
            request = request.header("X-PREFECT-AGENT-ID", agent_id.to_string());
        }
        let mut response = request
            .send_json(json!({"query": query, "variables": variables}))
            .map_err(|error| self.unreachable(error))?;
        let status = response.status().as_u16();
        let body = response
            .body_mut()
            .with_config()
            .limit(LARGEST_ANSWER)
            .read_to_vec()
            .map_err(|error| self.unreachable(error))?;
        self.read(status, &body)
    }

    /// What an answer says. GraphQL's refusals come with status 200 or 400 (contract 1.4), so the body is
    /// asked before the status.
    fn read(&self, status: u16, body: &[u8]) -> Result<Value, ClientError> {
        let answer: Option<Value> = serde_json::from_slice(body).ok();
        let errors = answer
            .as_ref()
            .and_then(|answer| answer.get("errors"))
            .and_then(Value::as_array);
        if let Some(errors) = errors.filter(|errors| !errors.is_empty()) {
            let messages = errors.iter().map(message).collect();
            let is_fault = errors
                .iter()
                .any(|error| error["extensions"]["code"] == "API_ERROR");
            return Err(if is_fault {
                ClientError::Fault(messages)
            } else {
                ClientError::Api(messages)
            });
        }
        if !(200..300).contains(&status) {
            return Err(ClientError::Http {
                url: self.url.clone(),
                status,
                body: beginning(body),
            });
        }
        match answer {
            Some(Value::Object(mut answer)) if answer.get("data").is_some_and(Value::is_object) => {
                Ok(answer["data"].take())
            }
            _ => Err(self.malformed(format!("it begins with '{}'", beginning(body)))),
        }
    }

    fn unreachable(&self, error: ureq::Error) -> ClientError {
        let reason = match error {
            ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                "connection refused".to_owned()
            }
            ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
                return self.malformed("the address is not a URL".to_owned());
            }
            error => error.to_string(),
        };
        ClientError::Unreachable {
            url: self.url.clone(),
            reason,
        }
    }

    fn malformed(&self, reason: String) -> ClientError {
        ClientError::Malformed {
            url: self.url.clone(),
            reason,
        }
    }
}

/// The message of one entry of `errors`.
fn message(error: &Value) -> String {
    match error.get("message").and_then(Value::as_str) {
        Some(message) => message.to_owned(),
        None => error.to_string(),
    }
}

fn beginning(body: &[u8]) -> String {
    String::from_utf8_lossy(body).trim().chars().take(SHOWN).collect()
}

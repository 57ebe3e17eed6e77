//! Flow runs that were asked to stop: which processes do not listen, and which runs have no process to listen.

use flowdeck_engine::client::{Client, ClientError};
use flowdeck_vocabulary::FlowRunId;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::queue::{Executable, is_silent};
use super::rows::Rows;

/// How long a process has to stop by itself once its run is cancelled.
const GRACE: SignedDuration = SignedDuration::from_secs(30);

/// A flow run that is Cancelling.
#[derive(Debug, Deserialize)]
pub struct Cancelling {
    /// The flow run.
    pub id: FlowRunId,
    state_timestamp: Timestamp,
    heartbeat: Option<Timestamp>,
    flow: FlowRow,
}

#[derive(Debug, Deserialize)]
struct FlowRow {
    storage: Option<Value>,
}

/// All flow runs that are Cancelling, but for those whose row cannot be read.
pub fn look_up(client: &Client, reader: &mut Rows) -> Result<Vec<Cancelling>, ClientError> {
    let query = "query { flow_run(where: {state: {_eq: \"Cancelling\"}}) \
        { id name state_timestamp heartbeat flow { storage } } }";
    Ok(reader.read(client.execute_as(query, json!({}), "flow_run")?))
}

impl Cancelling {
    /// Whether its process had its time to stop by itself.
    pub fn is_deaf(&self, now: Timestamp) -> bool {
        now.duration_since(self.state_timestamp) >= GRACE
    }

    /// Whether nobody is there to stop: the run is known to wait without a process, or has been silent for so
    /// long that its process must be gone. Runs of other kinds of agents are none of our business.
    pub fn is_abandoned(&self, is_waiting: bool, now: Timestamp) -> bool {
        Executable::of(self.flow.storage.clone()).is_some() && (is_waiting || is_silent(self.heartbeat, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_abandoned_when_it_has_no_process_to_stop() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let (lately, long_ago) = ("2026-11-23T11:59:40Z", "2026-11-23T11:58:00Z");
        let run = |storage: &str, heartbeat: &str| -> Cancelling {
            let row = json!({
                "id": FlowRunId::random(), "state_timestamp": lately, "heartbeat": heartbeat,
                "flow": {"storage": {"type": storage, "path": "/bin/flows"}},
            });
            serde_json::from_value(row).unwrap()
        };
        assert!(
            !run("Executable", lately).is_abandoned(false, now),
            "its process stops"
        );
        assert!(
            run("Executable", lately).is_abandoned(true, now),
            "it waits for a person"
        );
        assert!(
            run("Executable", long_ago).is_abandoned(false, now),
            "its process is gone"
        );
        assert!(!run("Local", long_ago).is_abandoned(true, now), "another agent's");
    }

    #[test]
    fn a_process_has_half_a_minute_to_stop() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let run = Cancelling {
            id: FlowRunId::random(),
            state_timestamp: at("2026-11-23T12:00:00Z"),
            heartbeat: None,
            flow: FlowRow { storage: None },
        };
        assert!(!run.is_deaf(at("2026-11-23T12:00:29Z")));
        assert!(run.is_deaf(at("2026-11-23T12:00:30Z")));
    }
}

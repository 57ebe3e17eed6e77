//! Flow runs that wait for a time or a person, and that this agent saw a process of end.

use std::collections::BTreeMap;

use flowdeck_vocabulary::FlowRunId;
use jiff::Timestamp;

/// The runs, each with its heartbeat when its process had ended: one that is heard of after that has been taken by
/// another agent. The server wrote both times, so no other machine's clock has a say.
#[derive(Debug, Default)]
pub struct Waiting(BTreeMap<FlowRunId, Option<Timestamp>>);

impl Waiting {
    /// The run's process has ended, and this is its last heartbeat.
    pub fn add(&mut self, id: FlowRunId, heartbeat: Option<Timestamp>) {
        self.0.insert(id, heartbeat);
    }

    /// The run waits no longer.
    pub fn remove(&mut self, id: FlowRunId) {
        self.0.remove(&id);
    }

    /// Whether the run waits, as far as this agent knows.
    pub fn contains(&self, id: FlowRunId) -> bool {
        self.0.contains_key(&id)
    }

    /// Whether nobody works on the run, whose heartbeat this is now. It is forgotten when somebody does.
    pub fn is_unattended(&mut self, id: FlowRunId, heartbeat: Option<Timestamp>) -> bool {
        let is_unattended = self.0.get(&id).is_some_and(|last| heartbeat <= *last);
        if !is_unattended {
            self.0.remove(&id);
        }
        is_unattended
    }
}

//! What every query and mutation is handed: the database, the time, and who is asking. There are no globals.

use std::sync::Arc;

use flowdeck_vocabulary::AgentId;
use jiff::Timestamp;

use crate::error::Error;
use crate::store::{Db, Store};
use crate::time::TimeSource;

/// The surroundings of one request.
#[derive(Clone)]
pub struct Context {
    /// The database.
    pub store: Store,
    /// The only source of the time.
    pub time: Arc<dyn TimeSource>,
    /// The header `X-PREFECT-AGENT-ID`: which agent is asking.
    pub agent_id: Option<AgentId>,
    /// The header `X-PREFECT-CORE-VERSION`: the version of the client's library.
    pub core_version: Option<String>,
}

impl Context {
    /// A context with no headers, as the server's own loops use it.
    #[must_use]
    pub fn new(store: Store, time: Arc<dyn TimeSource>) -> Self {
        Self {
            store,
            time,
            agent_id: None,
            core_version: None,
        }
    }

    /// Runs `f` in a write transaction with the time of that transaction. The time is taken when the writes
    /// before are done, so that it grows in the order of commits.
    pub async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut dyn Db, Timestamp) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let time = Arc::clone(&self.time);
        self.store.write(move |db| f(db, time.now())).await
    }
}

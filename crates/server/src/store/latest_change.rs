//! When the database was changed last: where the time of a server that starts has to go on.

use jiff::Timestamp;

use super::Db;
use crate::error::Error;
use crate::time;

/// The latest `updated` of flow runs and task runs and the latest arrival of a log line, which clients use as cursors.
/// Only the flow runs changed last are looked at: who writes a task run or a line keeps its flow run's heartbeat.
pub fn latest_change(db: &mut dyn Db) -> Result<Option<Timestamp>, Error> {
    let latest = db.query_text(
        "WITH recent AS (SELECT id, updated FROM flow_run ORDER BY updated DESC LIMIT 100)
         SELECT max(latest) FROM (
             SELECT updated AS latest FROM recent
             UNION ALL SELECT (SELECT max(updated) FROM task_run WHERE flow_run_id = recent.id) FROM recent
             UNION ALL SELECT (SELECT max(created) FROM log WHERE flow_run_id = recent.id) FROM recent
         ) AS latest_of_each",
        &[],
    )?;
    Ok(latest.and_then(|latest| time::parse(&latest)))
}

//! The lines that runs write.

use flowdeck_vocabulary::{FlowRunId, TaskRunId};
use jiff::Timestamp;
use serde_json::Value as Json;

use super::Db;
use crate::error::Error;
use crate::time;

/// One line.
#[derive(Debug, Clone)]
pub struct NewLog {
    /// The run it belongs to.
    pub flow_run_id: FlowRunId,
    /// The task run that wrote it.
    pub task_run_id: Option<TaskRunId>,
    /// When it was written; now if not given.
    pub timestamp: Option<Timestamp>,
    /// The logger.
    pub name: Option<String>,
    /// How much it matters.
    pub level: String,
    /// What it says.
    pub message: Option<String>,
    /// Whatever else.
    pub info: Option<Json>,
}

/// Adds lines. One that belongs to no run refuses them all.
pub fn write(db: &mut dyn Db, now: Timestamp, logs: &[NewLog]) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO log (id, created, updated, tenant_id, flow_run_id, task_run_id, timestamp, \
        name, level, message, info) VALUES (gen_random_uuid(), ?1, ?1, \
        (SELECT tenant_id FROM flow_run WHERE id = ?2), ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let now_text = time::format(now);
    for log in logs {
        db.execute(
            INSERT,
            &[
                now_text.as_str().into(),
                log.flow_run_id.into(),
                log.task_run_id.into(),
                log.timestamp
                    .map_or_else(|| now_text.clone(), time::format)
                    .into(),
                log.name.as_deref().into(),
                log.level.as_str().into(),
                log.message.as_deref().into(),
                log.info.as_ref().into(),
            ],
        )?;
    }
    Ok(())
}

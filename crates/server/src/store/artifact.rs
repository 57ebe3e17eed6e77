//! Artifacts of task runs: links and pieces of markdown to look at.

use flowdeck_vocabulary::{ArtifactId, TaskRunId, TenantId};
use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Db, Value};
use crate::error::Error;
use crate::time;

/// The largest artifact, in bytes of JSON (contract 3.6).
const LARGEST: usize = 1_000_000;

/// Attaches an artifact to a task run.
pub fn create(
    db: &mut dyn Db,
    now: Timestamp,
    task_run: TaskRunId,
    kind: &str,
    data: &Json,
    tenant: Option<TenantId>,
) -> Result<ArtifactId, Error> {
    const TENANT: &str = "SELECT coalesce(r.tenant_id, f.tenant_id) FROM task_run r \
        JOIN flow_run f ON f.id = r.flow_run_id WHERE r.id = ?1";
    const INSERT: &str = "INSERT INTO task_run_artifact (id, created, updated, tenant_id, task_run_id, kind, data) \
        VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6)";
    let data = checked(data)?;
    let owner = db.query_text(TENANT, &[task_run.into()])?;
    let owner = owner.ok_or_else(|| Error::client(format!("Task run {task_run} not found")))?;
    if tenant.is_some_and(|tenant| tenant.to_string() != owner) {
        return Err(Error::client("Invalid tenant ID."));
    }
    let id = ArtifactId::random();
    let now = Value::from(time::format(now));
    db.execute(
        INSERT,
        &[id.into(), now, owner.into(), task_run.into(), kind.into(), data],
    )?;
    Ok(id)
}

/// Replaces what an artifact holds. False when there is none.
pub fn update(db: &mut dyn Db, now: Timestamp, id: ArtifactId, data: &Json) -> Result<bool, Error> {
    const UPDATE: &str = "UPDATE task_run_artifact SET updated = ?2, data = ?3 WHERE id = ?1";
    let data = checked(data)?;
    Ok(db.execute(UPDATE, &[id.into(), time::format(now).into(), data])? > 0)
}

/// Deletes an artifact. False when there is none.
pub fn delete(db: &mut dyn Db, id: ArtifactId) -> Result<bool, Error> {
    Ok(db.execute("DELETE FROM task_run_artifact WHERE id = ?1", &[id.into()])? > 0)
}

fn checked(data: &Json) -> Result<Value, Error> {
    let text = data.to_string();
    if text.len() > LARGEST {
        return Err(Error::client(format!(
            "The artifact's data of {} bytes exceeds the {LARGEST} bytes limit.",
            text.len(),
        )));
    }
    Ok(text.into())
}

//! Projects.

use flowdeck_vocabulary::{ProjectId, TenantId};
use jiff::Timestamp;

use super::{Db, Value};
use crate::error::Error;
use crate::time;

/// Adds a project. A name that is taken in the tenant is a uniqueness violation.
pub fn create(
    db: &mut dyn Db,
    now: Timestamp,
    tenant: TenantId,
    name: &str,
    description: Option<&str>,
) -> Result<ProjectId, Error> {
    const INSERT: &str = "INSERT INTO project (id, created, updated, tenant_id, name, description) \
        VALUES (?1, ?2, ?2, ?3, ?4, ?5)";
    let id = ProjectId::random();
    let now = Value::from(time::format(now));
    db.execute(
        INSERT,
        &[id.into(), now, tenant.into(), name.into(), description.into()],
    )?;
    Ok(id)
}

/// Deletes a project with its flows and their runs. False when there is none.
pub fn delete(db: &mut dyn Db, id: ProjectId) -> Result<bool, Error> {
    Ok(db.execute("DELETE FROM project WHERE id = ?1", &[id.into()])? > 0)
}

/// Renames a project.
pub fn set_name(db: &mut dyn Db, now: Timestamp, id: ProjectId, name: &str) -> Result<(), Error> {
    set(
        db,
        now,
        id,
        "UPDATE project SET updated = ?2, name = ?3 WHERE id = ?1",
        name.into(),
    )
}

/// Describes a project; null takes the description away.
pub fn set_description(
    db: &mut dyn Db,
    now: Timestamp,
    id: ProjectId,
    description: Option<&str>,
) -> Result<(), Error> {
    set(
        db,
        now,
        id,
        "UPDATE project SET updated = ?2, description = ?3 WHERE id = ?1",
        description.into(),
    )
}

fn set(db: &mut dyn Db, now: Timestamp, id: ProjectId, sql: &str, value: Value) -> Result<(), Error> {
    match db.execute(sql, &[id.into(), time::format(now).into(), value])? {
        0 => Err(Error::client("Update failed")),
        _ => Ok(()),
    }
}

//! Flow groups: what is set for all versions of a flow at once.

use flowdeck_vocabulary::{FlowGroupId, FlowId};
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::{Db, Value, flow, flow_run};
use crate::error::Error;
use crate::time;

/// A column of a flow group that a person sets.
#[derive(Debug, Clone, Copy)]
pub enum Setting {
    /// Values for parameters.
    DefaultParameters,
    /// Which agents take its runs.
    Labels,
    /// What it is about.
    Description,
    /// How an agent starts its runs.
    RunConfig,
    /// When it runs; in place of each version's own schedule.
    Schedule,
}

/// Replaces a setting; null takes it away. False when there is no such group.
pub fn set(
    db: &mut dyn Db,
    now: Timestamp,
    id: FlowGroupId,
    setting: Setting,
    value: Value,
) -> Result<bool, Error> {
    let sql = match setting {
        Setting::DefaultParameters => {
            "UPDATE flow_group SET updated = ?2, default_parameters = ?3 WHERE id = ?1"
        }
        Setting::Labels => "UPDATE flow_group SET updated = ?2, labels = ?3 WHERE id = ?1",
        Setting::Description => "UPDATE flow_group SET updated = ?2, description = ?3 WHERE id = ?1",
        Setting::RunConfig => "UPDATE flow_group SET updated = ?2, run_config = ?3 WHERE id = ?1",
        Setting::Schedule => "UPDATE flow_group SET updated = ?2, schedule = ?3 WHERE id = ?1",
    };
    Ok(db.execute(sql, &[id.into(), time::format(now).into(), value])? > 0)
}

/// Replaces the schedule and deletes the runs that the old one made. Versions that are left without any schedule are
/// off from then on. False when there is no such group.
pub fn set_schedule(
    db: &mut dyn Db,
    now: Timestamp,
    id: FlowGroupId,
    schedule: Option<&Json>,
) -> Result<bool, Error> {
    if !set(db, now, id, Setting::Schedule, schedule.into())? {
        return Ok(false);
    }
    for row in db.query("SELECT id FROM flow WHERE flow_group_id = ?1", &[id.into()])? {
        flow_run::delete_auto_scheduled(db, row.text(0)?.parse().map_err(Error::internal)?)?;
    }
    flow::deactivate_without_schedule(db, now, id)?;
    Ok(true)
}

/// Deletes a group with all its flows and their runs. False when there is none.
pub fn delete(db: &mut dyn Db, id: FlowGroupId) -> Result<bool, Error> {
    Ok(db.execute("DELETE FROM flow_group WHERE id = ?1", &[id.into()])? > 0)
}

/// Merges `changes` into the settings of the group a flow belongs to.
pub fn change_settings(db: &mut dyn Db, now: Timestamp, flow: FlowId, changes: Json) -> Result<(), Error> {
    const FIND: &str = "SELECT g.id, g.settings FROM flow f JOIN flow_group g ON g.id = f.flow_group_id \
        WHERE f.id = ?1";
    let row = db
        .query(FIND, &[flow.into()])?
        .pop()
        .ok_or_else(|| Error::client("Invalid flow ID."))?;
    let mut settings: Map<String, Json> = serde_json::from_value(row.json(1)?).unwrap_or_default();
    settings.extend(changes.as_object().cloned().unwrap_or_default());
    store_settings(db, now, row.text(0)?, &Json::Object(settings))
}

/// A group that flows are being registered into.
pub(super) struct Found {
    pub(super) id: String,
    /// The key of the latest registration.
    pub(super) idempotency_key: Option<String>,
    settings: Map<String, Json>,
}

/// The group of a tenant with this name.
pub(super) fn find(db: &mut dyn Db, tenant: &str, name: &str) -> Result<Option<Found>, Error> {
    const FIND: &str = "SELECT id, settings FROM flow_group WHERE tenant_id = ?1 AND name = ?2";
    let Some(row) = db.query(FIND, &[tenant.into(), name.into()])?.pop() else {
        return Ok(None);
    };
    let settings: Map<String, Json> = serde_json::from_value(row.json(1)?).unwrap_or_default();
    let idempotency_key = settings
        .get("idempotency_key")
        .and_then(Json::as_str)
        .map(str::to_owned);
    Ok(Some(Found {
        id: row.text(0)?.to_owned(),
        idempotency_key,
        settings,
    }))
}

/// Notes the key of the latest registration, or that it had none.
pub(super) fn note_key(
    db: &mut dyn Db,
    now: Timestamp,
    group: Found,
    key: Option<&str>,
) -> Result<(), Error> {
    let mut settings = group.settings;
    settings.insert("idempotency_key".into(), key.into());
    store_settings(db, now, &group.id, &Json::Object(settings))
}

/// Adds a group and answers its id.
pub(super) fn create(
    db: &mut dyn Db,
    now: Timestamp,
    tenant: &str,
    name: &str,
    key: Option<&str>,
) -> Result<String, Error> {
    const INSERT: &str = "INSERT INTO flow_group (id, created, updated, tenant_id, name, settings) \
        VALUES (?1, ?2, ?2, ?3, ?4, ?5)";
    let settings = json!({
        "heartbeat_enabled": true,
        "lazarus_enabled": true,
        "version_locking_enabled": false,
        "idempotency_key": key,
    });
    let id = FlowGroupId::random().to_string();
    let now = Value::from(time::format(now));
    db.execute(
        INSERT,
        &[
            id.as_str().into(),
            now,
            tenant.into(),
            name.into(),
            (&settings).into(),
        ],
    )?;
    Ok(id)
}

fn store_settings(db: &mut dyn Db, now: Timestamp, id: &str, settings: &Json) -> Result<(), Error> {
    const STORE: &str = "UPDATE flow_group SET updated = ?2, settings = ?3 WHERE id = ?1";
    db.execute(STORE, &[id.into(), time::format(now).into(), settings.into()])?;
    Ok(())
}

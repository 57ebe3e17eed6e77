//! Agents and their configurations.

use flowdeck_vocabulary::{AgentId, Labels, TenantId};
use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Db, Value, tenant};
use crate::error::Error;
use crate::time;

/// What an agent says about itself when it registers.
#[derive(Debug, Clone)]
pub struct NewAgent {
    /// Whose runs it takes; without it those of the server's first tenant, as the contract's server meant to.
    pub tenant_id: Option<TenantId>,
    /// `LocalAgent` and the like.
    pub agent_type: String,
    /// Its name.
    pub name: Option<String>,
    /// The version of its library, from the request's header.
    pub core_version: Option<String>,
    /// The labels it serves.
    pub labels: Labels,
    /// Its configuration.
    pub agent_config_id: Option<String>,
}

/// Finds the agent that registered with the same words before, or adds it.
pub fn register(db: &mut dyn Db, now: Timestamp, new: NewAgent) -> Result<AgentId, Error> {
    const SAME: &str = "SELECT id FROM agent WHERE tenant_id = ?1 AND type = ?2 AND labels = ?3 \
        AND name IS NOT DISTINCT FROM ?4 AND core_version IS NOT DISTINCT FROM ?5";
    const INSERT: &str = "INSERT INTO agent (id, created, updated, last_queried, tenant_id, type, labels, name, \
        core_version, agent_config_id) VALUES (?6, ?7, ?7, ?7, ?1, ?2, ?3, ?4, ?5, ?8)";
    let labels = serde_json::to_string(&new.labels).map_err(Error::internal)?;
    let tenant = tenant::one(db, new.tenant_id)?;
    let mut params = vec![
        tenant.into(),
        new.agent_type.into(),
        labels.into(),
        new.name.into(),
        new.core_version.into(),
    ];
    if let Some(id) = db.query_text(SAME, &params)? {
        return id.parse().map_err(Error::internal);
    }
    let id = AgentId::random();
    params.extend([id.into(), time::format(now).into(), new.agent_config_id.into()]);
    db.execute(INSERT, &params)?;
    Ok(id)
}

/// Notes that an agent has asked for work.
pub fn note_query(db: &mut dyn Db, now: Timestamp, id: AgentId) -> Result<(), Error> {
    let now = time::format(now);
    db.execute(
        "UPDATE agent SET updated = ?2, last_queried = ?2 WHERE id = ?1",
        &[id.into(), now.into()],
    )?;
    Ok(())
}

/// Deletes an agent; its runs stay. False when there is none.
pub fn delete(db: &mut dyn Db, id: AgentId) -> Result<bool, Error> {
    Ok(db.execute("DELETE FROM agent WHERE id = ?1", &[id.into()])? > 0)
}

/// Adds a configuration.
pub fn create_config(
    db: &mut dyn Db,
    now: Timestamp,
    tenant: TenantId,
    name: Option<&str>,
    settings: &Json,
) -> Result<String, Error> {
    const INSERT: &str = "INSERT INTO agent_config (id, created, updated, tenant_id, name, settings) \
        VALUES (?1, ?2, ?2, ?3, ?4, ?5)";
    // Configurations have no id type of their own: nothing but these three functions handles them.
    let id = AgentId::random().to_string();
    let now = Value::from(time::format(now));
    db.execute(
        INSERT,
        &[
            id.as_str().into(),
            now,
            tenant.into(),
            name.into(),
            settings.into(),
        ],
    )?;
    Ok(id)
}

/// Changes what is given of a configuration. False when there is none.
pub fn update_config(
    db: &mut dyn Db,
    now: Timestamp,
    id: &str,
    name: Option<&str>,
    settings: Option<&Json>,
) -> Result<bool, Error> {
    const UPDATE: &str = "UPDATE agent_config SET updated = ?2, name = coalesce(?3, name), \
        settings = coalesce(?4, settings) WHERE id = ?1";
    let now = Value::from(time::format(now));
    Ok(db.execute(UPDATE, &[id.into(), now, name.into(), settings.into()])? > 0)
}

/// Deletes a configuration; the agents that had it stay. False when there is none.
pub fn delete_config(db: &mut dyn Db, id: &str) -> Result<bool, Error> {
    Ok(db.execute("DELETE FROM agent_config WHERE id = ?1", &[id.into()])? > 0)
}

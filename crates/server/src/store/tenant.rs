//! Tenants. A server has one, `default`, from its first start: without a tenant hardly a client call works.

use flowdeck_vocabulary::TenantId;
use jiff::Timestamp;

use super::{Db, Value};
use crate::error::Error;
use crate::time;

/// Adds a tenant. The slug has to be one already.
pub fn create(db: &mut dyn Db, now: Timestamp, name: &str, slug: &str) -> Result<TenantId, Error> {
    const INSERT: &str = "INSERT INTO tenant (id, created, updated, name, slug) VALUES (?1, ?2, ?2, ?3, ?4)";
    if slug.is_empty() || slug != slugified(slug) {
        return Err(Error::client(format!(
            "Slug must be \"slugified\": '{}', for example.",
            slugified(name)
        )));
    }
    let id = TenantId::random();
    db.execute(
        INSERT,
        &[
            id.into(),
            Value::from(time::format(now)),
            name.into(),
            slug.into(),
        ],
    )?;
    Ok(id)
}

/// The tenant with this id, or without one the first there is.
pub fn one(db: &mut dyn Db, id: Option<TenantId>) -> Result<String, Error> {
    let Some(id) = id else {
        let first = db.query_text("SELECT id FROM tenant ORDER BY created, id LIMIT 1", &[])?;
        return first.ok_or_else(|| Error::client("No tenant found."));
    };
    db.query_text("SELECT id FROM tenant WHERE id = ?1", &[id.into()])?
        .ok_or_else(|| {
            Error::client(format!(
                "Invalid tenant ID: there is no tenant {id}. Leave tenant_id out to mean the server's own."
            ))
        })
}

/// Adds the tenant `default` to a database that has none.
pub fn ensure_default(db: &mut dyn Db, now: Timestamp) -> Result<(), Error> {
    if db.query_text("SELECT id FROM tenant LIMIT 1", &[])?.is_none() {
        create(db, now, "default", "default")?;
    }
    Ok(())
}

/// Lower-case letters, digits and single hyphens.
fn slugified(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

//! Saved views: filters of the run history under a name.

use flowdeck_vocabulary::SavedViewId;
use jiff::Timestamp;

use super::{Db, Value};
use crate::error::Error;
use crate::time;

/// Saves a view. A name that is taken is a uniqueness violation.
pub fn create(db: &mut dyn Db, now: Timestamp, name: &str, query: &str) -> Result<SavedViewId, Error> {
    const INSERT: &str =
        "INSERT INTO saved_view (id, created, updated, name, query) VALUES (?1, ?2, ?2, ?3, ?4)";
    let id = SavedViewId::random();
    let now = Value::from(time::format(now));
    db.execute(INSERT, &[id.into(), now, name.into(), query.into()])?;
    Ok(id)
}

/// Renames a view, gives it another query, or both; what is `None` stays.
pub fn update(
    db: &mut dyn Db,
    now: Timestamp,
    id: SavedViewId,
    name: Option<&str>,
    query: Option<&str>,
) -> Result<(), Error> {
    const UPDATE: &str = "UPDATE saved_view SET updated = ?2, name = coalesce(?3, name), \
        query = coalesce(?4, query) WHERE id = ?1";
    let now = Value::from(time::format(now));
    match db.execute(UPDATE, &[id.into(), now, name.into(), query.into()])? {
        0 => Err(Error::client(format!(
            "There is no saved view {id}; it may have been deleted."
        ))),
        _ => Ok(()),
    }
}

/// Deletes a view. False when there is none.
pub fn delete(db: &mut dyn Db, id: SavedViewId) -> Result<bool, Error> {
    Ok(db.execute("DELETE FROM saved_view WHERE id = ?1", &[id.into()])? > 0)
}

//! Brings a database to the shape this server needs, one numbered file after the other.

use rusqlite::Connection;

use super::StoreError;

/// The migrations in order. Never edited after a release; the first is number 1.
const MIGRATIONS: [&str; 3] = [
    include_str!("../../migrations/sqlite/0001_init.sql"),
    include_str!("../../migrations/sqlite/0002_run_history.sql"),
    include_str!("../../migrations/sqlite/0003_indexes_of_the_history.sql"),
];

/// Applies what is missing, each migration in a transaction of its own together with its number, which
/// SQLite keeps in the header of the file (`PRAGMA user_version`).
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let found: u32 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(failed)?;
    let found = found as usize;
    if found > MIGRATIONS.len() {
        return Err(StoreError::new(format!(
            "The database was written by a newer Flowdeck (its format is {found}, this version knows {}). \
             Use that version or newer, or another database.",
            MIGRATIONS.len(),
        )));
    }
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(found) {
        let transaction = connection.transaction().map_err(failed)?;
        transaction.execute_batch(migration).map_err(failed)?;
        transaction
            .execute_batch(&format!("PRAGMA user_version = {}", index + 1))
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
    }
    Ok(())
}

fn failed(error: rusqlite::Error) -> StoreError {
    StoreError::new(format!(
        "The database could not be brought to the current format: {error}."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        let version: u32 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap();
        assert_eq!(version as usize, MIGRATIONS.len());
    }

    #[test]
    fn a_database_of_an_early_version_2_gets_the_indexes_it_lacks() {
        let indexes = |connection: &Connection| {
            let mut all = connection
                .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
                .unwrap();
            let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            rows.map(Result::unwrap).collect::<Vec<(String, String)>>()
        };
        let mut new = Connection::open_in_memory().unwrap();
        migrate(&mut new).unwrap();
        let mut old = Connection::open_in_memory().unwrap();
        migrate(&mut old).unwrap();
        old.execute_batch(
            "DROP INDEX flow_run_history; CREATE INDEX flow_run_history ON flow_run (scheduled_start_time, id, labels);
             DROP INDEX flow_run_by_flow_state;
             DROP INDEX task_run_by_state; CREATE INDEX task_run_by_state ON task_run (state, state_timestamp);
             PRAGMA user_version = 2",
        )
        .unwrap();
        assert_ne!(indexes(&old), indexes(&new));
        migrate(&mut old).unwrap();
        assert_eq!(indexes(&old), indexes(&new));
    }

    #[test]
    fn a_newer_database_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA user_version = 99").unwrap();
        let message = migrate(&mut connection).unwrap_err().to_string();
        assert!(message.contains("newer Flowdeck (its format is 99"), "{message}");
    }

    /// Every foreign key that cascades or sets null is the head of an index, so that deleting a run with
    /// many task runs takes no scan. Those to the tenant are left out on purpose.
    #[test]
    fn every_foreign_key_but_the_tenants_has_an_index() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        let mut missing = connection
            .prepare(
                "SELECT t.name || '.' || k.\"from\" FROM sqlite_schema t, pragma_foreign_key_list(t.name) k \
                 WHERE t.type = 'table' AND k.\"table\" <> 'tenant' AND NOT EXISTS ( \
                   SELECT 1 FROM pragma_index_list(t.name) i, pragma_index_info(i.name) c \
                   WHERE c.seqno = 0 AND c.name = k.\"from\")",
            )
            .unwrap();
        let missing: Vec<String> = missing
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(missing, Vec::<String>::new());
    }
}

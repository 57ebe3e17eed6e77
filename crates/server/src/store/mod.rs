//! The database: one writer, several readers, and the SQL of the mutations. No GraphQL types in here.

use std::fmt;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use crate::error::Error;

pub mod agent;
pub mod artifact;
mod connection;
mod dialect;
pub mod flow;
pub mod flow_group;
pub mod flow_run;
pub mod functions;
mod latest_change;
mod lock;
pub mod log;
mod migrations;
pub mod project;
mod readers;
pub mod saved_view;
pub mod state;
pub mod task_run;
pub mod tenant;
mod url;
mod value;
mod writer;

#[cfg(test)]
mod tests;

pub use latest_change::latest_change;
pub use rusqlite::types::ValueRef as Cell;
pub use url::DatabaseUrl;
pub use value::{Row, Value};

use connection::Sqlite;
use lock::DatabaseLock;
use readers::Readers;
use writer::Writer;

/// How long a read may take before it is interrupted.
pub const READ_TIME_LIMIT: Duration = Duration::from_secs(15);

/// What a transaction can do. Statements use the placeholders `?1`, `?2`, … (which a Postgres connection would
/// rewrite to `$1`, `$2`) and the subset of SQL that Postgres understands too. They are prepared once and
/// cached, so their text should not vary with the data.
pub trait Db {
    /// Runs a statement and says how many rows it changed.
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<usize, Error>;
    /// Runs a statement and returns its rows.
    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error>;
    /// Runs a statement and hands each row to `row`, the cells as the database holds them: nothing is copied.
    fn for_each(
        &mut self,
        sql: &str,
        params: &[Value],
        row: &mut dyn FnMut(&[Cell<'_>]) -> Result<(), Error>,
    ) -> Result<(), Error>;
    /// The first cell of the first row, as text, copied once; `None` for null or no row.
    fn query_text(&mut self, sql: &str, params: &[Value]) -> Result<Option<String>, Error>;
    /// How many bytes may still be printed: as many as one likes, until somebody sets it for this read.
    fn room(&self) -> Arc<functions::Room>;
}

/// A handle on the database; cloning it is cheap. The last one to go closes it, after all queued writes.
#[derive(Clone)]
pub struct Store {
    parts: Arc<Parts>,
}

/// In the order in which they have to end: the readers before the writer, whose connection as the last one moves
/// what is in the write-ahead log into the database; then lock and temporary file.
struct Parts {
    readers: Readers,
    writer: Writer,
    _lock: DatabaseLock,
    _temporary: Option<TempDir>,
}

/// The database cannot be opened. One sentence that names the file and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    message: String,
}

impl StoreError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {}

impl Store {
    /// Opens the database, creating and migrating it where needed. Only one server at a time may have an
    /// SQLite file open.
    pub fn open(url: &DatabaseUrl) -> Result<Store, StoreError> {
        Self::open_with_time_limit(url, READ_TIME_LIMIT)
    }

    /// As [`Store::open`], with another limit for the time a read may take.
    pub fn open_with_time_limit(url: &DatabaseUrl, read_time_limit: Duration) -> Result<Store, StoreError> {
        let (path, temporary) = match url {
            DatabaseUrl::File(path) => (path.clone(), None),
            DatabaseUrl::Memory => {
                let folder = temporary_folder()?;
                (folder.path().join("flowdeck.db"), Some(folder))
            }
        };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|e| {
                StoreError::new(format!(
                    "The folder {} for the database cannot be made: {e}. Choose another with --data-dir.",
                    folder.display(),
                ))
            })?;
        }
        let lock = DatabaseLock::take(&path)?;
        let mut sqlite = Sqlite::writer(&path).map_err(|e| unusable(&path, e))?;
        migrations::migrate(&mut sqlite.connection)
            .map_err(|e| StoreError::new(format!("{}: {e}", path.display())))?;
        let readers = Readers::start(&path, read_time_limit)?;
        let writer = Writer::start(sqlite)?;
        Ok(Store {
            parts: Arc::new(Parts {
                writer,
                readers,
                _lock: lock,
                _temporary: temporary,
            }),
        })
    }

    /// Runs `f` in one read transaction: all its statements see the same moment.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut dyn Db) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.parts.readers.read(f).await
    }

    /// Runs `f` in a savepoint of its own and answers after the commit. An error or a panic of `f` undoes
    /// what `f` did and nothing else.
    pub async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut dyn Db) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.parts.writer.write(f).await
    }
}

fn unusable(path: &Path, error: rusqlite::Error) -> StoreError {
    StoreError::new(format!(
        "The database {} cannot be opened: {error}. Is it an SQLite file this user may write?",
        path.display(),
    ))
}

/// Where a database lives that nobody wants to keep: a new folder that only this user may enter. It is a file like any
/// other, so that tests meet the same locking and the same journal as users do.
fn temporary_folder() -> Result<TempDir, StoreError> {
    tempfile::Builder::new()
        .prefix("flowdeck-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir()
        .map_err(|e| StoreError::new(format!("A folder for a temporary database cannot be made: {e}.")))
}

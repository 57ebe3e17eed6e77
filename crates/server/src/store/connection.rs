//! One connection to an SQLite file: its settings, and how it runs statements.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql};

use super::functions::Room;
use super::{Cell, Db, Row, Value, dialect};
use crate::error::Error;

/// Statements kept prepared for each connection. Reads come with new texts all the time (each shape of a
/// GraphQL document is one); the mutations need about a hundred.
const PREPARED_STATEMENTS: usize = 256;

/// What every connection is set to.
///
/// WAL lets readers go on while the writer writes. With `synchronous = NORMAL` what is committed survives the
/// death of the process (`kill -9`): the log has been handed to the operating system. Only a power failure
/// can take the last moments, and never damages the file.
/// Memory: 2 MB of pages for each connection and a mapped file, whose pages the system takes back when it likes.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = ON;
    PRAGMA cache_size = -2000;
    PRAGMA mmap_size = 1073741824;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = 67108864;
";

/// A connection that runs statements for transactions.
pub(super) struct Sqlite {
    pub(super) connection: Connection,
    /// What the read under way may still print.
    pub(super) room: Arc<Room>,
}

impl Sqlite {
    /// Opens the file to write, creating it if it is missing.
    pub(super) fn writer(path: &Path) -> rusqlite::Result<Self> {
        Self::open(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )
    }

    /// Opens the existing file to read. Writing fails.
    pub(super) fn reader(path: &Path) -> rusqlite::Result<Self> {
        let sqlite = Self::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        sqlite.connection.execute_batch("PRAGMA query_only = ON")?;
        Ok(sqlite)
    }

    fn open(path: &Path, flags: OpenFlags) -> rusqlite::Result<Self> {
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.execute_batch(SETTINGS)?;
        connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
        let room = Arc::default();
        dialect::teach(&connection, &room)?;
        Ok(Self { connection, room })
    }

    /// Runs a statement of ours that takes and returns nothing: `BEGIN`, `COMMIT`, `SAVEPOINT` …
    pub(super) fn control(&mut self, sql: &str) -> Result<(), Error> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut s| s.raw_execute())
            .map_err(fault(sql))?;
        Ok(())
    }

    fn prepare(&self, sql: &str, params: &[Value]) -> Result<CachedStatement<'_>, Error> {
        let mut statement = self.connection.prepare_cached(sql).map_err(fault(sql))?;
        for (index, value) in params.iter().enumerate() {
            statement
                .raw_bind_parameter(index + 1, value)
                .map_err(fault(sql))?;
        }
        Ok(statement)
    }
}

impl Db for Sqlite {
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<usize, Error> {
        self.prepare(sql, params)?.raw_execute().map_err(fault(sql))
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error> {
        let mut statement = self.prepare(sql, params)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(fault(sql))? {
            let cells = (0..columns).map(|i| row.get_ref(i).map_err(fault(sql)).and_then(cell));
            found.push(Row(cells.collect::<Result<_, _>>()?));
        }
        Ok(found)
    }

    fn for_each(
        &mut self,
        sql: &str,
        params: &[Value],
        row: &mut dyn FnMut(&[Cell<'_>]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut statement = self.prepare(sql, params)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        while let Some(found) = rows.next().map_err(fault(sql))? {
            let cells = (0..columns)
                .map(|index| found.get_ref(index))
                .collect::<Result<Vec<_>, _>>();
            row(&cells.map_err(fault(sql))?)?;
        }
        Ok(())
    }

    fn query_text(&mut self, sql: &str, params: &[Value]) -> Result<Option<String>, Error> {
        let mut statement = self.prepare(sql, params)?;
        let mut rows = statement.raw_query();
        let Some(row) = rows.next().map_err(fault(sql))? else {
            return Ok(None);
        };
        match cell(row.get_ref(0).map_err(fault(sql))?)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            Value::Integer(integer) => Ok(Some(integer.to_string())),
            Value::Real(real) => Ok(Some(real.to_string())),
        }
    }

    fn room(&self) -> Arc<Room> {
        Arc::clone(&self.room)
    }
}

fn cell(value: ValueRef<'_>) -> Result<Value, Error> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(integer) => Ok(Value::Integer(integer)),
        ValueRef::Real(real) => Ok(Value::Real(real)),
        ValueRef::Text(text) => String::from_utf8(text.to_vec())
            .map(Value::Text)
            .map_err(Error::internal),
        ValueRef::Blob(_) => Err(Error::internal("a cell holds bytes; the data model has none")),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Integer(integer) => ValueRef::Integer(*integer),
            Value::Real(real) => ValueRef::Real(*real),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// What a failure of SQLite means: two of them are the client's doing and keep the words the clients look for
/// (contract 3.2), one is the time limit of reads, some come from outside and pass, the rest are ours.
fn fault(sql: &str) -> impl Fn(rusqlite::Error) -> Error + '_ {
    use rusqlite::ffi;
    move |error| match &error {
        rusqlite::Error::SqliteFailure(failure, _) => match failure.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                Error::client("Uniqueness violation.")
            }
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Error::client("Foreign key violation."),
            _ => match failure.code {
                ffi::ErrorCode::OperationInterrupted => Error::Timeout,
                ffi::ErrorCode::DatabaseBusy
                | ffi::ErrorCode::DatabaseLocked
                | ffi::ErrorCode::DiskFull
                | ffi::ErrorCode::SystemIoFailure
                | ffi::ErrorCode::CannotOpen
                | ffi::ErrorCode::OutOfMemory => Error::Unavailable(format!("{error} in: {sql}")),
                _ => Error::Internal(format!("{error} in: {sql}")),
            },
        },
        _ => Error::Internal(format!("{error} in: {sql}")),
    }
}

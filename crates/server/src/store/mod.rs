//! The database: one writer, several readers, and the only SQL of the mutations. No GraphQL types in here.

use std::fmt;

use crate::error::Error;

mod url;
mod value;

pub use url::DatabaseUrl;
pub use value::{Row, Value};

/// A handle on the database; cloning it is cheap.
#[derive(Clone)]
pub struct Store {}

/// What a transaction can do. Statements use the placeholders `?1`, `?2`, … and the subset of SQL that
/// Postgres understands too; they are prepared once and cached, so their text should not vary with the data.
pub trait Db {
    /// Runs a statement and says how many rows it changed.
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<usize, Error>;
    /// Runs a statement and returns its rows.
    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error>;
    /// The first cell of the first row, as text, copied once; `None` for null or no row.
    fn query_text(&mut self, sql: &str, params: &[Value]) -> Result<Option<String>, Error>;
}

/// The database cannot be opened. One sentence that names the file and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    message: String,
}

impl StoreError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {}

impl Store {
    /// Opens the database, creating and migrating it where needed.
    pub fn open(url: &DatabaseUrl) -> Result<Store, StoreError> {
        let _ = url;
        Err(StoreError::new("The store is not written yet."))
    }

    /// Runs `f` in one read transaction: all its statements see the same moment.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut dyn Db) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _ = f;
        Err(Error::Internal("the store is not written yet".into()))
    }

    /// Runs `f` in a savepoint of its own and answers after the commit. An error of `f` undoes only `f`.
    pub async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut dyn Db) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _ = f;
        Err(Error::Internal("the store is not written yet".into()))
    }
}

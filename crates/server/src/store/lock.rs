//! One server for one SQLite file: a second one is refused instead of corrupting the first one's idea of it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::StoreError;

/// Holds the lock beside a database, `<file>.lock`. The system releases it when the process ends, however it ends.
pub(super) struct DatabaseLock {
    _file: File,
}

impl DatabaseLock {
    /// Takes the lock, or says which process has it.
    pub(super) fn take(database: &Path) -> Result<Self, StoreError> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let unusable = |error: std::io::Error| {
            StoreError::new(format!(
                "The database {} cannot be locked: {error}.",
                database.display()
            ))
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Only for the message: an unreadable file names no process.
                let _ = file.read_to_string(&mut holder);
                let process = match holder.trim() {
                    "" => String::new(),
                    id => format!(" (process {id})"),
                };
                return Err(StoreError::new(format!(
                    "The database {} is in use by another Flowdeck server{process}. Stop that one, or give \
                     this one a database of its own with --data-dir.",
                    database.display(),
                )));
            }
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| write!(file, "{}", std::process::id()))
            .map_err(unusable)?;
        Ok(Self { _file: file })
    }
}

//! The one thread that writes. It takes all that is queued, runs each piece in a savepoint within one
//! transaction, commits once and then answers them all.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, JoinHandle};

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

use super::connection::Sqlite;
use super::{Db, StoreError};
use crate::error::Error;

/// Writes that share a commit at most, so that the first in a batch does not wait for ever.
const BATCH: usize = 128;
/// Writes that may wait. When it is full, callers wait before they are queued.
const QUEUE: usize = 4096;

/// Called when it is known whether the write was committed.
type Answer = Box<dyn FnOnce(Result<(), Error>) + Send>;
/// A queued write: runs, and says whether to keep what it did. Without a transaction to run in it is given the
/// reason instead: it must not touch the connection, where each statement would commit by itself.
type Job = Box<dyn FnOnce(Result<&mut Sqlite, Error>) -> (bool, Answer) + Send>;

pub(super) struct Writer {
    queue: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(sqlite: Sqlite) -> Result<Self, StoreError> {
        let (queue, jobs) = channel(QUEUE);
        let thread = thread::Builder::new()
            .name("flowdeck-writer".into())
            .spawn(move || write_all(sqlite, jobs))
            .map_err(|e| StoreError::new(format!("The thread that writes cannot be started: {e}.")))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    pub(super) async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut dyn Db) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |sqlite| {
            let result = sqlite.and_then(|sqlite| {
                catch_unwind(AssertUnwindSafe(|| f(sqlite))).unwrap_or_else(|panic| {
                    Err(Error::Internal(format!("a write panicked: {}", message(&*panic))))
                })
            });
            let keep = result.is_ok();
            let answer: Answer = Box::new(move |committed| {
                // The caller may have gone away; what it asked for is done all the same.
                let _ = reply.send(result.and_then(|value| committed.map(|()| value)));
            });
            (keep, answer)
        });
        let closed = || Error::Unavailable("the store is closed".to_owned());
        self.queue
            .as_ref()
            .ok_or_else(closed)?
            .send(job)
            .await
            .map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

impl Drop for Writer {
    /// Lets the thread finish what is queued.
    fn drop(&mut self) {
        self.queue = None;
        // A write may itself hold the last handle on the store; the thread cannot wait for its own end.
        if let Some(thread) = self
            .thread
            .take()
            .filter(|t| t.thread().id() != thread::current().id())
        {
            let _ = thread.join();
        }
    }
}

fn write_all(mut sqlite: Sqlite, mut jobs: Receiver<Job>) {
    while let Some(first) = jobs.blocking_recv() {
        let batch = std::iter::once(first)
            .chain(std::iter::from_fn(|| jobs.try_recv().ok()))
            .take(BATCH);
        let (answers, committed) = write_batch(&mut sqlite, batch);
        for answer in answers {
            answer(committed.clone());
        }
    }
    // Good statistics make good plans; this is quick because it looks only at what has changed much.
    let _ = sqlite.connection.execute_batch("PRAGMA optimize");
}

/// Runs the batch in one transaction. An error here concerns all of it: it was not committed.
fn write_batch(sqlite: &mut Sqlite, batch: impl Iterator<Item = Job>) -> (Vec<Answer>, Result<(), Error>) {
    // Whatever goes wrong here, nothing of the batch is kept, and all of it may be tried again: a full disk, for example,
    // ends the transaction by itself, and SQLite then says that there is no savepoint.
    let control = |sqlite: &mut Sqlite, sql| {
        sqlite
            .control(sql)
            .map_err(|error| Error::Unavailable(error.to_string()))
    };
    let mut answers = Vec::new();
    let begun = control(sqlite, "BEGIN IMMEDIATE");
    let mut outcome = begun.clone();
    for job in batch {
        // After a failure the rest of the batch is only answered.
        let saved = outcome.and_then(|()| control(sqlite, "SAVEPOINT job"));
        let (keep, answer) = job(saved.clone().map(|()| &mut *sqlite));
        answers.push(answer);
        outcome = saved.and_then(|()| {
            if !keep {
                control(sqlite, "ROLLBACK TO job")?;
            }
            control(sqlite, "RELEASE job")
        });
    }
    let committed = outcome.and_then(|()| control(sqlite, "COMMIT"));
    if committed.is_err() && begun.is_ok() {
        // Whatever went wrong, the next batch starts from a clean state.
        let _ = sqlite.control("ROLLBACK");
    }
    (answers, committed)
}

pub(super) fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn a_write_without_a_transaction_does_not_touch_the_connection() {
        let folder = tempfile::tempdir().unwrap();
        let mut sqlite = Sqlite::writer(&folder.path().join("flowdeck.db")).unwrap();
        // A transaction is open already, so that the batch cannot begin its own.
        sqlite.control("BEGIN").unwrap();
        let touched = Arc::new(AtomicBool::new(false));
        let touches = touched.clone();
        let job: Job = Box::new(move |sqlite| {
            touches.store(sqlite.is_ok(), Ordering::Relaxed);
            (sqlite.is_ok(), Box::new(|committed| assert!(committed.is_err())))
        });
        let (answers, committed) = write_batch(&mut sqlite, std::iter::once(job));
        assert!(committed.is_err());
        assert!(!touched.load(Ordering::Relaxed));
        for answer in answers {
            answer(committed.clone());
        }
    }
}

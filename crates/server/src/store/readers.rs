//! The threads that read, each with a connection of its own. Reads go on while a write is under way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::connection::Sqlite;
use super::writer::message;
use super::{Db, StoreError};
use crate::error::Error;

/// Threads, and so reads at the same time. SQLite reads are processor work: more than a few gain nothing.
const THREADS: usize = 4;
/// Instructions of SQLite's machine between two looks at the time: a fraction of a millisecond.
const INSTRUCTIONS: i32 = 10_000;

type Job = Box<dyn FnOnce(&mut Reader) + Send>;

pub(super) struct Readers {
    queue: Option<Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

struct Reader {
    sqlite: Sqlite,
    deadline: Arc<Deadline>,
}

impl Readers {
    pub(super) fn start(path: &Path, time_limit: Duration) -> Result<Self, StoreError> {
        let (queue, jobs) = channel();
        let jobs = Arc::new(Mutex::new(jobs));
        let mut threads = Vec::with_capacity(THREADS);
        for number in 0..THREADS {
            let unusable =
                |e: String| StoreError::new(format!("The database {} cannot be read: {e}.", path.display()));
            let mut sqlite = Sqlite::reader(path).map_err(|e| unusable(e.to_string()))?;
            let deadline = Arc::new(Deadline::new(time_limit));
            let watched = Arc::clone(&deadline);
            sqlite
                .connection
                .progress_handler(INSTRUCTIONS, Some(move || watched.is_over()))
                .map_err(|e| unusable(e.to_string()))?;
            let jobs = Arc::clone(&jobs);
            let thread = thread::Builder::new()
                .name(format!("flowdeck-reader-{number}"))
                .spawn(move || read_all(Reader { sqlite, deadline }, &jobs))
                .map_err(|e| unusable(e.to_string()))?;
            threads.push(thread);
        }
        Ok(Self {
            queue: Some(queue),
            threads,
        })
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut dyn Db) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |reader| {
            // Nobody waits any more: the client has hung up while this was queued.
            if !reply.is_closed() {
                let _ = reply.send(reader.read(f));
            }
        });
        let closed = || Error::Unavailable("the store is closed".to_owned());
        self.queue
            .as_ref()
            .ok_or_else(closed)?
            .send(job)
            .map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

impl Drop for Readers {
    /// Waits until the connections are closed.
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            // A read may itself hold the last handle on the store; a thread cannot wait for its own end.
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

fn read_all(mut reader: Reader, jobs: &Mutex<Receiver<Job>>) {
    loop {
        // Held while waiting: whoever has it gets the next job, the others queue for the lock.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        job(&mut reader);
    }
}

impl Reader {
    /// One transaction: everything `f` reads is of one moment.
    fn read<T>(&mut self, f: impl FnOnce(&mut dyn Db) -> Result<T, Error>) -> Result<T, Error> {
        self.deadline.start();
        self.sqlite.room.set(usize::MAX);
        self.sqlite.control("BEGIN DEFERRED")?;
        let result = catch_unwind(AssertUnwindSafe(|| f(&mut self.sqlite)))
            .unwrap_or_else(|panic| Err(Error::Internal(format!("a read panicked: {}", message(&*panic)))));
        self.deadline.lift();
        // An interrupted statement may have ended the transaction already.
        if !self.sqlite.connection.is_autocommit() {
            self.sqlite.control("COMMIT")?;
        }
        result
    }
}

/// When the read under way has to be over, shared with SQLite's progress handler.
struct Deadline {
    origin: Instant,
    limit: Duration,
    /// Milliseconds after `origin`.
    ends: AtomicU64,
}

impl Deadline {
    fn new(limit: Duration) -> Self {
        Self {
            origin: Instant::now(),
            limit,
            ends: AtomicU64::new(u64::MAX),
        }
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn start(&self) {
        let limit = u64::try_from(self.limit.as_millis()).unwrap_or(u64::MAX);
        self.ends
            .store(self.elapsed().saturating_add(limit), Ordering::Relaxed);
    }

    fn lift(&self) {
        self.ends.store(u64::MAX, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.elapsed() > self.ends.load(Ordering::Relaxed)
    }
}

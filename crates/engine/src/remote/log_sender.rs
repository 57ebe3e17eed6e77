//! Forwards log lines to the server, in batches, in order, and all of them before the run ends.
//!
//! A server that is away costs lines only when it is for long: those that find no room meanwhile, and those that are
//! still waiting when it has been away for too long. The log says how many as soon as it can.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Client, ClientError, LogEntry, LogLevel, patiently};
use crate::remote::PATIENCE;

/// How long a line waits for others to go with.
const GATHERING: Duration = Duration::from_millis(400);
/// The most lines in one call; more are sent at once instead of gathering on.
const LARGEST_BATCH: usize = 500;
/// The most text in one call: a fifth of the server's limit for a body (contract 1.3).
const LARGEST_TEXT: usize = 1_000_000;
/// The longest line; the rest is cut off and said to be.
const LONGEST_LINE: usize = 100_000;
/// How many bytes of lines may wait: a hundred thousand usual ones.
const ROOM: usize = 32_000_000;
/// What a line takes beside its text.
const LINE: usize = 200;
/// Between two looks for room.
const GLANCE: Duration = Duration::from_millis(5);

pub(super) struct LogSender {
    messages: Sender<Message>,
    shared: Arc<Shared>,
    room: usize,
}

enum Message {
    Line(LogEntry),
    Flush(Sender<()>),
}

/// What the thread that sends and those that log tell each other.
#[derive(Default)]
struct Shared {
    /// How many bytes of lines are on their way to the thread.
    waiting: AtomicUsize,
    /// The server did not answer the last time, or there is no thread to ask it.
    away: AtomicBool,
    /// How many lines were lost since the log last said so.
    lost: AtomicUsize,
}

/// However the thread ends, nobody waits for it.
struct Presence(Arc<Shared>);

impl Drop for Presence {
    fn drop(&mut self) {
        self.0.away.store(true, Ordering::Relaxed);
    }
}

impl LogSender {
    pub(super) fn start(client: Client) -> Self {
        Self::with(client, PATIENCE, ROOM)
    }

    /// A sender that puts up with a server that is away for so long, and keeps as many bytes of lines meanwhile.
    pub(super) fn with(client: Client, patience: Duration, room: usize) -> Self {
        let (messages, received) = mpsc::channel();
        let shared = Arc::new(Shared::default());
        let presence = Presence(Arc::clone(&shared));
        let work = move || {
            let mut post = Post {
                client,
                patience,
                shared: Arc::clone(&presence.0),
                away_since: None,
                next_try: None,
                last: None,
            };
            work(&mut post, &received);
        };
        let thread = thread::Builder::new().name("flowdeck-logs".to_owned());
        // Without the thread the channel is closed and lines are dropped; states still tell the run's story.
        let _ = thread.spawn(work);
        Self {
            messages,
            shared,
            room,
        }
    }

    /// Hands a line over. A run that logs faster than its server reads waits for it; while the server is away, lines
    /// that find no room are lost.
    pub(super) fn send(&self, mut entry: LogEntry) {
        if entry.message.len() > LONGEST_LINE {
            entry
                .message
                .truncate(entry.message.floor_char_boundary(LONGEST_LINE));
            entry.message.push_str(" … (cut off)");
        }
        while self.shared.waiting.load(Ordering::Relaxed) >= self.room {
            if self.shared.away.load(Ordering::Relaxed) {
                self.shared.lost.fetch_add(1, Ordering::Relaxed);
                return;
            }
            thread::sleep(GLANCE);
        }
        self.shared.waiting.fetch_add(size(&entry), Ordering::Relaxed);
        let _ = self.messages.send(Message::Line(entry));
    }

    /// Returns when every line so far is at the server (or the server has been away for too long).
    pub(super) fn flush(&self) {
        let (done, finished) = mpsc::channel();
        if self.messages.send(Message::Flush(done)).is_ok() {
            let _ = finished.recv();
        }
    }
}

fn size(entry: &LogEntry) -> usize {
    entry.message.len() + LINE
}

fn work(post: &mut Post, messages: &Receiver<Message>) {
    while let Ok(first) = messages.recv() {
        let mut batch = Vec::new();
        let mut text = 0;
        let mut waiting = None;
        let until = Instant::now() + GATHERING;
        let mut next = Some(first);
        while let Some(message) = next.take() {
            match message {
                Message::Line(entry) => {
                    post.shared.waiting.fetch_sub(size(&entry), Ordering::Relaxed);
                    text += entry.message.len();
                    batch.push(entry);
                }
                Message::Flush(done) => {
                    waiting = Some(done);
                    break;
                }
            }
            if batch.len() >= LARGEST_BATCH || text >= LARGEST_TEXT {
                break;
            }
            next = messages
                .recv_timeout(until.saturating_duration_since(Instant::now()))
                .ok();
        }
        if !batch.is_empty() {
            post.send(&batch);
        }
        post.own_up();
        if let Some(done) = waiting {
            let _ = done.send(());
        }
    }
}

/// The way to the server.
struct Post {
    client: Client,
    patience: Duration,
    shared: Arc<Shared>,
    /// Since when the server has not answered. Once that is longer than the patience each call is a single try: lines
    /// that wait for a server that is gone for good would keep the process for hours.
    away_since: Option<Instant>,
    /// No try is worth while before that: one that failed is not repeated sooner than after the time it took, so that
    /// half a minute for an answer that does not come is not spent on each batch.
    next_try: Option<Instant>,
    /// The last line there was.
    last: Option<LogEntry>,
}

impl Post {
    /// A refused line is not worth the run: it is lost, the others go on. One line refuses the whole call (contract 3.6),
    /// so they are then sent one by one.
    fn send(&mut self, lines: &[LogEntry]) {
        if let Some(last) = lines.last() {
            self.last = Some(last.clone());
        }
        match self.call(lines) {
            Err(ClientError::Api(_)) if lines.len() > 1 => {
                for line in lines {
                    self.send(std::slice::from_ref(line));
                }
            }
            Err(error) if error.is_passing() => {
                self.shared.lost.fetch_add(lines.len(), Ordering::Relaxed);
            }
            _ => {}
        }
    }

    /// Says in the log how many lines are missing, when there is a server to hear it.
    fn own_up(&mut self) {
        let lost = self.shared.lost.load(Ordering::Relaxed);
        let Some(last) = self.last.as_ref().filter(|_| lost > 0) else {
            return;
        };
        let words = format!("Lines of this log that are missing here, because the server was away: {lost}");
        let line = LogEntry {
            task_run_id: None,
            name: "flowdeck.log".to_owned(),
            level: LogLevel::Warning,
            message: words,
            ..last.clone()
        };
        if !is_passing(&self.call(&[line])) {
            self.shared.lost.fetch_sub(lost, Ordering::Relaxed);
        }
    }

    fn call(&mut self, lines: &[LogEntry]) -> Result<(), ClientError> {
        let began = Instant::now();
        if let Some(next_try) = self.next_try
            && began < next_try
        {
            return Err(ClientError::Unreachable {
                url: self.client.url().to_owned(),
                reason: "no answer a moment ago".to_owned(),
            });
        }
        let deadline = self.away_since.unwrap_or(began) + self.patience;
        let mut next_try = began;
        let outcome = patiently(deadline, &|| false, || {
            let tried = Instant::now();
            let outcome = self.client.write_logs(lines);
            next_try = Instant::now() + tried.elapsed();
            self.shared.away.store(is_passing(&outcome), Ordering::Relaxed);
            outcome
        });
        if is_passing(&outcome) {
            self.away_since.get_or_insert(began);
            self.next_try = Some(next_try);
        } else {
            self.away_since = None;
            self.next_try = None;
        }
        outcome
    }
}

fn is_passing(outcome: &Result<(), ClientError>) -> bool {
    matches!(outcome, Err(error) if error.is_passing())
}

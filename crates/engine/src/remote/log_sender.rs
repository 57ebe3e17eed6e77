//! Forwards log lines to the server, in batches, in order, and all of them before the run ends.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Client, ClientError, LogEntry, patiently};
use crate::remote::deadline;

/// How long a line waits for others to go with.
const GATHERING: Duration = Duration::from_millis(400);
/// The most lines in one call; more are sent at once instead of gathering on.
const LARGEST_BATCH: usize = 500;
/// The most text in one call: a fifth of the server's limit for a body (contract 1.3).
const LARGEST_TEXT: usize = 1_000_000;
/// The longest line; the rest is cut off and said to be.
const LONGEST_LINE: usize = 100_000;

pub(super) struct LogSender {
    messages: Sender<Message>,
}

enum Message {
    Line(LogEntry),
    Flush(Sender<()>),
}

impl LogSender {
    pub(super) fn start(client: Client) -> Self {
        let (messages, received) = mpsc::channel();
        let thread = thread::Builder::new().name("flowdeck-logs".to_owned());
        // Without the thread the channel is closed and lines are dropped; states still tell the run's story.
        let _ = thread.spawn(move || work(&client, &received));
        Self { messages }
    }

    pub(super) fn send(&self, mut entry: LogEntry) {
        if entry.message.len() > LONGEST_LINE {
            entry
                .message
                .truncate(entry.message.floor_char_boundary(LONGEST_LINE));
            entry.message.push_str(" … (cut off)");
        }
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

fn work(client: &Client, messages: &Receiver<Message>) {
    while let Ok(first) = messages.recv() {
        let mut batch = Vec::new();
        let mut text = 0;
        let mut waiting = None;
        let until = Instant::now() + GATHERING;
        let mut next = Some(first);
        while let Some(message) = next.take() {
            match message {
                Message::Line(entry) => {
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
            send(client, &batch);
        }
        if let Some(done) = waiting {
            let _ = done.send(());
        }
    }
}

/// A refused line is not worth the run: it is lost, the others go on. One line refuses the whole call (contract 3.6), so
/// they are then sent one by one.
fn send(client: &Client, lines: &[LogEntry]) {
    let outcome = patiently(deadline(), &|| false, || client.write_logs(lines));
    if let (Err(ClientError::Api(_)), true) = (outcome, lines.len() > 1) {
        for line in lines {
            send(client, std::slice::from_ref(line));
        }
    }
}

//! Tidying: what flow runs have left in the data folder long ago is removed, at the start and once a day.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use flowdeck_engine::forget_old_results;
use jiff::{SignedDuration, Timestamp};

use super::Folders;

/// Between two rounds.
const PAUSE: Duration = Duration::from_secs(24 * 3600);
/// How long what a process printed is kept.
const LOGS_KEPT: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Remembers when the last round was.
#[derive(Debug, Default)]
pub struct Tidying {
    last: Option<Instant>,
}

impl Tidying {
    /// Makes a round, beside the agent's work, if it is time for one.
    pub fn when_due(&mut self, folders: &Folders) {
        if self.last.is_some_and(|last| last.elapsed() < PAUSE) {
            return;
        }
        self.last = Some(Instant::now());
        let folders = folders.clone();
        // Without the thread it is done another day.
        let _ = thread::Builder::new()
            .name("flowdeck-tidying".to_owned())
            .spawn(move || {
                let now = crate::time::now();
                forget_old_logs(&folders.runs, now);
                forget_old_results(&folders.results, now);
            });
    }
}

/// Removes what processes printed long ago. Whatever cannot be removed is left for the next round.
fn forget_old_logs(folder: &Path, now: Timestamp) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let written = entry.metadata().and_then(|metadata| metadata.modified());
        let age = written
            .ok()
            .and_then(|at| Timestamp::try_from(at).ok())
            .map(|at| now.duration_since(at));
        if age.is_some_and(|age| age > LOGS_KEPT) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_printed_is_kept_for_a_fortnight() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("run.log");
        fs::write(&log, "words").unwrap();
        let now = crate::time::now();
        forget_old_logs(folder.path(), now + SignedDuration::from_hours(13 * 24));
        assert!(log.exists());
        forget_old_logs(folder.path(), now + SignedDuration::from_hours(15 * 24));
        assert!(!log.exists());
    }
}

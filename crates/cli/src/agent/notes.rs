//! The agent's notes: one small file for each process it has started, so that a crash loses none of them.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;

use flowdeck_vocabulary::FlowRunId;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use tracing::warn;

use super::process::Identity;
use crate::data_dir::DataDir;
use crate::failure::Failure;

/// How many agents of the same name may work on one data folder.
const NAMESAKES: usize = 64;

/// What is known of the process of one flow run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Note {
    /// The flow run.
    pub flow_run_id: FlowRunId,
    /// Its process; absent between the decision to take the run and the start of the process.
    pub process: Option<Identity>,
    /// Where the process writes what it prints.
    pub log: PathBuf,
}

impl Note {
    /// The note that a run is about to be taken.
    pub fn intended(flow_run_id: FlowRunId, log: PathBuf) -> Self {
        Self {
            flow_run_id,
            process: None,
            log,
        }
    }
}

/// The folder of notes of one agent. Locked while the agent lives, so that two agents of the same name do
/// not follow each other's processes; the lock ends with the process that holds it, however that ends.
#[derive(Debug)]
pub struct Notes {
    folder: PathBuf,
    lock: File,
}

impl Notes {
    /// The first free folder for an agent of this name.
    pub fn open(data: &DataDir, name: &str) -> Result<Self, Failure> {
        for number in 1..=NAMESAKES {
            let name = if number == 1 {
                name.to_owned()
            } else {
                format!("{name}-{number}")
            };
            let folder = data.agent(&name)?;
            let lock = File::create(folder.join("lock")).map_err(|error| {
                Failure::new(format!("{} cannot be written ({error}).", folder.display()))
            })?;
            if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok() {
                return Ok(Self { folder, lock });
            }
        }
        Err(Failure::new(format!(
            "There are already {NAMESAKES} agents named '{name}' here. Choose another --name."
        )))
    }

    /// All notes there are. A file that cannot be read is reported and left alone.
    pub fn read(&self) -> Vec<Note> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let files = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e == "json"));
        files
            .filter_map(|path| {
                let note = fs::read(&path)
                    .map_err(|error| error.to_string())
                    .and_then(|text| serde_json::from_slice(&text).map_err(|error| error.to_string()));
                note.map_err(|error| warn!("{} is no note of an agent: {error}", path.display()))
                    .ok()
            })
            .collect()
    }

    /// Writes a note, whole or not at all. A full disk costs the adoption after a crash, not the run.
    pub fn write(&self, note: &Note) {
        let path = self.path(note.flow_run_id);
        let temporary = path.with_extension("new");
        let written = serde_json::to_vec(note)
            .map_err(std::io::Error::from)
            .and_then(|text| {
                File::create(&temporary)?.write_all(&text)?;
                fs::rename(&temporary, &path)
            });
        if let Err(error) = written {
            warn!("{} cannot be written: {error}", path.display());
        }
    }

    /// Removes the note of a run, if there is one.
    pub fn remove(&self, flow_run_id: FlowRunId) {
        // Gone already is as good.
        let _ = fs::remove_file(self.path(flow_run_id));
    }

    fn path(&self, flow_run_id: FlowRunId) -> PathBuf {
        self.folder.join(format!("{flow_run_id}.json"))
    }
}

impl Drop for Notes {
    /// Closing the file is not enough: a process that is just being started has it open, too, for a moment.
    fn drop(&mut self) {
        // The lock ends with this process at the latest.
        let _ = flock(&self.lock, FlockOperation::Unlock);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_outlive_the_agent_and_are_not_shared_with_a_namesake() {
        let temporary = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(temporary.path().to_owned())).unwrap();
        let note = Note::intended(FlowRunId::random(), "x.log".into());
        let first = Notes::open(&data, "a b").unwrap();
        first.write(&note);
        assert!(
            Notes::open(&data, "a b").unwrap().read().is_empty(),
            "the first agent is still alive"
        );
        let in_a_process_just_being_started = first.lock.try_clone().unwrap();
        drop(first);
        let heir = Notes::open(&data, "a b").unwrap();
        assert_eq!(heir.read()[0].flow_run_id, note.flow_run_id);
        heir.remove(note.flow_run_id);
        assert!(heir.read().is_empty());
        drop(in_a_process_just_being_started);
    }
}

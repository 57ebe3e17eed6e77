//! A charge: one flow run whose process this agent watches over.

use std::process::{Child, ExitStatus};

use super::notes::Note;

/// A flow run's process, started by this agent or adopted from an earlier one.
#[derive(Debug)]
pub struct Charge {
    note: Note,
    child: Option<Child>,
    ending: Option<Ending>,
}

/// How a process came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It never started; the words say why.
    NotStarted(String),
    /// An agent took the run and ended itself before it could start the process.
    Forgotten,
    /// It ended by itself or was ended.
    Status(ExitStatus),
    /// It ended while no agent was there to see how.
    Unseen,
}

impl Charge {
    /// A process just started.
    pub fn started(note: Note, child: Child) -> Self {
        Self {
            note,
            child: Some(child),
            ending: None,
        }
    }

    /// A process an earlier agent has noted.
    pub fn adopted(note: Note) -> Self {
        Self {
            note,
            child: None,
            ending: None,
        }
    }

    /// A process that could not be started.
    pub fn failed_to_start(note: Note, words: String) -> Self {
        Self {
            note,
            child: None,
            ending: Some(Ending::NotStarted(words)),
        }
    }

    /// What is noted about it.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// How it ended, if it has.
    pub fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// Whether the process is there.
    pub fn is_alive(&mut self) -> bool {
        self.look();
        self.ending.is_none()
    }

    /// Looks whether the process has ended.
    pub fn look(&mut self) {
        if self.ending.is_some() {
            return;
        }
        self.ending = match (&mut self.child, self.note.process) {
            (Some(child), _) => match child.try_wait() {
                Ok(status) => status.map(Ending::Status),
                Err(_) => Some(Ending::Unseen),
            },
            (None, None) => Some(Ending::Forgotten),
            (None, Some(process)) => (!process.is_alive()).then_some(Ending::Unseen),
        };
    }

    /// Ends the process and all it has started.
    pub fn end(&mut self) {
        if let Some(process) = self.note.process {
            process.kill();
        }
    }
}

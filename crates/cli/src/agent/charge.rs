//! A charge: one flow run whose process this agent watches over.

use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use super::notes::Note;

/// A flow run's process, started by this agent or adopted from an earlier one.
#[derive(Debug)]
pub struct Charge {
    note: Note,
    child: Option<Child>,
    ending: Option<Ending>,
    /// Whether the run's log says how the process ended.
    is_told: bool,
    put_off: Option<PutOff>,
}

/// A report that was refused is tried again, but not at once.
#[derive(Debug)]
struct PutOff {
    until: Instant,
    pause: Duration,
}

/// The longest pause between two tries to report an end that the server refuses to hear of.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(60);

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
            child: Some(child),
            ..Self::adopted(note)
        }
    }

    /// A process an earlier agent has noted.
    pub fn adopted(note: Note) -> Self {
        Self {
            note,
            child: None,
            ending: None,
            is_told: false,
            put_off: None,
        }
    }

    /// A process that could not be started.
    pub fn failed_to_start(note: Note, words: String) -> Self {
        Self {
            ending: Some(Ending::NotStarted(words)),
            ..Self::adopted(note)
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

    /// Whether the run's log says already how the process ended.
    pub fn is_told(&self) -> bool {
        self.is_told
    }

    /// The run's log now says how the process ended.
    pub fn told(&mut self) {
        self.is_told = true;
    }

    /// Whether its end is there to be reported, now.
    pub fn is_to_be_reported(&self) -> bool {
        let is_put_off = |put_off: &PutOff| Instant::now() < put_off.until;
        self.ending.is_some() && !self.put_off.as_ref().is_some_and(is_put_off)
    }

    /// The server has refused what was said about it: the next time is a little later, and later each time. Says
    /// whether this was the first time.
    pub fn put_off(&mut self) -> bool {
        let last = self.put_off.as_ref().map(|put_off| put_off.pause);
        let pause = last.map_or(Duration::from_secs(1), |last| (last * 2).min(LONGEST_PAUSE));
        self.put_off_for(pause);
        last.is_none()
    }

    /// Nothing is said about it for so long.
    pub fn put_off_for(&mut self, pause: Duration) {
        let until = Instant::now() + pause;
        self.put_off = Some(PutOff { until, pause });
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

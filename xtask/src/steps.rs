//! Says what is being done, with the seconds since the start in front and the seconds it took behind.

use std::fmt::Display;
use std::time::Instant;

use crate::failure::Result;

/// The story a command tells while it works.
pub struct Steps {
    started: Instant,
}

impl Steps {
    /// Starts the watch.
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
        }
    }

    /// Prints one line.
    pub fn say(&self, line: impl Display) {
        println!("[{:6.1} s] {line}", self.started.elapsed().as_secs_f64());
    }

    /// Announces `what`, does it and says how long it took; a failure names the step that failed.
    pub fn step<T>(&self, what: impl Display, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.say(format!("{what} …"));
        let began = Instant::now();
        let outcome = work();
        let took = began.elapsed().as_secs_f64();
        match &outcome {
            Ok(_) => self.say(format!("{what}: done in {took:.1} s")),
            Err(_) => self.say(format!("{what}: FAILED after {took:.1} s")),
        }
        outcome
    }
}

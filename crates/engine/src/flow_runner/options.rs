//! How a flow is run: parameters, recorder, threads, time, cancellation, results folder.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::cache::Cache;
use crate::cancel::CancelToken;
use crate::checkpoint::Checkpoints;
use crate::recorder::{MemoryRecorder, Recorder};
use crate::task_runner::Environment;
use crate::time::{SystemTime, TimeSource};

/// How to run a flow. All of it has a default.
#[derive(Clone)]
pub struct RunOptions {
    pub(crate) parameters: Map<String, Value>,
    pub(crate) recorder: Arc<dyn Recorder>,
    pub(crate) time: Arc<dyn TimeSource>,
    pub(crate) cancel: CancelToken,
    pub(crate) max_workers: Option<usize>,
    pub(crate) results_folder: Option<PathBuf>,
    pub(crate) run_name: String,
    pub(crate) longest_wait: Option<Duration>,
    pub(crate) grace: Duration,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl RunOptions {
    /// Default parameters, memory recorder, system time.
    #[must_use]
    pub fn new() -> Self {
        Self {
            parameters: Map::new(),
            recorder: Arc::new(MemoryRecorder::default()),
            time: Arc::new(SystemTime),
            cancel: CancelToken::new(),
            max_workers: None,
            results_folder: None,
            run_name: "local".to_owned(),
            longest_wait: None,
            grace: Duration::from_secs(5),
        }
    }

    /// Gives a parameter a value. One that cannot be written as JSON counts as null.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: impl Serialize) -> Self {
        self.parameters
            .insert(name.to_owned(), serde_json::to_value(value).unwrap_or_default());
        self
    }

    /// Gives many parameters their values.
    #[must_use]
    pub fn parameters(mut self, parameters: Map<String, Value>) -> Self {
        self.parameters.extend(parameters);
        self
    }

    /// Writes states, logs and artifacts down there.
    #[must_use]
    pub fn recorder(mut self, recorder: Arc<dyn Recorder>) -> Self {
        self.recorder = recorder;
        self
    }

    /// Takes the time from there.
    #[must_use]
    pub fn time(mut self, time: Arc<dyn TimeSource>) -> Self {
        self.time = time;
        self
    }

    /// Stops when this token is cancelled.
    #[must_use]
    pub fn cancel(mut self, cancel: CancelToken) -> Self {
        self.cancel = cancel;
        self
    }

    /// How many tasks may run at once, whatever the flow says.
    #[must_use]
    pub fn max_workers(mut self, workers: usize) -> Self {
        self.max_workers = Some(workers.max(1));
        self
    }

    /// Writes results to files in this folder: a run that starts again finds them, and cached results
    /// outlive the process.
    #[must_use]
    pub fn results_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.results_folder = Some(folder.into());
        self
    }

    /// What the run is called in the results folder: the flow run's id.
    #[must_use]
    pub fn run_name(mut self, name: impl Into<String>) -> Self {
        self.run_name = name.into();
        self
    }

    /// A retry that lies further ahead than this is left to a later process: the run ends as Running.
    /// Without it every retry is waited for.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = Some(wait);
        self
    }

    /// How long a cancelled run waits for tasks that do not look at their token. 5 s without this; after it
    /// their threads are left to themselves.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    pub(crate) fn environment(&self, parameters: Map<String, Value>) -> Arc<Environment> {
        let folder = self.results_folder.as_deref();
        Arc::new(Environment {
            recorder: Arc::clone(&self.recorder),
            time: Arc::clone(&self.time),
            cancel: self.cancel.clone(),
            cache: Cache::of_process(folder),
            checkpoints: folder.map(|folder| Checkpoints::new(folder, &self.run_name)),
            parameters,
        })
    }
}

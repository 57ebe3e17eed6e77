//! The context of a running task: its log, its run, its artifacts, and whether it should stop.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::cancel::CancelToken;
use crate::log::{Level, LogLine};
use crate::recorder::{Artifact, Recorder};
use crate::signal::{Outcome, Signal};
use crate::time::TimeSource;

thread_local! {
    static CURRENT: RefCell<Option<Context>> = const { RefCell::new(None) };
}

/// What a running task knows of itself.
#[derive(Clone)]
pub struct Context {
    inner: Option<Arc<Inner>>,
}

pub(crate) struct Inner {
    pub(crate) recorder: Arc<dyn Recorder>,
    pub(crate) time: Arc<dyn TimeSource>,
    pub(crate) cancel: CancelToken,
    pub(crate) run: TaskRunInfo,
}

/// Which task run is running.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskRunInfo {
    /// The flow's name.
    pub flow: String,
    /// The task's name.
    pub task: String,
    /// The task's slug.
    pub slug: String,
    /// The child's number, when the task is mapped.
    pub map_index: Option<usize>,
    /// Which attempt this is, counted from 1.
    pub run_count: u32,
    /// The task run's id.
    pub task_run_id: String,
}

/// The context of the task running on this thread. Outside of any task it is an empty one, which logs
/// nowhere and is never cancelled, so that a task's function can be called in a unit test.
#[must_use]
pub fn context() -> Context {
    CURRENT
        .with_borrow(Clone::clone)
        .unwrap_or(Context { inner: None })
}

impl Context {
    pub(crate) fn new(inner: Inner) -> Self {
        Self {
            inner: Some(Arc::new(inner)),
        }
    }

    /// Makes this the context of the current thread while the function runs. A task that starts threads of
    /// its own takes its context along this way.
    pub fn enter<T>(&self, function: impl FnOnce() -> T) -> T {
        let before = CURRENT.replace(Some(self.clone()));
        let restore = Restore(before);
        let answer = function();
        drop(restore);
        answer
    }

    /// Which task run this is; all empty outside of one.
    #[must_use]
    pub fn task_run(&self) -> TaskRunInfo {
        self.inner
            .as_ref()
            .map(|inner| inner.run.clone())
            .unwrap_or_default()
    }

    /// Whether this attempt should stop: the flow run is being cancelled, or the attempt has timed out.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.inner
            .as_ref()
            .is_some_and(|inner| inner.cancel.is_cancelled())
    }

    /// Sleeps, but wakes up when the run is cancelled: `context().sleep(duration)?`.
    ///
    /// # Errors
    /// [`Signal::Cancelled`] when the run was cancelled meanwhile.
    pub fn sleep(&self, duration: Duration) -> Outcome<()> {
        let slept = match &self.inner {
            Some(inner) => inner.time.sleep(duration, &inner.cancel),
            None => {
                std::thread::sleep(duration);
                true
            }
        };
        if slept { Ok(()) } else { Err(Signal::Cancelled) }
    }

    /// Logs a line. The macros `debug!`, `info!`, `warning!`, `error!`, `critical!` are shorter.
    pub fn log(&self, level: Level, message: impl Into<String>) {
        let Some(inner) = &self.inner else { return };
        inner.recorder.log(LogLine {
            timestamp: inner.time.now(),
            level,
            name: format!("flowdeck.{}", inner.run.task),
            message: message.into(),
            task_run_id: Some(inner.run.task_run_id.clone()),
        });
    }

    /// Leaves a text in markdown for people to read on the task run's page.
    pub fn markdown_artifact(&self, markdown: impl Into<String>) {
        self.artifact("markdown", json!({"markdown": markdown.into()}));
    }

    /// Leaves a link for people to follow from the task run's page.
    pub fn link_artifact(&self, url: impl Into<String>) {
        self.artifact("link", json!({"link": url.into()}));
    }

    fn artifact(&self, kind: &str, data: serde_json::Value) {
        let Some(inner) = &self.inner else { return };
        let artifact = Artifact {
            kind: kind.to_owned(),
            data,
        };
        if let Err(error) = inner.recorder.artifact(&inner.run.task_run_id, artifact) {
            // The task's own work is done; a lost note about it is no reason to fail.
            self.log(
                Level::Error,
                format!("The {kind} artifact could not be stored: {error}"),
            );
        }
    }
}

/// Puts the thread's former context back, also when the function panics.
struct Restore(Option<Context>);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

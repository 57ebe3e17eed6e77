//! The call of a task's function, and the cache that may make it unnecessary.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use flowdeck_vocabulary::{State, StateType};
use serde_json::Value;

use crate::cache::{self, Entry};
use crate::context::{self, Context, TaskRunInfo};
use crate::log::Level;
use crate::quiet_panic;
use crate::signal::{Outcome, Signal};
use crate::states;
use crate::task::{Function, Inputs, Kind};
use crate::task_runner::{Step, TaskRun};

/// A fresh result for the same inputs is used instead of calling the function.
pub(super) fn cached(run: &mut TaskRun<'_>, state: State) -> Step {
    let now = run.environment.time.now();
    let entry = run
        .cache_key()
        .and_then(|key| run.environment.cache.get(&key, now));
    let Some(entry) = entry else {
        return Step::Next(state);
    };
    let hash = cache::key("", &run.inputs);
    let message = "Task run used a cached result.";
    let state = states::cached(message, entry.location.as_deref(), entry.expires, &hash);
    run.value = Some(Arc::new(entry.value));
    Step::End(state)
}

/// Calls the function and turns how it ended into a state.
pub(super) fn call(run: &mut TaskRun<'_>, _state: State) -> Step {
    let outcome = match &run.task.definition.kind {
        Kind::Parameter(declaration) => {
            let given = run.environment.parameters.get(&run.task.definition.name);
            Ended::With(Ok(given.unwrap_or(&declaration.default).clone()))
        }
        Kind::Function(function) => attempt(run, function),
    };
    Step::Next(match outcome {
        Ended::With(Ok(value)) => succeeded(run, value),
        Ended::With(Err(Signal::Skip(reason))) => states::finished(StateType::Skipped, reason),
        Ended::With(Err(Signal::Cancelled)) => states::without_result(
            StateType::Cancelled,
            "The task stopped because its run is being cancelled.",
        ),
        Ended::With(Err(Signal::Fail(reason))) => states::finished(
            StateType::Failed,
            format!("Error during execution of task: {reason}"),
        ),
        Ended::Panicked(message) => states::finished(StateType::Failed, format!("Task panicked: {message}")),
        Ended::TimedOut(timeout) => states::finished(
            StateType::TimedOut,
            format!("Task timed out during execution (after {timeout:?})."),
        ),
    })
}

enum Ended {
    With(Outcome<Value>),
    Panicked(String),
    TimedOut(Duration),
}

fn attempt(run: &TaskRun<'_>, function: &Function) -> Ended {
    let mut inputs = Inputs::new(run.inputs.clone());
    let cancel = run.environment.cancel.child();
    let context = run.context(cancel.clone());
    let Some(timeout) = run.task.definition.timeout else {
        return match quiet_panic::catch(|| context.enter(|| function(&mut inputs))) {
            Ok(outcome) => Ended::With(outcome),
            Err(message) => Ended::Panicked(message),
        };
    };
    let (answer, answered) = mpsc::channel();
    let function = Arc::clone(function);
    let thread = std::thread::Builder::new()
        .name("flowdeck-attempt".to_owned())
        .spawn(move || {
            // Nobody listens any more when the attempt has timed out.
            let _ = answer.send(quiet_panic::catch(|| context.enter(|| function(&mut inputs))));
        });
    if let Err(error) = thread {
        return Ended::With(Err(Signal::Fail(format!(
            "no thread for the task could be started: {error}"
        ))));
    }
    match answered.recv_timeout(timeout) {
        Ok(Ok(outcome)) => Ended::With(outcome),
        Ok(Err(message)) => Ended::Panicked(message),
        Err(RecvTimeoutError::Timeout) => {
            cancel.cancel();
            Ended::TimedOut(timeout)
        }
        Err(RecvTimeoutError::Disconnected) => {
            Ended::Panicked("the task's thread ended without an answer".to_owned())
        }
    }
}

/// Keeps the result: in memory, as a checkpoint when there is a folder for it, and in the cache if wanted.
fn succeeded(run: &mut TaskRun<'_>, value: Value) -> State {
    let checkpoints = run.environment.checkpoints.as_ref();
    let location = checkpoints.and_then(|checkpoints| match checkpoints.write(&run.key, &value) {
        Ok(location) => Some(location),
        Err(error) => {
            let name = run.name();
            run.log(
                Level::Warning,
                format!("Task '{name}': its result could not be written to a file: {error}"),
            );
            None
        }
    });
    let state = match (run.cache_key(), run.task.definition.cache_for) {
        (Some(key), Some(duration)) => {
            let now = run.environment.time.now();
            let expires = now.checked_add(duration).unwrap_or(jiff::Timestamp::MAX);
            let entry = Entry {
                value: value.clone(),
                expires,
                location: location.clone(),
            };
            run.environment.cache.put(&key, entry);
            let hash = cache::key("", &run.inputs);
            states::cached("Task run succeeded.", location.as_deref(), expires, &hash)
        }
        _ => states::success(location.as_deref()),
    };
    run.value = Some(Arc::new(value));
    state
}

impl TaskRun<'_> {
    /// Under which key the result is cached; `None` when it is not to be.
    fn cache_key(&self) -> Option<String> {
        let task = &self.task.definition;
        task.cache_for?;
        let owner = task
            .cache_key
            .clone()
            .unwrap_or_else(|| format!("{}/{}", self.plan.name, task.name));
        Some(cache::key(&owner, &self.inputs))
    }

    fn context(&self, cancel: crate::CancelToken) -> Context {
        Context::new(context::Inner {
            recorder: Arc::clone(&self.environment.recorder),
            time: Arc::clone(&self.environment.time),
            cancel,
            run: TaskRunInfo {
                flow: self.plan.name.clone(),
                task: self.task.definition.name.clone(),
                slug: self.key.slug.clone(),
                map_index: self.key.map_index,
                run_count: self.run_count,
                task_run_id: self.id.clone(),
            },
        })
    }
}

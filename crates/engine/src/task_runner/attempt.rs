//! The beginning and the end of an attempt: Running before it, Retrying after one that failed.

use flowdeck_vocabulary::{State, StateType};
use serde_json::json;

use crate::log::Level;
use crate::retry::next_attempt;
use crate::states;
use crate::task_runner::{Step, TaskRun};

/// Writes Running down before the function is called. A run that is being cancelled starts nothing more.
pub(super) fn running(run: &mut TaskRun<'_>, _state: State) -> Step {
    if run.environment.cancel.is_cancelled() {
        return Step::End(states::cancelled(run.environment.cancel.reason()));
    }
    run.run_count += 1;
    let mut running = states::without_result(StateType::Running, "Starting task run.");
    if run.run_count > 1 {
        running = running.with("context", json!({"task_run_count": run.run_count}));
    }
    let name = run.name();
    run.log(Level::Info, format!("Task '{name}': Starting task run..."));
    if run.record(running.clone()) {
        Step::Next(running)
    } else {
        Step::End(running)
    }
}

/// A failed attempt is followed by another one while retries are left.
pub(super) fn retry(run: &mut TaskRun<'_>, state: State) -> Step {
    if !state.state_type.is_failed() || run.environment.cancel.is_cancelled() {
        return Step::End(state);
    }
    let task = &run.task.definition;
    match next_attempt(
        run.run_count,
        task.retries,
        task.retry_delay,
        run.environment.time.now(),
    ) {
        Some(start) => {
            let because = state.message.as_deref().unwrap_or("no message");
            Step::End(states::retrying(run.run_count, task.retries, start, because))
        }
        None => Step::End(state),
    }
}

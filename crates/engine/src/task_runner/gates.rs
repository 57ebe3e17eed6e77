//! The checks that decide whether a task may run at all.

use std::sync::Arc;

use flowdeck_vocabulary::{State, StateType};

use crate::checkpoint;
use crate::log::Level;
use crate::states;
use crate::task_runner::{Step, TaskRun};
use crate::trigger::Verdict;

/// An earlier process may have finished this task run: then its result is loaded and nothing runs again.
/// A success whose result is not at hand runs again, because tasks downstream will want it.
pub(super) fn finished_already(run: &mut TaskRun<'_>, state: State) -> Step {
    match state.state_type {
        StateType::Mapped => Step::Next(state),
        StateType::Skipped => Step::End(state),
        state_type if state_type.is_successful() => match checkpoint::load(&state) {
            Some(value) => {
                run.value = Some(Arc::new(value));
                Step::End(state)
            }
            None => {
                let name = run.name();
                run.log(
                    Level::Warning,
                    format!("Task '{name}': its earlier result is not at hand, so it runs again."),
                );
                Step::Next(states::without_result(
                    StateType::Pending,
                    "The earlier result is not at hand.",
                ))
            }
        },
        state_type if state_type.is_finished() => Step::End(state),
        _ => Step::Next(state),
    }
}

/// Everything upstream has ended.
pub(super) fn upstream_finished(run: &mut TaskRun<'_>, state: State) -> Step {
    match run
        .deciding_states()
        .iter()
        .all(|upstream| upstream.state_type.is_finished())
    {
        true => Step::Next(state),
        false => Step::End(state),
    }
}

/// A task whose upstream was skipped is skipped as well, unless it says otherwise.
pub(super) fn upstream_skipped(run: &mut TaskRun<'_>, state: State) -> Step {
    let skipped = |state: &&State| state.state_type == StateType::Skipped;
    if !run.task.definition.skips_with_upstream() || !run.deciding_states().iter().any(skipped) {
        return Step::Next(state);
    }
    let message =
        "Upstream task was skipped; with `skip_on_upstream_skip = false` this one would run all the same.";
    Step::End(states::finished(StateType::Skipped, message))
}

/// A scheduled state (Retrying, Resume, Paused) waits for its start time; without one, for a person.
pub(super) fn start_time_reached(run: &mut TaskRun<'_>, state: State) -> Step {
    if !state.state_type.is_scheduled() {
        return Step::Next(state);
    }
    match states::start_time(&state) {
        Some(start) if start > run.environment.time.now() => Step::End(state),
        None if state.state_type == StateType::Paused => Step::End(state),
        _ => Step::Next(state),
    }
}

/// The trigger allows it. A mapped task leaves the question to its children while there is a list to map
/// over, because each of them has its own upstream.
pub(super) fn trigger(run: &mut TaskRun<'_>, state: State) -> Step {
    let left_to_children = run.is_mapped_parent() && run.can_be_mapped();
    // An attempt that was made before has passed its trigger.
    if run.resumed || left_to_children || state.state_type == StateType::Retrying {
        return Step::Next(state);
    }
    match run.task.definition.trigger.verdict(&run.deciding_states()) {
        Verdict::Run => Step::Next(state),
        Verdict::Fail(message) => Step::End(states::finished(StateType::TriggerFailed, message)),
        Verdict::Skip(message) => Step::End(states::finished(StateType::Skipped, message)),
        Verdict::Pause(message) => Step::End(states::paused(message)),
    }
}

impl TaskRun<'_> {
    /// The states upstream that count: those of a mapped task's children instead of its own, unless this is
    /// a mapped parent whose own children will each look at one of them.
    pub(super) fn deciding_states(&self) -> Vec<&State> {
        let mut states = Vec::with_capacity(self.upstream.len());
        for upstream in &self.upstream {
            match &upstream.children {
                Some(children) => states.extend(children.iter().map(|(state, _)| state)),
                None => states.push(&upstream.state),
            }
        }
        states
    }
}

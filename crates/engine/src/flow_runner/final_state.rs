//! How a flow run ends: decided by its reference tasks, as in Prefect, except that what was cancelled is no success.

use flowdeck_vocabulary::{State, StateType};

use crate::flow::Plan;
use crate::flow_runner::progress::Progress;
use crate::states;

/// The state of a run in which nothing is left to do now. While a last task still waits (for a later retry,
/// or for a person) the run stays as it is.
pub(super) fn final_state(plan: &Plan, progress: &Progress, current: &State) -> State {
    let deciding = of_tasks(progress, plan.deciding_tasks());
    let mut last = of_tasks(progress, plan.graph.leaves());
    let finished = |state: &&State| state.state_type.is_finished();
    if !last.all(|state| finished(&state)) || !deciding.clone().all(|state| finished(&state)) {
        return current.clone();
    }
    if deciding.clone().any(|state| state.state_type.is_failed()) {
        return states::finished(StateType::Failed, "Some reference tasks failed.");
    }
    if deciding
        .clone()
        .any(|state| state.state_type == StateType::Cancelled)
    {
        return states::finished(StateType::Cancelled, "Some reference tasks were cancelled.");
    }
    if deciding.clone().all(|state| state.state_type.is_successful()) {
        return states::finished(StateType::Success, "All reference tasks succeeded.");
    }
    states::finished(StateType::Success, "No reference tasks failed.")
}

/// The states of these tasks, a mapped one's children instead of its own.
fn of_tasks(
    progress: &Progress,
    tasks: impl IntoIterator<Item = usize>,
) -> impl Iterator<Item = &State> + Clone {
    let tasks: Vec<usize> = tasks.into_iter().collect();
    let states: Vec<&State> = tasks
        .into_iter()
        .flat_map(|task| {
            let parent = &progress.parents[task];
            let is_mapped = parent.state.state_type == StateType::Mapped;
            let slots = if is_mapped {
                progress.children[task].iter()
            } else {
                std::slice::from_ref(parent).iter()
            };
            slots.map(|slot| &slot.state)
        })
        .collect();
    states.into_iter()
}

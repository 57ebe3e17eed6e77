//! A task run as an ordered list of small checks. The order is the semantics.

mod attempt;
mod call;
mod gates;
mod inputs;
mod mapping;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use flowdeck_vocabulary::{State, StateType};
use serde_json::{Map, Value};

use crate::cache::Cache;
use crate::cancel::CancelToken;
use crate::checkpoint::Checkpoints;
use crate::flow::{FlowTask, Plan};
use crate::log::{Level, LogLine};
use crate::recorder::{KnownTaskRun, RecordError, Recorder, TaskRunKey};
use crate::states;
use crate::time::TimeSource;

/// What a check answers.
#[derive(Debug, PartialEq)]
pub(crate) enum Step {
    /// Go on with this state.
    Next(State),
    /// The task run (or this attempt of it) ends in this state.
    End(State),
}

pub(crate) type Check = fn(&mut TaskRun<'_>, State) -> Step;

/// The checks of a task run, in their order.
///
/// The trigger comes before the inputs and the cache, as in Prefect: when something upstream failed there
/// are no inputs to look up. The start time comes before the trigger so that a paused run stays paused.
pub(crate) const CHECKS: [(&str, Check); 11] = [
    ("finished_already", gates::finished_already),
    ("upstream_finished", gates::upstream_finished),
    ("upstream_skipped", gates::upstream_skipped),
    ("start_time_reached", gates::start_time_reached),
    ("trigger", gates::trigger),
    ("mapped", mapping::mapped),
    ("inputs", inputs::inputs),
    ("cached", call::cached),
    ("running", attempt::running),
    ("call", call::call),
    ("retry", attempt::retry),
];

/// What all task runs of a flow run share.
pub(crate) struct Environment {
    pub(crate) recorder: Arc<dyn Recorder>,
    pub(crate) time: Arc<dyn TimeSource>,
    pub(crate) cancel: CancelToken,
    pub(crate) cache: Cache,
    pub(crate) checkpoints: Option<Checkpoints>,
    pub(crate) parameters: Map<String, Value>,
}

impl Environment {
    pub(crate) fn log(&self, name: &str, level: Level, task_run_id: Option<&str>, message: String) {
        let timestamp = self.time.now();
        let task_run_id = task_run_id.map(str::to_owned);
        self.recorder.log(LogLine {
            timestamp,
            level,
            name: name.to_owned(),
            message,
            task_run_id,
        });
    }
}

/// The end of one edge: what is known of the task upstream when a task run begins.
#[derive(Debug, Clone)]
pub(crate) struct Upstream {
    pub(crate) key: Option<String>,
    pub(crate) mapped: bool,
    pub(crate) state: State,
    pub(crate) value: Option<Arc<Value>>,
    /// The children, when the task upstream is mapped and this edge takes all of them.
    pub(crate) children: Option<Vec<(State, Option<Arc<Value>>)>>,
    /// How many children it has, when it is mapped.
    pub(crate) count: Option<usize>,
}

/// A task run under way.
pub(crate) struct TaskRun<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) task: &'a FlowTask,
    pub(crate) key: TaskRunKey,
    pub(crate) environment: &'a Environment,
    pub(crate) upstream: Vec<Upstream>,
    pub(crate) id: String,
    /// The state last written down.
    pub(crate) recorded: State,
    pub(crate) inputs: Map<String, Value>,
    pub(crate) value: Option<Arc<Value>>,
    /// How many attempts have begun.
    pub(crate) run_count: u32,
    /// A person has said go, so the trigger is not asked again.
    pub(crate) resumed: bool,
    /// A state could not be written down.
    pub(crate) failure: Option<RecordError>,
}

/// How a task run ended, or where it stands until it goes on.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) id: String,
    pub(crate) state: State,
    pub(crate) value: Option<Arc<Value>>,
    pub(crate) run_count: u32,
    pub(crate) failure: Option<RecordError>,
}

impl<'a> TaskRun<'a> {
    /// A task run at its start. `known` is what the recorder, or an earlier attempt, knows of it.
    pub(crate) fn new(
        plan: &'a Plan,
        task: usize,
        map_index: Option<usize>,
        environment: &'a Environment,
        upstream: Vec<Upstream>,
        known: KnownTaskRun,
    ) -> Self {
        let task = &plan.tasks[task];
        let recorded = known
            .state
            .unwrap_or_else(|| states::without_result(StateType::Pending, "Task run created"));
        let key = TaskRunKey {
            slug: task.slug.clone(),
            map_index,
        };
        Self {
            plan,
            task,
            key,
            environment,
            upstream,
            id: known.id,
            run_count: attempts_of(&recorded),
            resumed: recorded.clone().unwrapped().state_type == StateType::Resume,
            recorded,
            inputs: Map::new(),
            value: None,
            failure: None,
        }
    }

    /// Goes through the checks until one of them ends the run.
    pub(crate) fn run(mut self) -> End {
        let mut state = self.recorded.clone().unwrapped();
        for (_, check) in CHECKS {
            match check(&mut self, state) {
                Step::Next(next) => state = next,
                Step::End(end) => {
                    state = end;
                    break;
                }
            }
        }
        if self.failure.is_none() && state != self.recorded.clone().unwrapped() {
            self.record(state.clone());
            self.log_end(&state);
        }
        End {
            id: self.id,
            state,
            value: self.value,
            run_count: self.run_count,
            failure: self.failure,
        }
    }

    /// Tells the task's handlers of a new state, then writes it down. False when it could not be written: the handlers
    /// have heard of it all the same.
    pub(crate) fn record(&mut self, state: State) -> bool {
        let state = states::with_tags(state, &self.task.definition.tags);
        call_handlers(&self.task.definition.handlers, &self.recorded, &state);
        match self
            .environment
            .recorder
            .task_run_state(&self.key, &self.id, &state)
        {
            Ok(()) => {
                self.recorded = state;
                true
            }
            Err(error) => {
                self.failure = Some(error);
                false
            }
        }
    }

    /// What the task run is called in messages: the task's name, with the child's number.
    pub(crate) fn name(&self) -> String {
        match self.key.map_index {
            Some(index) => format!("{}[{index}]", self.task.definition.name),
            None => self.task.definition.name.clone(),
        }
    }

    pub(crate) fn log(&self, level: Level, message: String) {
        self.environment
            .log("flowdeck.TaskRunner", level, Some(&self.id), message);
    }

    fn log_end(&self, state: &State) {
        let name = self.name();
        let state_type = state.state_type;
        let because = state.message.as_deref().unwrap_or_default();
        let (level, message) = match state_type {
            _ if state_type.is_failed() => (Level::Error, format!("Task '{name}': {state_type}: {because}")),
            StateType::Retrying => (Level::Warning, format!("Task '{name}': {because}")),
            StateType::Skipped | StateType::Paused | StateType::Cancelled => {
                (Level::Info, format!("Task '{name}': {state_type}: {because}"))
            }
            _ => (
                Level::Info,
                format!("Task '{name}': Finished task run with state: '{state_type}'"),
            ),
        };
        self.log(level, message);
    }
}

/// How many attempts a state speaks of.
fn attempts_of(state: &State) -> u32 {
    let state = state.clone().unwrapped();
    let number = |value: &Value| value.as_u64().and_then(|count| u32::try_from(count).ok());
    let in_context = || state.other.get("context")?.get("task_run_count").and_then(number);
    match state.state_type {
        StateType::Retrying => state
            .other
            .get("run_count")
            .and_then(number)
            .or_else(in_context)
            .unwrap_or(0),
        // The process ended in the middle of this attempt: it is made again, not counted twice.
        StateType::Running => in_context().unwrap_or(1).saturating_sub(1),
        _ => in_context().unwrap_or(0),
    }
}

/// Tells state handlers. One that panics loses its say, not the run.
pub(crate) fn call_handlers(handlers: &[crate::task::StateHandler], old: &State, new: &State) {
    for handler in handlers {
        let _ = crate::quiet_panic::catch(|| (*crate::lock(handler))(old, new));
    }
}

//! What a flow run answers: its state, and the state and result of each task run.

use std::fmt;
use std::sync::Arc;

use flowdeck_vocabulary::{State, StateType};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A flow run that has ended (or that waits for a later process).
#[derive(Debug, Clone)]
pub struct FlowRunResult {
    /// How the run ended.
    pub state: State,
    /// Every task run: each task in the order of the flow, its children after it.
    pub task_runs: Vec<TaskRunResult>,
}

/// One task run of a [`FlowRunResult`].
#[derive(Debug, Clone)]
pub struct TaskRunResult {
    /// The task's name.
    pub name: String,
    /// The task's slug.
    pub slug: String,
    /// The child's number; `None` for the task itself.
    pub map_index: Option<usize>,
    /// How it ended.
    pub state: State,
    /// What it answered, if it did.
    pub result: Option<Arc<Value>>,
    /// How many attempts it took.
    pub run_count: u32,
}

/// Why a task's result cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError {
    message: String,
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ValueError {}

impl FlowRunResult {
    /// Whether the run ended well.
    #[must_use]
    pub fn is_successful(&self) -> bool {
        self.state.state_type.is_successful()
    }

    /// The run of a task, by its slug, or by its name when only one task has it.
    #[must_use]
    pub fn task_run(&self, name: &str) -> Option<&TaskRunResult> {
        let parents = || self.task_runs.iter().filter(|run| run.map_index.is_none());
        parents().find(|run| run.slug == name).or_else(|| {
            let mut named = parents().filter(|run| run.name == name);
            named.next().filter(|_| named.next().is_none())
        })
    }

    /// The runs of a mapped task's children, in order.
    pub fn children(&self, name: &str) -> impl Iterator<Item = &TaskRunResult> {
        let slug = self.task_run(name).map(|run| run.slug.clone());
        self.task_runs
            .iter()
            .filter(move |run| run.map_index.is_some() && Some(&run.slug) == slug.as_ref())
    }

    /// How a task's run ended.
    #[must_use]
    pub fn state_of(&self, name: &str) -> Option<StateType> {
        self.task_run(name).map(|run| run.state.state_type)
    }

    /// What a task answered; for a mapped task the list of what its children did.
    ///
    /// # Errors
    /// When there is no such task, it has no result, or the result is no `T`.
    pub fn value<T: DeserializeOwned>(&self, name: &str) -> Result<T, ValueError> {
        let error = |message: String| ValueError { message };
        let run = self.task_run(name).ok_or_else(|| {
            error(format!(
                "The flow has no task '{name}', or several of that name: use the slug, as in '{name}-1'."
            ))
        })?;
        let value = match (run.state.state_type, &run.result) {
            (StateType::Mapped, _) => {
                let children = self.children(&run.slug);
                Value::Array(
                    children
                        .map(|child| child.result.as_deref().cloned().unwrap_or_default())
                        .collect(),
                )
            }
            (_, Some(value)) => (**value).clone(),
            (state, None) => {
                return Err(error(format!(
                    "Task '{name}' has no result: it ended as {state}."
                )));
            }
        };
        serde_json::from_value(value)
            .map_err(|wrong| error(format!("The result of task '{name}' has another type: {wrong}.")))
    }
}

impl fmt::Display for TaskRunResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.map_index {
            Some(index) => format!("{}[{index}]", self.slug),
            None => self.slug.clone(),
        };
        let message = self.state.message.as_deref().unwrap_or_default();
        write!(f, "{name:<32} {:<14} {message}", self.state.state_type.name())
    }
}

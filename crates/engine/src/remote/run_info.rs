//! What the server knows of a flow run when its process starts.

use std::collections::HashMap;

use flowdeck_vocabulary::{FlowRunId, State, StateType, TaskId, TaskRunId};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::client::{Client, ClientError};
use crate::states;

/// A flow run, its flow's tasks, and the task runs there already are.
#[derive(Debug, Clone)]
pub(super) struct RunInfo {
    pub(super) state: State,
    pub(super) parameters: Map<String, Value>,
    pub(super) flow_name: String,
    /// The ids of the flow's tasks, by slug.
    pub(super) tasks: HashMap<String, TaskId>,
    /// The runs of tasks themselves (not of mapped children), by slug.
    pub(super) task_runs: HashMap<String, (TaskRunId, State)>,
}

const QUERY: &str = "query($id: uuid!) {
    flow_run_by_pk(id: $id) {
        parameters
        serialized_state
        flow { name tasks { id slug } }
        task_runs(where: {map_index: {_eq: -1}}) { id serialized_state task { slug } }
    }
}";

#[derive(Deserialize)]
struct Row {
    parameters: Option<Map<String, Value>>,
    serialized_state: Option<State>,
    flow: Flow,
    task_runs: Vec<TaskRun>,
}

#[derive(Deserialize)]
struct Flow {
    name: String,
    tasks: Vec<Task>,
}

#[derive(Deserialize)]
struct Task {
    id: TaskId,
    slug: String,
}

#[derive(Deserialize)]
struct TaskRun {
    id: TaskRunId,
    serialized_state: Option<State>,
    task: Slug,
}

#[derive(Deserialize)]
struct Slug {
    slug: String,
}

impl RunInfo {
    /// `None` when there is no such run.
    pub(super) fn fetch(client: &Client, id: FlowRunId) -> Result<Option<Self>, ClientError> {
        let row: Option<Row> = client.execute_as(QUERY, json!({"id": id}), "flow_run_by_pk")?;
        Ok(row.map(Self::from))
    }
}

impl From<Row> for RunInfo {
    fn from(row: Row) -> Self {
        let or_pending = |state: Option<State>| {
            state.unwrap_or_else(|| states::without_result(StateType::Pending, "No state yet."))
        };
        let task_run = |run: TaskRun| (run.task.slug, (run.id, or_pending(run.serialized_state)));
        Self {
            state: or_pending(row.serialized_state).unwrapped(),
            parameters: row.parameters.unwrap_or_default(),
            flow_name: row.flow.name,
            tasks: row
                .flow
                .tasks
                .into_iter()
                .map(|task| (task.slug, task.id))
                .collect(),
            task_runs: row.task_runs.into_iter().map(task_run).collect(),
        }
    }
}

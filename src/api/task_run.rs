//! Task runs: what the dashboard asks the server about them.

use flowdeck_vocabulary::{FlowRunId, TaskRunId};
use graphql_client::GraphQLQuery;

use super::scalars::{Jsonb, Timestamptz, Uuid, id, some_time, state, time};
use super::{ApiError, post};
use crate::model::{StateEntry, TaskRun, TaskRunDetails, Timestamp, wire_text};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/task_run.graphql",
    normalization = "rust"
)]
struct GetTaskRuns;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/task_run.graphql",
    normalization = "rust"
)]
struct GetTaskRun;

/// The task runs of a flow run: all, or those that have changed at or after `since`. At most 20,000.
pub async fn of_flow_run(flow_run_id: FlowRunId, since: Option<Timestamp>) -> Result<Vec<TaskRun>, ApiError> {
    let variables = get_task_runs::Variables {
        flow_run_id: flow_run_id.to_string(),
        since: since.map(wire_text),
    };
    let data = post::<GetTaskRuns>(variables).await?;
    data.task_run
        .into_iter()
        .map(|row| {
            Ok(TaskRun {
                id: id(&row.id)?,
                task_id: id(&row.task_id)?,
                map_index: row.map_index,
                task_name: row
                    .task
                    .name
                    .or_else(|| row.task.slug.clone())
                    .unwrap_or_default(),
                task_slug: row.task.slug.unwrap_or_default(),
                name: row.name,
                state: state(row.state.as_ref()),
                message: row.state_message,
                started_at: some_time(row.start_time.as_ref())?,
                ended_at: some_time(row.end_time.as_ref())?,
                updated_at: time(&row.updated)?,
            })
        })
        .collect()
}

/// One task run.
pub async fn by_id(task_run_id: TaskRunId) -> Result<TaskRunDetails, ApiError> {
    let data = post::<GetTaskRun>(get_task_run::Variables {
        id: task_run_id.to_string(),
    })
    .await?;
    let Some(row) = data.task_run_by_pk else {
        return Err(ApiError::Missing(format!("task run with the id {task_run_id}")));
    };
    let flow = row.flow_run.flow;
    Ok(TaskRunDetails {
        id: id(&row.id)?,
        name: row.name,
        task_name: row.task.name.or(row.task.slug).unwrap_or_default(),
        task_type: row.task.type_.unwrap_or_default(),
        trigger: row.task.trigger.unwrap_or_default(),
        max_retries: row.task.max_retries.unwrap_or(0),
        map_index: row.map_index,
        state: state(row.state.as_ref()),
        message: row.state_message,
        changed_at: some_time(row.state_timestamp.as_ref())?,
        started_at: some_time(row.start_time.as_ref())?,
        ended_at: some_time(row.end_time.as_ref())?,
        raw_state: row.serialized_state.unwrap_or_default(),
        flow_run_id: id(&row.flow_run.id)?,
        flow_run_name: row.flow_run.name.unwrap_or_default(),
        flow_run_state: state(row.flow_run.state.as_ref()),
        flow_id: id(&flow.id)?,
        flow_name: flow.name,
        project_id: id(&flow.project.id)?,
        project_name: flow.project.name,
        states: row
            .states
            .into_iter()
            .map(|entry| {
                Ok(StateEntry {
                    id: entry.id,
                    state: state(Some(&entry.state)),
                    message: entry.message,
                    at: time(&entry.timestamp)?,
                })
            })
            .collect::<Result<_, ApiError>>()?,
    })
}

//! Task runs: what the dashboard asks the server about them.

use flowdeck_vocabulary::{FlowRunId, TaskRunId};
use graphql_client::GraphQLQuery;

use super::row::Row;
use super::scalars::{Jsonb, Timestamptz, Uuid};
use super::{ApiError, fragments, post};
use crate::model::{TaskRun, TaskRunDetails, Timestamp, wire_text};

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
    Row(&data).list("task_run", task_run)
}

fn task_run(row: Row<'_>) -> Result<TaskRun, ApiError> {
    let task = row.row("task")?;
    let slug = task.text_or_empty("slug");
    Ok(TaskRun {
        id: row.id("id")?,
        task_id: row.id("task_id")?,
        map_index: row.whole("map_index").unwrap_or(-1),
        task_name: task.some_text("name").unwrap_or_else(|| slug.clone()),
        task_slug: slug,
        name: row.some_text("name"),
        state: row.state("state"),
        message: row.some_text("state_message"),
        started_at: row.some_time("start_time")?,
        ended_at: row.some_time("end_time")?,
        updated_at: row.time("updated")?,
    })
}

/// One task run.
pub async fn by_id(task_run_id: TaskRunId) -> Result<TaskRunDetails, ApiError> {
    let data = post::<GetTaskRun>(get_task_run::Variables {
        id: task_run_id.to_string(),
    })
    .await?;
    match Row(&data).some_row("task_run_by_pk") {
        Some(row) => details(row),
        None => Err(ApiError::Missing(format!("task run with the id {task_run_id}"))),
    }
}

fn details(row: Row<'_>) -> Result<TaskRunDetails, ApiError> {
    let task = row.row("task")?;
    let flow_run = row.row("flow_run")?;
    let flow = flow_run.row("flow")?;
    let project = flow.row("project")?;
    Ok(TaskRunDetails {
        id: row.id("id")?,
        name: row.some_text("name"),
        task_name: task
            .some_text("name")
            .unwrap_or_else(|| task.text_or_empty("slug")),
        task_type: task.text_or_empty("type"),
        trigger: task.text_or_empty("trigger"),
        max_retries: task.whole("max_retries").unwrap_or(0),
        map_index: row.whole("map_index").unwrap_or(-1),
        state: row.state("state"),
        message: row.some_text("state_message"),
        changed_at: row.some_time("state_timestamp")?,
        started_at: row.some_time("start_time")?,
        ended_at: row.some_time("end_time")?,
        raw_state: row.json("serialized_state"),
        flow_run_id: flow_run.id("id")?,
        flow_run_name: flow_run.text_or_empty("name"),
        flow_run_state: flow_run.state("state"),
        flow_id: flow.id("id")?,
        flow_name: flow.text("name")?,
        project_id: project.id("id")?,
        project_name: project.text("name")?,
        states: row.list("states", fragments::state_entry)?,
    })
}

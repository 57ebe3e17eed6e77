//! Task runs: what the dashboard asks the server about them.

use graphql_client::GraphQLQuery;

use super::row::Row;
use super::scalars::{Timestamptz, Uuid};
use super::{ApiError, post};
use crate::model::{TaskRun, TaskRunScope, Timestamp, wire_text};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/task_run.graphql",
    normalization = "rust"
)]
struct GetTaskRuns;

/// The task runs of a flow run: all, or those that have changed at or after `since`. At most 20,000.
pub async fn of_flow_run(scope: TaskRunScope, since: Option<Timestamp>) -> Result<Vec<TaskRun>, ApiError> {
    let variables = get_task_runs::Variables {
        flow_run_id: scope.flow_run_id.to_string(),
        tasks: scope
            .tasks
            .map(|tasks| tasks.iter().map(ToString::to_string).collect()),
        indexes: scope.indexes,
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

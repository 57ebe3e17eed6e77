//! Task runs: what the dashboard asks the server about them.

use std::sync::Arc;

use graphql_client::GraphQLQuery;

use super::row::Row;
use super::scalars::{Timestamptz, Uuid};
use super::{ApiError, post};
use crate::model::{Cursor, Retry, TaskName, TaskNames, TaskRun, TaskRunPage, TaskRunScope, wire_text};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/task_run.graphql",
    normalization = "rust"
)]
struct GetTaskRuns;

/// An id before all others.
const NO_ID: &str = "00000000-0000-0000-0000-000000000000";

/// One page of task runs of a flow run, in the order of their changes: those after `cursor`, from the first when it is
/// `None`. Without `names` the page brings them.
pub async fn page(
    scope: TaskRunScope,
    cursor: Option<Cursor>,
    names: Option<Arc<TaskNames>>,
) -> Result<TaskRunPage, ApiError> {
    let cursor = cursor.unwrap_or_default();
    let data = post::<GetTaskRuns>(get_task_runs::Variables {
        flow_run_id: scope.flow_run_id.to_string(),
        tasks: scope
            .tasks
            .map(|tasks| tasks.iter().map(ToString::to_string).collect()),
        indexes: scope.indexes,
        since: wire_text(cursor.updated_at),
        after: cursor.id.map_or_else(|| NO_ID.to_owned(), |id| id.to_string()),
        limit: TaskRunPage::LIMIT,
        names: names.is_none(),
    })
    .await?;
    let data = Row(&data);
    let names = match names {
        Some(names) => names,
        None => Arc::new(task_names(data)?),
    };
    let rows = data.rows("task_run").map(|row| task_run(row, &names));
    let rows = rows.collect::<Result<_, _>>()?;
    Ok(TaskRunPage { rows, names })
}

fn task_names(data: Row<'_>) -> Result<TaskNames, ApiError> {
    let Some(run) = data.some_row("flow_run_by_pk") else {
        return Ok(TaskNames::new());
    };
    let tasks = run.row("flow")?.rows("tasks").map(|task| {
        let slug = Arc::<str>::from(task.text_or_empty("slug"));
        let name = task
            .some_text("name")
            .map_or_else(|| Arc::clone(&slug), Arc::from);
        Ok((task.id("id")?, TaskName { name, slug }))
    });
    tasks.collect()
}

fn task_run(row: Row<'_>, names: &TaskNames) -> Result<TaskRun, ApiError> {
    let task_id = row.id("task_id")?;
    let TaskName { name, slug } = names.get(&task_id).cloned().unwrap_or_default();
    Ok(TaskRun {
        id: row.id("id")?,
        task_id,
        map_index: row.whole("map_index").unwrap_or(-1),
        task_name: name,
        task_slug: slug,
        name: row.some_text("name"),
        state: row.state("state"),
        message: row.some_text("state_message"),
        started_at: row.some_time("start_time")?,
        ended_at: row.some_time("end_time")?,
        retries: row.list("states", retry)?,
        updated_at: row.time("updated")?,
    })
}

fn retry(row: Row<'_>) -> Result<Retry, ApiError> {
    Ok(Retry {
        failed_at: row.time("timestamp")?,
        due_at: row.some_time("start_time")?,
    })
}

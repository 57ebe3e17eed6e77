//! Task runs: what the dashboard asks the server about them.

use std::sync::Arc;

use flowdeck_vocabulary::TaskRunId;
use graphql_client::GraphQLQuery;
use serde_json::{Value, json};

use super::flow_run::refuse_if_moved_on;
use super::row::Row;
use super::scalars::{Timestamptz, Uuid};
use super::{ApiError, ask, done, mutate, post};
use crate::model::{
    Cursor, Retry, StateChange, TaskName, TaskNames, TaskRun, TaskRunPage, TaskRunScope, wire_text,
};

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
    let started_at = row.some_time("start_time")?;
    let mut retries = row.list("states", retry)?;
    // Those before were retries of an attempt that a restart has done away with.
    retries.retain(|retry| started_at.is_some_and(|started_at| retry.failed_at >= started_at));
    Ok(TaskRun {
        id: row.id("id")?,
        task_id,
        map_index: row.whole("map_index").unwrap_or(-1),
        task_name: name,
        task_slug: slug,
        name: row.some_text("name"),
        state: row.state("state"),
        message: row.some_text("state_message"),
        started_at,
        ended_at: row.end()?,
        retries,
        updated_at: row.time("updated")?,
        version: row.whole("version").unwrap_or(0),
    })
}

fn retry(row: Row<'_>) -> Result<Retry, ApiError> {
    Ok(Retry {
        failed_at: row.time("timestamp")?,
        due_at: row.some_time("start_time")?,
    })
}

/// Puts a task run into a state by hand. Nothing is set when it has moved on since the person looked.
pub async fn change_state(task_run_id: TaskRunId, change: &StateChange) -> Result<(), ApiError> {
    set_state(task_run_id, change.to_json(), change.seen_version).await
}

/// Puts a task run into a state, given as its JSON; with `seen_version` only if that is still its version.
pub async fn set_state(
    task_run_id: TaskRunId,
    state: Value,
    seen_version: Option<i64>,
) -> Result<(), ApiError> {
    let variables = json!({ "id": task_run_id });
    let data = ask(include_str!("task_run_version.graphql"), &variables).await?;
    let Some(run) = Row(&data).some_row("task_run_by_pk") else {
        return Err(missing(task_run_id));
    };
    refuse_if_moved_on(run, seen_version)?;
    let input = json!({ "states": [{
        "task_run_id": task_run_id,
        "version": run.whole("version"),
        "flow_run_version": run.row("flow_run")?.whole("version"),
        "state": state,
    }] });
    mutate("set_task_run_states", "states { status }", input)
        .await
        .map(|_| ())
}

/// Calls a task run something else.
pub async fn rename(task_run_id: TaskRunId, name: &str) -> Result<(), ApiError> {
    let input = json!({ "task_run_id": task_run_id, "name": name });
    let data = mutate("set_task_run_name", "success", input).await?;
    done(&data, missing(task_run_id))
}

fn missing(task_run_id: TaskRunId) -> ApiError {
    ApiError::Missing(format!("task run with the id {task_run_id}"))
}

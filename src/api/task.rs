//! One task, one of its runs, and its runs over time.

use std::collections::HashSet;
use std::sync::Arc;

use flowdeck_vocabulary::{FlowGroupId, StateType, TaskId, TaskRunId};
use graphql_client::GraphQLQuery;

use super::row::Row;
use super::scalars::{Interval, Jsonb, Timestamptz, Uuid};
use super::task_graph::graph_task;
use super::{ApiError, fragments, post};
use crate::model::{
    GraphTask, PastTaskRun, TaskDetails, TaskGraph, TaskHistory, TaskRunDetails, Timestamp, shared_names,
    state_of_children, wire_text,
};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/task.graphql",
    normalization = "rust"
)]
struct GetTask;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/task.graphql",
    normalization = "rust"
)]
struct GetTaskRun;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/task.graphql",
    normalization = "rust"
)]
struct GetTaskHistory;

/// One task.
pub async fn by_id(task_id: TaskId) -> Result<TaskDetails, ApiError> {
    let data = post::<GetTask>(get_task::Variables {
        id: task_id.to_string(),
    })
    .await?;
    match Row(&data).some_row("task_by_pk") {
        Some(row) => task(row),
        None => Err(ApiError::Missing(format!("task with the id {task_id}"))),
    }
}

/// `fragment GraphTask` → [`GraphTask`], told apart from those of the same name.
fn task_around(row: Row<'_>, shared: &HashSet<Arc<str>>) -> Result<GraphTask, ApiError> {
    let task = GraphTask {
        mapped: fragments::is_mapped(row),
        ..graph_task(row)?
    };
    Ok(task.among(shared))
}

/// `fragment Task` → [`TaskDetails`].
fn task(row: Row<'_>) -> Result<TaskDetails, ApiError> {
    let flow = row.row("flow")?;
    let names = flow.rows("tasks").filter_map(|task| task.some_text("name"));
    let shared = shared_names(names.map(Arc::from));
    let own = task_around(row, &shared)?;
    let mut tasks = vec![own.clone()];
    let mut edges = Vec::new();
    for (list, end) in [
        ("upstream_edges", "upstream_task"),
        ("downstream_edges", "downstream_task"),
    ] {
        for edge in row.rows(list) {
            let other = task_around(edge.row(end)?, &shared)?;
            let (from, to) = if end == "upstream_task" {
                (other.id, own.id)
            } else {
                (own.id, other.id)
            };
            edges.push((from, to, edge.some_text("key"), edge.flag("mapped")));
            // One task may fill several inputs of another.
            if tasks.iter().all(|known: &GraphTask| known.id != other.id) {
                tasks.push(other);
            }
        }
    }
    let project = flow.row("project")?;
    Ok(TaskDetails {
        task: own,
        around: TaskGraph::new(tasks, edges),
        retry_delay: row.some_text("retry_delay"),
        description: row
            .some_text("description")
            .filter(|text| !text.trim().is_empty()),
        cache_key: row.some_text("cache_key"),
        flow_id: flow.id("id")?,
        flow_name: flow.text("name")?,
        flow_version: flow.whole("version").unwrap_or(1),
        flow_group_id: flow.id("flow_group_id")?,
        project_id: project.id("id")?,
        project_name: project.text("name")?,
    })
}

/// One task run; its task never changes and is not asked for again when it is `known`.
pub async fn run(task_run_id: TaskRunId, known: Option<TaskDetails>) -> Result<TaskRunDetails, ApiError> {
    let data = post::<GetTaskRun>(get_task_run::Variables {
        id: task_run_id.to_string(),
        is_task_known: known.is_some(),
    })
    .await?;
    let Some(row) = Row(&data).some_row("task_run_by_pk") else {
        return Err(ApiError::Missing(format!("task run with the id {task_run_id}")));
    };
    let flow_run = row.row("flow_run")?;
    Ok(TaskRunDetails {
        id: row.id("id")?,
        name: row.some_text("name"),
        task: match known {
            Some(task) => task,
            None => task(row.row("task")?)?,
        },
        map_index: row.whole("map_index").unwrap_or(-1),
        state: row.state("state"),
        message: row.some_text("state_message"),
        changed_at: row.some_time("state_timestamp")?,
        version: row.whole("version").unwrap_or(0),
        created_at: row.time("created")?,
        started_at: row.some_time("start_time")?,
        ended_at: row.end()?,
        result: row.json("state_result"),
        raw_state: row.json("serialized_state"),
        flow_run_id: flow_run.id("id")?,
        flow_run_name: flow_run.text_or_empty("name"),
        flow_run_state: flow_run.state("state"),
        states: row.list("states", fragments::state_entry)?,
    })
}

/// The runs of a task around a time; of a mapped task, those of one of its children when `map_index` names it.
pub async fn history(
    flow_group_id: FlowGroupId,
    slug: String,
    map_index: i64,
    at: Timestamp,
    with_children: bool,
) -> Result<TaskHistory, ApiError> {
    let names = |is: fn(StateType) -> bool| {
        let states = StateType::ALL.into_iter().filter(|state| is(*state));
        states.map(|state| state.name().to_owned()).collect::<Vec<_>>()
    };
    let data = post::<GetTaskHistory>(get_task_history::Variables {
        flow_group_id: flow_group_id.to_string(),
        slug,
        map_index,
        at: wire_text(at),
        with_children,
        failed: Some(names(StateType::is_failed)),
        finished: Some(names(StateType::is_finished)),
    })
    .await?;
    let mut runs = Vec::new();
    for task in Row(&data).rows("flow").flat_map(|flow| flow.rows("tasks")) {
        for row in task.rows("earlier").chain(task.rows("later")) {
            runs.push(past_task_run(row, with_children)?);
        }
    }
    Ok(TaskHistory::new(runs))
}

fn past_task_run(row: Row<'_>, with_children: bool) -> Result<PastTaskRun, ApiError> {
    let flow_run = row.row("flow_run")?;
    let mut run = PastTaskRun {
        id: row.id("id")?,
        flow_run_id: flow_run.id("id")?,
        flow_run_name: flow_run.text_or_empty("name"),
        state: row.state("state"),
        created_at: row.time("created")?,
        started_at: row.some_time("start_time")?,
        ended_at: row.end()?,
        location: PastTaskRun::location_in(&row.json("state_result")),
    };
    if with_children && run.state == StateType::Mapped {
        let children = flow_run.row("children")?.row("aggregate")?;
        let (all, failed, finished) = (
            children.count("count"),
            flow_run.aggregate_count("failed"),
            flow_run.aggregate_count("finished"),
        );
        run.state = state_of_children(all, failed, finished);
        run.started_at = children.row("min")?.some_time("start_time")?;
        let end = children.row("max")?.some_time("end_time")?;
        run.ended_at = end.filter(|_| run.state.is_finished());
    }
    Ok(run)
}

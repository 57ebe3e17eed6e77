//! A flow's tasks and edges, for the schematic.

use flowdeck_vocabulary::{FlowId, TaskId};
use graphql_client::GraphQLQuery;

use super::row::Row;
use super::scalars::Uuid;
use super::{ApiError, post};
use crate::model::{GraphTask, TaskGraph};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/task_graph.graphql",
    normalization = "rust"
)]
struct GetTaskGraph;

/// All tasks of one version of a flow, by name, with their edges.
pub async fn of_flow(flow_id: FlowId) -> Result<TaskGraph, ApiError> {
    let data = post::<GetTaskGraph>(get_task_graph::Variables {
        flow_id: flow_id.to_string(),
    })
    .await?;
    let Some(flow) = Row(&data).some_row("flow_by_pk") else {
        return Err(ApiError::Missing(format!("flow with the id {flow_id}")));
    };
    Ok(TaskGraph::of_flow(
        flow.list("tasks", graph_task)?,
        flow.list("edges", edge)?,
    ))
}

/// A task of a graph, which learns from its edges whether it is mapped, and from the others what it is called.
pub(super) fn graph_task(row: Row<'_>) -> Result<GraphTask, ApiError> {
    let slug = row.text_or_empty("slug");
    let name = row.some_text("name").unwrap_or_else(|| slug.clone());
    Ok(GraphTask {
        id: row.id("id")?,
        title: name.clone(),
        name,
        slug,
        task_type: row.text_or_empty("type"),
        trigger: row.text_or_empty("trigger"),
        max_retries: row.whole("max_retries").unwrap_or(0),
        mapped: false,
        is_helper: row.flag("auto_generated"),
    })
}

fn edge(row: Row<'_>) -> Result<(TaskId, TaskId, Option<String>, bool), ApiError> {
    Ok((
        row.id("upstream_task_id")?,
        row.id("downstream_task_id")?,
        row.some_text("key"),
        row.flag("mapped"),
    ))
}

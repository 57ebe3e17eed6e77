//! A flow's tasks and edges, for the schematic.

use flowdeck_vocabulary::FlowId;
use graphql_client::GraphQLQuery;

use super::scalars::{Uuid, id};
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
    let Some(flow) = data.flow_by_pk else {
        return Err(ApiError::Missing(format!("flow with the id {flow_id}")));
    };
    let tasks = flow
        .tasks
        .into_iter()
        .map(|row| {
            let slug = row.slug.unwrap_or_default();
            Ok(GraphTask {
                id: id(&row.id)?,
                name: row.name.unwrap_or_else(|| slug.clone()),
                slug,
                task_type: row.type_.unwrap_or_default(),
                trigger: row.trigger.unwrap_or_default(),
                max_retries: row.max_retries.unwrap_or(0),
                mapped: row.mapped,
                is_helper: row.auto_generated,
            })
        })
        .collect::<Result<_, ApiError>>()?;
    let edges = flow
        .edges
        .into_iter()
        .map(|row| {
            Ok((
                id(&row.upstream_task_id)?,
                id(&row.downstream_task_id)?,
                row.key,
                row.mapped,
            ))
        })
        .collect::<Result<_, ApiError>>()?;
    Ok(TaskGraph::new(tasks, edges))
}

//! Flows: what the dashboard asks the server about them.

use flowdeck_vocabulary::{FlowId, Parameter};
use graphql_client::GraphQLQuery;
use serde_json::Value;

use super::scalars::{Interval, Jsonb, Timestamptz, Uuid, id, labels, time};
use super::{ApiError, post};
use crate::model::{Flow, FlowVersion, Task};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/flow.graphql",
    normalization = "rust"
)]
struct GetFlow;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/flow.graphql",
    normalization = "rust"
)]
struct GetTasks;

/// The declared parameters. A declaration that cannot be read is left out: it must not hide the flow.
pub(super) fn parameters(json: Option<Value>) -> Vec<Parameter> {
    match json {
        Some(Value::Array(list)) => list
            .into_iter()
            .filter_map(|parameter| serde_json::from_value(parameter).ok())
            .collect(),
        _ => Vec::new(),
    }
}

/// One flow: the version with this id, or the newest of the flow group with this id.
pub async fn by_id(flow_id: FlowId) -> Result<Flow, ApiError> {
    let data = post::<GetFlow>(get_flow::Variables {
        id: flow_id.to_string(),
    })
    .await?;
    let Some(row) = data.flow.into_iter().next() else {
        return Err(ApiError::Missing(format!("flow with the id {flow_id}")));
    };
    let group = row.flow_group;
    let versions = group
        .flows
        .iter()
        .map(|flow| {
            Ok(FlowVersion {
                id: id(&flow.id)?,
                version: flow.version.unwrap_or(1),
                archived: flow.archived,
            })
        })
        .collect::<Result<_, ApiError>>()?;
    let own_labels = [&group.run_config, &row.run_config, &row.environment]
        .into_iter()
        .flatten()
        .find_map(|config| config.get("labels").filter(|labels| labels.is_array()).cloned());
    Ok(Flow {
        id: id(&row.id)?,
        group_id: id(&row.flow_group_id)?,
        name: row.name,
        version: row.version.unwrap_or(1),
        versions,
        description: group
            .description
            .or(row.description)
            .filter(|text| !text.trim().is_empty()),
        archived: row.archived,
        created_at: time(&row.created)?,
        core_version: row.core_version,
        parameters: parameters(row.parameters),
        default_parameters: group.default_parameters,
        labels: labels(&group.labels.or(own_labels).unwrap_or_default()),
        schedule: group
            .schedule
            .or(row.schedule)
            .filter(|schedule| !schedule.is_null()),
        is_schedule_active: row.is_schedule_active,
        storage: row.storage.unwrap_or_default(),
        run_config: group
            .run_config
            .or(row.run_config)
            .or(row.environment)
            .unwrap_or_default(),
        project_id: id(&row.project.id)?,
        project_name: row.project.name,
        task_count: row
            .tasks_aggregate
            .aggregate
            .and_then(|found| usize::try_from(found.count).ok())
            .unwrap_or(0),
    })
}

/// The tasks of one version of a flow, by name. At most 5,000.
pub async fn tasks(flow_id: FlowId) -> Result<Vec<Task>, ApiError> {
    let data = post::<GetTasks>(get_tasks::Variables {
        flow_id: flow_id.to_string(),
    })
    .await?;
    data.task
        .into_iter()
        .map(|row| {
            let slug = row.slug.unwrap_or_default();
            Ok(Task {
                id: id(&row.id)?,
                name: row.name.unwrap_or_else(|| slug.clone()),
                slug,
                task_type: row.type_.unwrap_or_default(),
                trigger: row.trigger.unwrap_or_default(),
                max_retries: row.max_retries.unwrap_or(0),
                retry_delay: row.retry_delay,
                mapped: row.mapped,
                is_reference_task: row.is_reference_task,
            })
        })
        .collect()
}

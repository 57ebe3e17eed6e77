//! Flows: what the dashboard asks the server about them.

use flowdeck_vocabulary::{FlowId, Parameter};
use graphql_client::GraphQLQuery;
use serde_json::Value;

use super::row::{self, Row};
use super::scalars::{Interval, Jsonb, Timestamptz, Uuid};
use super::{ApiError, fragments, post};
use crate::model::{Flow, FlowSettings, FlowVersion, LATE_AFTER, Task, Timestamp, wire_text};

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
pub(super) fn parameters(json: Value) -> Vec<Parameter> {
    match json {
        Value::Array(list) => list
            .into_iter()
            .filter_map(|parameter| serde_json::from_value(parameter).ok())
            .collect(),
        _ => Vec::new(),
    }
}

/// One flow: the version with this id, or of the flow group with this id the version with this number, by default the
/// newest; as of `now`.
pub async fn by_id(flow_id: FlowId, version: Option<i64>, now: Timestamp) -> Result<Flow, ApiError> {
    let data = post::<GetFlow>(get_flow::Variables {
        id: flow_id.to_string(),
        version,
        late_before: wire_text(now.before(LATE_AFTER)),
    })
    .await?;
    match Row(&data).rows("flow").next() {
        Some(row) => flow(row),
        None => Err(ApiError::Missing(match version {
            None => format!("flow with the id {flow_id}"),
            Some(version) => format!("version {version} of the flow with the id {flow_id}"),
        })),
    }
}

fn flow(row: Row<'_>) -> Result<Flow, ApiError> {
    let group = row.row("flow_group")?;
    let project = row.row("project")?;
    let own_config = row
        .some_json("run_config")
        .or_else(|| row.some_json("environment"));
    let set_config = group.some_json("run_config");
    let own_labels = [&set_config, &own_config]
        .into_iter()
        .flatten()
        .find_map(|config| config.get("labels").filter(|labels| labels.is_array()))
        .map(row::labels)
        .unwrap_or_default();
    let set_labels = group.some_json("labels").map(|labels| row::labels(&labels));
    let settings = group.json("settings");
    let is_on = |name: &str| settings.get(name).and_then(Value::as_bool).unwrap_or(true);
    Ok(Flow {
        id: row.id("id")?,
        group_id: row.id("flow_group_id")?,
        name: row.text("name")?,
        version: row.whole("version").unwrap_or(1),
        versions: group.list("flows", version)?,
        description: group
            .some_text("description")
            .or_else(|| row.some_text("description"))
            .filter(|text| !text.trim().is_empty()),
        archived: row.flag("archived"),
        created_at: row.time("created")?,
        core_version: row.some_text("core_version"),
        parameters: parameters(row.json("parameters")),
        default_parameters: group.json("default_parameters"),
        labels: set_labels.clone().unwrap_or_else(|| own_labels.clone()),
        settings: FlowSettings {
            labels: set_labels,
            own_labels,
            description: group.some_text("description"),
            run_config: set_config.clone(),
            heartbeat: is_on("heartbeat_enabled"),
            lazarus: is_on("lazarus_enabled"),
        },
        schedule_is_of_group: group.some_json("schedule").is_some(),
        schedule: group.some_json("schedule").or_else(|| row.some_json("schedule")),
        is_schedule_active: row.flag("is_schedule_active"),
        next_at: match row.rows("next").next() {
            Some(run) => run.some_time("state_start_time")?,
            None => None,
        },
        storage: row.json("storage"),
        run_config: set_config.or(own_config).unwrap_or_default(),
        project_id: project.id("id")?,
        project_name: project.text("name")?,
        task_count: row.aggregate_count("tasks_aggregate"),
    })
}

fn version(row: Row<'_>) -> Result<FlowVersion, ApiError> {
    Ok(FlowVersion {
        id: row.id("id")?,
        version: row.whole("version").unwrap_or(1),
        archived: row.flag("archived"),
    })
}

/// The tasks of one version of a flow, by name. At most 5,000.
pub async fn tasks(flow_id: FlowId) -> Result<Vec<Task>, ApiError> {
    let data = post::<GetTasks>(get_tasks::Variables {
        flow_id: flow_id.to_string(),
    })
    .await?;
    Row(&data).list("task", task)
}

fn task(row: Row<'_>) -> Result<Task, ApiError> {
    let slug = row.text_or_empty("slug");
    Ok(Task {
        id: row.id("id")?,
        name: row.some_text("name").unwrap_or_else(|| slug.clone()),
        slug,
        task_type: row.text_or_empty("type"),
        trigger: row.text_or_empty("trigger"),
        max_retries: row.whole("max_retries").unwrap_or(0),
        retry_delay: row.some_text("retry_delay"),
        mapped: fragments::is_mapped(row),
        is_reference_task: row.flag("is_reference_task"),
    })
}

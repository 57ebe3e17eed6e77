//! What can be changed of a flow: one function for each operation of `flow_settings.graphql`.

use flowdeck_vocabulary::{FlowGroupId, FlowId, ProjectId};
use serde_json::{Map, Value, json};

use super::row::Row;
use super::{ApiError, ask_for, done};

const DOCUMENT: &str = include_str!("flow_settings.graphql");

/// Runs a mutation on the flow or the group with this id.
async fn change(operation: &str, id: String, value: Value) -> Result<(), ApiError> {
    let variables = json!({ "id": id, "value": value });
    let data = ask_for(DOCUMENT, operation, &variables).await?;
    done(&data, ApiError::Missing(format!("flow with the id {id}")))
}

/// Gives all versions these labels; `None` gives each its own again.
pub async fn set_labels(group: FlowGroupId, labels: Option<Vec<String>>) -> Result<(), ApiError> {
    change("SetLabels", group.to_string(), json!(labels)).await
}

/// Describes all versions; `None` gives each its own description again.
pub async fn set_description(group: FlowGroupId, text: Option<String>) -> Result<(), ApiError> {
    change("SetDescription", group.to_string(), json!(text)).await
}

/// Gives all versions this run config; null gives each its own again.
pub async fn set_run_config(group: FlowGroupId, run_config: Value) -> Result<(), ApiError> {
    change("SetRunConfig", group.to_string(), run_config).await
}

/// Gives runs of all versions these values for parameters, in place of those they had.
pub async fn set_parameters(group: FlowGroupId, values: Map<String, Value>) -> Result<(), ApiError> {
    change("SetParameters", group.to_string(), Value::Object(values)).await
}

/// Whether runs of all versions report that they are alive.
pub async fn set_heartbeat(flow: FlowId, on: bool) -> Result<(), ApiError> {
    let operation = if on { "EnableHeartbeat" } else { "DisableHeartbeat" };
    change(operation, flow.to_string(), Value::Null).await
}

/// Whether vanished runs of all versions are started again.
pub async fn set_lazarus(flow: FlowId, on: bool) -> Result<(), ApiError> {
    let operation = if on { "EnableLazarus" } else { "DisableLazarus" };
    change(operation, flow.to_string(), Value::Null).await
}

/// Moves all versions of a flow, also the archived ones: those left behind would be lost with their project.
pub async fn move_to(group: FlowGroupId, project: ProjectId) -> Result<(), ApiError> {
    for (id, _) in versions("GetVersionIds", group.to_string()).await? {
        change("MoveVersion", id.to_string(), json!(project)).await?;
    }
    Ok(())
}

/// Moves all flows of a project, with all their versions, to another one.
pub async fn move_all(from: ProjectId, to: ProjectId) -> Result<(), ApiError> {
    loop {
        let data = ask_for(DOCUMENT, "GetVersionIdsOfProject", &json!({ "id": from })).await?;
        let some: Vec<FlowId> = Row(&data).list("flow", |row| row.id("id"))?;
        if some.is_empty() || from == to {
            return Ok(());
        }
        for id in some {
            change("MoveVersion", id.to_string(), json!(to)).await?;
        }
    }
}

/// Archives a version: it starts no runs any more.
pub async fn archive(flow: FlowId) -> Result<(), ApiError> {
    change("ArchiveVersion", flow.to_string(), Value::Null).await
}

/// Archives all versions that are not archived.
pub async fn archive_all(group: FlowGroupId) -> Result<(), ApiError> {
    for (id, archived) in versions("GetVersionIds", group.to_string()).await? {
        if !archived {
            archive(id).await?;
        }
    }
    Ok(())
}

/// Deletes a version with its runs.
pub async fn delete(flow: FlowId) -> Result<(), ApiError> {
    change("DeleteVersion", flow.to_string(), Value::Null).await
}

/// Deletes all versions with their runs.
pub async fn delete_all(group: FlowGroupId) -> Result<(), ApiError> {
    change("DeleteFlow", group.to_string(), Value::Null).await
}

/// How many runs a version has, and how many all versions have.
pub async fn count_runs(flow: FlowId, group: FlowGroupId) -> Result<(usize, usize), ApiError> {
    let variables = json!({ "id": flow, "flow_group_id": group });
    let data = ask_for(DOCUMENT, "CountRuns", &variables).await?;
    let data = Row(&data);
    Ok((data.aggregate_count("of_version"), data.aggregate_count("of_all")))
}

/// The versions that a query yields, and whether each is archived.
async fn versions(operation: &str, id: String) -> Result<Vec<(FlowId, bool)>, ApiError> {
    let data = ask_for(DOCUMENT, operation, &json!({ "id": id })).await?;
    Row(&data).list("flow", |row| Ok((row.id("id")?, row.flag("archived"))))
}

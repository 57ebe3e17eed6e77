//! What can be changed of a flow: one function for each operation of `flow_settings.graphql`.

use flowdeck_vocabulary::{FlowGroupId, FlowId};
use serde_json::{Value, json};

use super::{ApiError, ask_for};

/// Runs an operation on the flow or the group with this id.
async fn change(operation: &str, id: String, value: Value) -> Result<(), ApiError> {
    let variables = json!({ "id": id, "value": value });
    let data = ask_for(include_str!("flow_settings.graphql"), operation, &variables).await?;
    // Each operation has one field, whose payload may say that there was nothing to change.
    let payload = data.as_object().and_then(|data| data.values().next());
    match payload.and_then(|payload| payload.get("success")) {
        Some(Value::Bool(false)) => Err(ApiError::Missing(format!("flow with the id {id}"))),
        _ => Ok(()),
    }
}

/// Gives all versions these labels; `None` gives each its own again.
pub async fn set_labels(group: FlowGroupId, labels: Option<Vec<String>>) -> Result<(), ApiError> {
    change("SetLabels", group.to_string(), json!(labels)).await
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

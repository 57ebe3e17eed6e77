//! Mutations of flows (contract 3.3).

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use flowdeck_vocabulary::{FlowId, ProjectId};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{id, scalars, success};
use crate::context::Context;
use crate::error::Error;
use crate::store::{Db, flow, flow_group};

/// The most bytes that may come out of a compressed flow, so that a few cannot fill the memory.
const LARGEST_FLOW: usize = 64 * 1024 * 1024;

#[derive(Deserialize)]
pub(super) struct CreateFlow {
    #[serde(deserialize_with = "scalars::json")]
    serialized_flow: Json,
    project_id: ProjectId,
    version_group_id: Option<String>,
    set_schedule_active: Option<bool>,
    description: Option<String>,
    idempotency_key: Option<String>,
}

pub(super) async fn create(ctx: &Context, input: CreateFlow) -> Result<Json, Error> {
    let activate = input.set_schedule_active.unwrap_or(true);
    let new = flow::NewFlow {
        serialized_flow: input.serialized_flow,
        project_id: input.project_id,
        version_group_id: input.version_group_id,
        description: input.description,
        idempotency_key: input.idempotency_key,
    };
    // In one transaction: a client that repeats the call after a crash is answered the flow that is there already,
    // and nobody would turn its schedule on.
    let register = move |db: &mut dyn Db, now| {
        let (flow, is_new) = flow::register(db, now, new)?;
        let is_active = is_new && activate && activate_if_possible(db, now, flow)?;
        Ok((flow, is_active))
    };
    let (flow, is_active) = ctx.write(register).await?;
    if is_active {
        schedule_runs(ctx, flow).await;
    }
    Ok(id(flow))
}

#[derive(Deserialize)]
pub(super) struct CreateFlowFromCompressedString {
    serialized_flow: String,
    project_id: ProjectId,
    version_group_id: Option<String>,
    set_schedule_active: Option<bool>,
    description: Option<String>,
    idempotency_key: Option<String>,
}

pub(super) async fn create_from_compressed_string(
    ctx: &Context,
    input: CreateFlowFromCompressedString,
) -> Result<Json, Error> {
    let input = CreateFlow {
        serialized_flow: decompressed(&input.serialized_flow, LARGEST_FLOW)?,
        project_id: input.project_id,
        version_group_id: input.version_group_id,
        set_schedule_active: input.set_schedule_active,
        description: input.description,
        idempotency_key: input.idempotency_key,
    };
    create(ctx, input).await
}

fn decompressed(text: &str, most: usize) -> Result<Json, Error> {
    let unreadable =
        || Error::client("Unable to decompress serialized flow: base64 of gzip of JSON is expected.");
    let bytes = STANDARD.decode(text.trim()).map_err(|_| unreadable())?;
    let mut json = Vec::new();
    // One byte more shows that it goes on.
    GzDecoder::new(bytes.as_slice())
        .take(most as u64 + 1)
        .read_to_end(&mut json)
        .map_err(|_| unreadable())?;
    if json.len() > most {
        return Err(Error::client(format!(
            "The flow is larger than {most} bytes when it is decompressed, the most a flow may have."
        )));
    }
    serde_json::from_slice(&json).map_err(|_| unreadable())
}

#[derive(Deserialize)]
pub(super) struct RegisterTasks {
    flow_id: FlowId,
    #[serde(deserialize_with = "scalars::json")]
    serialized_tasks: Json,
}

pub(super) async fn register_tasks(ctx: &Context, input: RegisterTasks) -> Result<Json, Error> {
    let tasks = list("serialized_tasks", input.serialized_tasks)?;
    ctx.write(move |db, now| flow::register_tasks(db, now, input.flow_id, &tasks))
        .await?;
    Ok(success(true))
}

#[derive(Deserialize)]
pub(super) struct RegisterEdges {
    flow_id: FlowId,
    #[serde(deserialize_with = "scalars::json")]
    serialized_edges: Json,
}

pub(super) async fn register_edges(ctx: &Context, input: RegisterEdges) -> Result<Json, Error> {
    let edges = list("serialized_edges", input.serialized_edges)?;
    ctx.write(move |db, now| flow::register_edges(db, now, input.flow_id, &edges))
        .await?;
    Ok(success(true))
}

fn list(name: &str, json: Json) -> Result<Vec<Json>, Error> {
    match json {
        Json::Array(list) => Ok(list),
        _ => Err(Error::BadInput(format!("{name} has to be a list."))),
    }
}

/// The input of all mutations that name a flow and nothing else.
#[derive(Deserialize)]
pub(super) struct OneFlow {
    flow_id: FlowId,
}

pub(super) async fn delete(ctx: &Context, input: OneFlow) -> Result<Json, Error> {
    ctx.write(move |db, _| flow::delete(db, input.flow_id))
        .await
        .map(success)
}

pub(super) async fn archive(ctx: &Context, input: OneFlow) -> Result<Json, Error> {
    ctx.write(move |db, now| flow::archive(db, now, input.flow_id))
        .await
        .map(success)
}

#[derive(Deserialize)]
pub(super) struct UpdateFlowProject {
    flow_id: FlowId,
    project_id: ProjectId,
}

pub(super) async fn update_project(ctx: &Context, input: UpdateFlowProject) -> Result<Json, Error> {
    ctx.write(move |db, now| flow::move_to(db, now, input.flow_id, input.project_id))
        .await?;
    Ok(id(input.flow_id))
}

pub(super) async fn set_heartbeat(ctx: &Context, input: OneFlow, enabled: bool) -> Result<Json, Error> {
    let settings = json!({"heartbeat_enabled": enabled, "disable_heartbeat": !enabled});
    ctx.write(move |db, now| flow_group::change_settings(db, now, input.flow_id, settings))
        .await?;
    Ok(success(true))
}

pub(super) async fn set_lazarus(ctx: &Context, input: OneFlow, enabled: bool) -> Result<Json, Error> {
    let settings = json!({ "lazarus_enabled": enabled });
    ctx.write(move |db, now| flow_group::change_settings(db, now, input.flow_id, settings))
        .await?;
    Ok(success(true))
}

pub(super) async fn set_schedule_active(ctx: &Context, input: OneFlow) -> Result<Json, Error> {
    let active = ctx
        .write(move |db, now| flow::activate_schedule(db, now, input.flow_id))
        .await?;
    if active {
        schedule_runs(ctx, input.flow_id).await;
    }
    Ok(success(active))
}

/// Turns the schedule of a flow on that has just been registered. It is registered whether or not it can be
/// scheduled; the contract only logs the reason.
fn activate_if_possible(db: &mut dyn Db, now: Timestamp, flow: FlowId) -> Result<bool, Error> {
    match flow::activate_schedule(db, now, flow) {
        Err(Error::Client(why)) => {
            tracing::warn!(flow_id = %flow, "{why}");
            Ok(false)
        }
        result => result,
    }
}

/// Creates the next runs of a flow whose schedule was turned on or changed. When that fails the schedule stays on: the
/// scheduler's loop tries again and says in the log what is wrong.
pub(super) async fn schedule_runs(ctx: &Context, flow: FlowId) {
    if let Err(error) = ctx.write(move |db, now| flow::schedule_runs(db, now, flow)).await {
        tracing::warn!(flow_id = %flow, %error, "the next runs were not created");
    }
}

pub(super) async fn set_schedule_inactive(ctx: &Context, input: OneFlow) -> Result<Json, Error> {
    ctx.write(move |db, now| flow::deactivate_schedule(db, now, input.flow_id))
        .await
        .map(success)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn a_flow_that_is_too_large_is_refused_as_such() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(br#"{"name":"f"}"#).unwrap();
        let text = STANDARD.encode(gzip.finish().unwrap());
        assert_eq!(decompressed(&text, 12), Ok(json!({ "name": "f" })));
        assert_eq!(
            decompressed(&text, 11).unwrap_err().to_string(),
            "The flow is larger than 11 bytes when it is decompressed, the most a flow may have."
        );
    }
}

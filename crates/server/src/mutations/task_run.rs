//! Mutations of task runs (contract 3.5).

use flowdeck_vocabulary::{FlowRunId, TaskId, TaskRunId};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{check_name, scalars, success};
use crate::context::Context;
use crate::error::Error;
use crate::store::state::set_task_run_state;
use crate::store::task_run::{self, TaskRunInfo};

#[derive(Deserialize)]
pub(super) struct GetOrCreate {
    flow_run_id: FlowRunId,
    task_id: TaskId,
    map_index: Option<i64>,
}

pub(super) async fn get_or_create(ctx: &Context, input: GetOrCreate) -> Result<Json, Error> {
    let info = found_or_created(ctx, input)
        .await?
        .ok_or_else(|| Error::client("Invalid ID"))?;
    Ok(json!({ "id": info.id }))
}

/// A new row is answered with version 1, which it has. The original says 0 at that moment; nobody minds.
pub(super) async fn get_or_create_info(ctx: &Context, input: GetOrCreate) -> Result<Json, Error> {
    let info = found_or_created(ctx, input)
        .await?
        .ok_or_else(|| Error::client("Invalid task ID"))?;
    Ok(info_json(info))
}

/// Task runs exist from the creation of their flow run; only mapped children are new. So reading comes first,
/// which does not wait for the writer.
async fn found_or_created(ctx: &Context, input: GetOrCreate) -> Result<Option<TaskRunInfo>, Error> {
    let (flow_run, task, map_index) = (input.flow_run_id, input.task_id, input.map_index.unwrap_or(-1));
    if let Some(found) = ctx
        .store
        .read(move |db| task_run::find(db, flow_run, task, map_index))
        .await?
    {
        return Ok(Some(found));
    }
    ctx.write(move |db, now| task_run::find_or_create(db, now, flow_run, task, map_index))
        .await
}

/// The payload `task_run_info_payload`.
pub(crate) fn info_json(info: TaskRunInfo) -> Json {
    json!({
        "id": info.id,
        "version": info.version,
        "state": info.state,
        "serialized_state": info.serialized_state,
    })
}

#[derive(Deserialize)]
pub(super) struct SetName {
    task_run_id: TaskRunId,
    name: String,
}

pub(super) async fn set_name(ctx: &Context, input: SetName) -> Result<Json, Error> {
    check_name(&input.name)?;
    ctx.write(move |db, now| task_run::set_name(db, now, input.task_run_id, &input.name))
        .await
        .map(success)
}

#[derive(Deserialize)]
pub(super) struct SetStates {
    states: Vec<SetState>,
}

#[derive(Deserialize)]
struct SetState {
    task_run_id: TaskRunId,
    #[serde(deserialize_with = "scalars::json")]
    state: Json,
}

pub(super) async fn set_states(ctx: &Context, input: SetStates) -> Result<Json, Error> {
    let states = input.states.into_iter().map(|set| (set.task_run_id, set.state));
    super::set_states(ctx, states, set_task_run_state).await
}

#[derive(Deserialize)]
pub(super) struct OneTaskRun {
    task_run_id: TaskRunId,
}

pub(super) async fn update_heartbeat(ctx: &Context, input: OneTaskRun) -> Result<Json, Error> {
    ctx.write(move |db, now| task_run::beat(db, now, input.task_run_id))
        .await?;
    Ok(success(true))
}

//! Mutations of flow runs (contract 3.5).

use flowdeck_vocabulary::{FlowId, FlowRunId, Labels, TaskRunId, TenantId};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::scalars::{self, Moment};
use super::{check_name, id, success};
use crate::context::Context;
use crate::error::Error;
use crate::store::state::set_flow_run_state;
use crate::store::{agent, flow_run};

#[derive(Deserialize)]
pub(super) struct CreateFlowRun {
    flow_id: Option<FlowId>,
    version_group_id: Option<String>,
    #[serde(default, deserialize_with = "scalars::object")]
    parameters: Map<String, Json>,
    #[serde(default, deserialize_with = "scalars::object")]
    context: Map<String, Json>,
    labels: Option<Labels>,
    #[serde(default, deserialize_with = "scalars::optional_json")]
    run_config: Option<Json>,
    scheduled_start_time: Option<Moment>,
    flow_run_name: Option<String>,
    idempotency_key: Option<String>,
}

pub(super) async fn create(ctx: &Context, input: CreateFlowRun) -> Result<Json, Error> {
    let new = flow_run::NewFlowRun {
        flow_id: input.flow_id,
        version_group_id: input.version_group_id,
        parameters: input.parameters,
        context: input.context,
        labels: input.labels,
        run_config: input.run_config,
        scheduled_start_time: input.scheduled_start_time.map(|moment| moment.0),
        name: input.flow_run_name,
        idempotency_key: input.idempotency_key,
        auto_scheduled: false,
    };
    ctx.write(move |db, now| flow_run::create(db, now, new))
        .await
        .map(id)
}

#[derive(Deserialize)]
pub(super) struct OneFlowRun {
    flow_run_id: FlowRunId,
}

pub(super) async fn cancel(ctx: &Context, input: OneFlowRun) -> Result<Json, Error> {
    let state = ctx
        .write(move |db, now| flow_run::cancel(db, now, input.flow_run_id))
        .await?;
    Ok(json!({ "state": state }))
}

#[derive(Deserialize)]
pub(super) struct Restart {
    flow_run_id: FlowRunId,
    task_run_id: Option<TaskRunId>,
}

pub(super) async fn restart(ctx: &Context, input: Restart) -> Result<Json, Error> {
    let id = input.flow_run_id;
    let task_runs = ctx
        .write(move |db, now| flow_run::restart(db, now, id, input.task_run_id))
        .await?;
    Ok(json!({ "id": id, "task_runs": task_runs }))
}

pub(super) async fn delete(ctx: &Context, input: OneFlowRun) -> Result<Json, Error> {
    ctx.write(move |db, _| flow_run::delete(db, input.flow_run_id))
        .await
        .map(success)
}

pub(super) async fn update_heartbeat(ctx: &Context, input: OneFlowRun) -> Result<Json, Error> {
    ctx.write(move |db, now| flow_run::beat(db, now, input.flow_run_id))
        .await?;
    Ok(success(true))
}

#[derive(Deserialize)]
pub(super) struct SetName {
    flow_run_id: FlowRunId,
    name: String,
}

pub(super) async fn set_name(ctx: &Context, input: SetName) -> Result<Json, Error> {
    check_name(&input.name)?;
    ctx.write(move |db, now| flow_run::set_name(db, now, input.flow_run_id, &input.name))
        .await
        .map(success)
}

#[derive(Deserialize)]
pub(super) struct SetLabels {
    flow_run_id: FlowRunId,
    labels: Labels,
}

pub(super) async fn set_labels(ctx: &Context, input: SetLabels) -> Result<Json, Error> {
    ctx.write(move |db, now| flow_run::set_labels(db, now, input.flow_run_id, &input.labels))
        .await
        .map(success)
}

#[derive(Deserialize)]
pub(super) struct SetStates {
    states: Vec<SetState>,
}

#[derive(Deserialize)]
struct SetState {
    flow_run_id: FlowRunId,
    #[serde(deserialize_with = "scalars::json")]
    state: Json,
}

pub(super) async fn set_states(ctx: &Context, input: SetStates) -> Result<Json, Error> {
    let states = input.states.into_iter().map(|set| (set.flow_run_id, set.state));
    let agent = ctx.agent_id;
    super::set_states(ctx, states, move |db, now, id, state| {
        set_flow_run_state(db, now, id, state, agent)
    })
    .await
}

#[derive(Deserialize)]
pub(super) struct GetRunsInQueue {
    tenant_id: TenantId,
    before: Option<Moment>,
    labels: Option<Labels>,
}

pub(super) async fn get_in_queue(ctx: &Context, input: GetRunsInQueue) -> Result<Json, Error> {
    let before = input.before.map_or_else(|| ctx.time.now(), |moment| moment.0);
    let labels = input.labels.unwrap_or_default();
    let agent = ctx.agent_id;
    let due = ctx
        .store
        .read(move |db| flow_run::in_queue(db, input.tenant_id, before, &labels, agent))
        .await?;
    if let Some(agent) = agent {
        ctx.write(move |db, now| agent::note_query(db, now, agent))
            .await?;
    }
    let due: Vec<_> = due.into_iter().map(|id| id.to_string()).collect();
    Ok(json!({ "flow_run_ids": due }))
}

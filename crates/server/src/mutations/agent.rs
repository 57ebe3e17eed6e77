//! Mutations of agents and their configurations (contract 3.6).

use flowdeck_vocabulary::{AgentId, Labels, TenantId};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{id, scalars, success};
use crate::context::Context;
use crate::error::Error;
use crate::store::agent;

#[derive(Deserialize)]
pub(super) struct Register {
    #[serde(rename = "type")]
    agent_type: String,
    tenant_id: Option<TenantId>,
    name: Option<String>,
    labels: Option<Labels>,
    agent_config_id: Option<String>,
}

pub(super) async fn register(ctx: &Context, input: Register) -> Result<Json, Error> {
    let new = agent::NewAgent {
        tenant_id: input.tenant_id,
        agent_type: input.agent_type,
        name: input.name,
        core_version: ctx.core_version.clone(),
        labels: input.labels.unwrap_or_default(),
        agent_config_id: input.agent_config_id,
    };
    ctx.write(move |db, now| agent::register(db, now, new))
        .await
        .map(id)
}

#[derive(Deserialize)]
pub(super) struct OneAgent {
    agent_id: AgentId,
}

pub(super) async fn delete(ctx: &Context, input: OneAgent) -> Result<Json, Error> {
    ctx.write(move |db, _| agent::delete(db, input.agent_id))
        .await
        .map(success)
}

#[derive(Deserialize)]
pub(super) struct CreateConfig {
    tenant_id: TenantId,
    name: Option<String>,
    #[serde(default, deserialize_with = "scalars::optional_json")]
    settings: Option<Json>,
}

pub(super) async fn create_config(ctx: &Context, input: CreateConfig) -> Result<Json, Error> {
    let settings = input.settings.unwrap_or_else(|| json!({}));
    ctx.write(move |db, now| agent::create_config(db, now, input.tenant_id, input.name.as_deref(), &settings))
        .await
        .map(id)
}

#[derive(Deserialize)]
pub(super) struct UpdateConfig {
    agent_config_id: String,
    name: Option<String>,
    #[serde(default, deserialize_with = "scalars::optional_json")]
    settings: Option<Json>,
}

pub(super) async fn update_config(ctx: &Context, input: UpdateConfig) -> Result<Json, Error> {
    ctx.write(move |db, now| {
        agent::update_config(
            db,
            now,
            &input.agent_config_id,
            input.name.as_deref(),
            input.settings.as_ref(),
        )
    })
    .await
    .map(success)
}

#[derive(Deserialize)]
pub(super) struct OneConfig {
    agent_config_id: String,
}

pub(super) async fn delete_config(ctx: &Context, input: OneConfig) -> Result<Json, Error> {
    ctx.write(move |db, _| agent::delete_config(db, &input.agent_config_id))
        .await
        .map(success)
}

//! Mutations of artifacts (contract 3.6).

use flowdeck_vocabulary::{ArtifactId, TaskRunId, TenantId};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{id, scalars, success};
use crate::context::Context;
use crate::error::Error;
use crate::store::artifact;

#[derive(Deserialize)]
pub(super) struct Create {
    task_run_id: TaskRunId,
    kind: String,
    #[serde(deserialize_with = "scalars::json")]
    data: Json,
    tenant_id: Option<TenantId>,
}

pub(super) async fn create(ctx: &Context, input: Create) -> Result<Json, Error> {
    ctx.write(move |db, now| {
        artifact::create(
            db,
            now,
            input.task_run_id,
            &input.kind,
            &input.data,
            input.tenant_id,
        )
    })
    .await
    .map(id)
}

#[derive(Deserialize)]
pub(super) struct Update {
    task_run_artifact_id: ArtifactId,
    #[serde(deserialize_with = "scalars::json")]
    data: Json,
}

pub(super) async fn update(ctx: &Context, input: Update) -> Result<Json, Error> {
    ctx.write(move |db, now| artifact::update(db, now, input.task_run_artifact_id, &input.data))
        .await
        .map(success)
}

#[derive(Deserialize)]
pub(super) struct Delete {
    task_run_artifact_id: ArtifactId,
}

pub(super) async fn delete(ctx: &Context, input: Delete) -> Result<Json, Error> {
    ctx.write(move |db, _| artifact::delete(db, input.task_run_artifact_id))
        .await
        .map(success)
}

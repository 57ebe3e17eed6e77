//! Mutations of projects (contract 3.2).

use flowdeck_vocabulary::{ProjectId, TenantId};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{id, success};
use crate::context::Context;
use crate::error::Error;
use crate::store::project;

#[derive(Deserialize)]
pub(super) struct CreateProject {
    tenant_id: TenantId,
    name: String,
    description: Option<String>,
}

pub(super) async fn create(ctx: &Context, input: CreateProject) -> Result<Json, Error> {
    ctx.write(move |db, now| {
        project::create(
            db,
            now,
            input.tenant_id,
            &input.name,
            input.description.as_deref(),
        )
    })
    .await
    .map(id)
}

#[derive(Deserialize)]
pub(super) struct DeleteProject {
    project_id: ProjectId,
}

pub(super) async fn delete(ctx: &Context, input: DeleteProject) -> Result<Json, Error> {
    ctx.write(move |db, _| project::delete(db, input.project_id))
        .await
        .map(success)
}

#[derive(Deserialize)]
pub(super) struct SetProjectName {
    project_id: ProjectId,
    name: String,
}

pub(super) async fn set_name(ctx: &Context, input: SetProjectName) -> Result<Json, Error> {
    ctx.write(move |db, now| project::set_name(db, now, input.project_id, &input.name))
        .await?;
    Ok(id(input.project_id))
}

#[derive(Deserialize)]
pub(super) struct SetProjectDescription {
    project_id: ProjectId,
    description: Option<String>,
}

pub(super) async fn set_description(ctx: &Context, input: SetProjectDescription) -> Result<Json, Error> {
    let project = input.project_id;
    ctx.write(move |db, now| project::set_description(db, now, project, input.description.as_deref()))
        .await?;
    Ok(id(project))
}

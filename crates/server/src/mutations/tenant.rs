//! Mutations of tenants (contract 3.2).

use serde::Deserialize;
use serde_json::Value as Json;

use super::id;
use crate::context::Context;
use crate::error::Error;
use crate::store::tenant;

#[derive(Deserialize)]
pub(super) struct CreateTenant {
    name: String,
    slug: String,
}

pub(super) async fn create(ctx: &Context, input: CreateTenant) -> Result<Json, Error> {
    ctx.write(move |db, now| tenant::create(db, now, &input.name, &input.slug))
        .await
        .map(id)
}

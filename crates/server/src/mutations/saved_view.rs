//! Mutations of saved views. Ours: the contract has none.

use flowdeck_vocabulary::SavedViewId;
use serde::Deserialize;
use serde_json::Value as Json;

use super::{id, success};
use crate::context::Context;
use crate::error::Error;
use crate::store::saved_view;

/// The longest name and the longest query, in bytes.
const LONGEST_NAME: usize = 200;
const LONGEST_QUERY: usize = 4_000;

fn check(name: Option<&str>, query: Option<&str>) -> Result<(), Error> {
    if name.is_some_and(|name| name.trim().is_empty() || name.len() > LONGEST_NAME) {
        return Err(Error::BadInput(format!(
            "The name of a saved view must have 1 to {LONGEST_NAME} bytes."
        )));
    }
    if query.is_some_and(|query| query.len() > LONGEST_QUERY) {
        return Err(Error::BadInput(format!(
            "The query of a saved view may have {LONGEST_QUERY} bytes at most."
        )));
    }
    Ok(())
}

#[derive(Deserialize)]
pub(super) struct CreateSavedView {
    name: String,
    query: String,
}

pub(super) async fn create(ctx: &Context, input: CreateSavedView) -> Result<Json, Error> {
    check(Some(&input.name), Some(&input.query))?;
    ctx.write(move |db, now| saved_view::create(db, now, input.name.trim(), &input.query))
        .await
        .map(id)
}

#[derive(Deserialize)]
pub(super) struct UpdateSavedView {
    saved_view_id: SavedViewId,
    name: Option<String>,
    query: Option<String>,
}

pub(super) async fn update(ctx: &Context, input: UpdateSavedView) -> Result<Json, Error> {
    check(input.name.as_deref(), input.query.as_deref())?;
    let view = input.saved_view_id;
    ctx.write(move |db, now| {
        let name = input.name.as_deref().map(str::trim);
        saved_view::update(db, now, view, name, input.query.as_deref())
    })
    .await?;
    Ok(id(view))
}

#[derive(Deserialize)]
pub(super) struct DeleteSavedView {
    saved_view_id: SavedViewId,
}

pub(super) async fn delete(ctx: &Context, input: DeleteSavedView) -> Result<Json, Error> {
    ctx.write(move |db, _| saved_view::delete(db, input.saved_view_id))
        .await
        .map(success)
}

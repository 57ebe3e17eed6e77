//! Filters of the run history that are kept on the server under a name.

use graphql_client::GraphQLQuery;

use super::row::Row;
use super::scalars::Uuid;
use super::{ApiError, post};
use crate::model::SavedView;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/saved_view.graphql",
    normalization = "rust"
)]
struct GetSavedViews;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/saved_view.graphql",
    normalization = "rust"
)]
struct CreateSavedView;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/saved_view.graphql",
    normalization = "rust"
)]
struct UpdateSavedView;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/saved_view.graphql",
    normalization = "rust"
)]
struct DeleteSavedView;

/// All of them by name, at most 200.
pub async fn list() -> Result<Vec<SavedView>, ApiError> {
    let data = post::<GetSavedViews>(get_saved_views::Variables).await?;
    Row(&data).list("saved_view", |row| {
        Ok(SavedView {
            id: row.text("id")?,
            name: row.text("name")?,
            query: row.text("query")?,
        })
    })
}

/// Keeps a filter under a name that no other one has.
pub async fn create(name: String, query: String) -> Result<(), ApiError> {
    post::<CreateSavedView>(create_saved_view::Variables { name, query })
        .await
        .map(|_| ())
}

/// Gives the one with this id another name and another filter.
pub async fn update(saved_view_id: String, name: String, query: String) -> Result<(), ApiError> {
    let variables = update_saved_view::Variables {
        saved_view_id,
        name,
        query,
    };
    post::<UpdateSavedView>(variables).await.map(|_| ())
}

/// Forgets one; one that is gone already is as good as forgotten.
pub async fn delete(saved_view_id: String) -> Result<(), ApiError> {
    post::<DeleteSavedView>(delete_saved_view::Variables { saved_view_id })
        .await
        .map(|_| ())
}

//! Asks what server it is that answers.

use serde_json::json;

use super::row::Row;
use super::{ApiError, ask, endpoint};
use crate::model::Server;

/// The server that answers.
pub async fn server() -> Result<Server, ApiError> {
    let data = ask(include_str!("server.graphql"), &json!({})).await?;
    let api = Row(&data).row("api")?;
    Ok(Server {
        url: endpoint().await,
        version: api.text_or_empty("version"),
        core_version: api.text_or_empty("core_version"),
    })
}

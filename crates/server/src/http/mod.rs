//! The two faces of the server: the API on port 4200 and the dashboard on port 8080. No GraphQL and no SQL in here.

mod api;
mod content_security;
mod dashboard;
mod graphql;

pub use api::router as api_router;
pub use dashboard::router as dashboard_router;

use std::sync::Arc;

use axum::Json;
use serde_json::json;

use crate::assets::Assets;
use crate::config::{BasePath, Limits};
use crate::graphql::Engine;
use crate::origin::Visitors;
use crate::store::Store;
use crate::time::TimeSource;

/// What the routes share.
#[derive(Clone)]
pub struct Shared {
    /// Runs GraphQL.
    pub engine: Arc<Engine>,
    /// The database.
    pub store: Store,
    /// The time.
    pub time: Arc<dyn TimeSource>,
    /// What one request may ask for.
    pub limits: Limits,
    /// The dashboard's files.
    pub assets: Assets,
    /// The port of the API for programs.
    pub api_port: u16,
    /// Below which path the dashboard is served.
    pub base_path: BasePath,
    /// Whose requests are answered.
    pub visitors: Arc<Visitors>,
}

/// `GET /health`: the answer the Python services of the original gave.
async fn health() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

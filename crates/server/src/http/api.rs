//! The API's port: GraphQL at `/` (the Python client) and at `/graphql` (everybody else), health, and CORS.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde_json::json;
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use super::graphql::graphql;
use super::{Shared, health};

/// The routes of port 4200.
pub fn router(shared: Shared) -> Router {
    // The dashboard of Prefect 1 calls from another origin and with headers of its own (contract 1.3).
    let visitors = Arc::clone(&shared.visitors);
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |_, request| {
            visitors.admit(&request.headers).is_ok()
        }))
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .max_age(Duration::from_secs(3600));
    Router::new()
        .route("/", post(graphql).get(about))
        .route("/graphql", post(graphql).get(about))
        .route("/health", get(health))
        .route(
            "/.well-known/apollo/server-health",
            get(|| async { Json(json!({ "status": "pass" })) }),
        )
        .fallback(not_found)
        .layer(cors)
        .with_state(shared)
}

async fn about() -> Json<serde_json::Value> {
    Json(json!({
        "name": "Flowdeck",
        "version": env!("CARGO_PKG_VERSION"),
        "graphql": "POST {\"query\": …} to / or /graphql; introspection is on.",
        "health": "/health",
    }))
}

async fn not_found(uri: Uri) -> Response {
    let message = format!(
        "Nothing is served at {}. GraphQL is posted to /graphql.",
        uri.path()
    );
    (
        StatusCode::NOT_FOUND,
        Json(json!({ "errors": [{ "message": message }] })),
    )
        .into_response()
}

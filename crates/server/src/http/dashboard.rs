//! The dashboard's port: its files, one page for every URL of its own, and GraphQL beside them.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde_json::json;

use super::content_security::policy;
use super::graphql::graphql;
use super::{Shared, health};
use crate::assets::Encoding;

/// The routes of port 8080. Below the base path and without it: a proxy may or may not take it away.
pub fn router(shared: Shared) -> Router {
    let base = shared.base_path.as_str().to_owned();
    let routes = Router::new()
        .route("/graphql", post(graphql))
        .route("/health", get(health))
        .route("/settings.json", get(settings))
        .fallback(get(file))
        .with_state(shared);
    if base.is_empty() {
        return routes;
    }
    routes.clone().nest(&base, routes)
}

/// What the dashboard asks for first: where its server is, and on which port programs find it.
async fn settings(State(shared): State<Shared>) -> Response {
    let base = shared.base_path.as_str();
    let settings = json!({
        "server_url": format!("{base}/graphql"),
        "base_url": format!("{base}/"),
        "api_port": shared.api_port,
        "version": env!("CARGO_PKG_VERSION"),
    });
    ([(header::CACHE_CONTROL, "no-cache")], Json(settings)).into_response()
}

/// A file, or `index.html` for the URLs of the dashboard, which look like none.
async fn file(State(shared): State<Shared>, uri: Uri, headers: HeaderMap) -> Response {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let path = uri.path().trim_start_matches('/');
    if let Some((bytes, encoding)) = shared.assets.find(path, accepted)
        && path != "index.html"
    {
        return found(path, bytes.into_owned(), encoding);
    }
    let looks_like_a_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if looks_like_a_file && path != "index.html" {
        return (
            StatusCode::NOT_FOUND,
            format!("There is no file {}.\n", uri.path()),
        )
            .into_response();
    }
    index(&shared, accepted)
}

fn found(path: &str, bytes: Vec<u8>, encoding: Encoding) -> Response {
    let caching = if is_hashed(path) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = match kind.essence_str() {
        text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
        other => other.to_owned(),
    };
    let mut response = ([(header::CONTENT_TYPE, kind)], bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if let Some(token) = encoding.token() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    response
}

fn index(shared: &Shared, accepted: &str) -> Response {
    let (Some((plain, _)), Some((bytes, encoding))) = (
        shared.assets.find("index.html", ""),
        shared.assets.find("index.html", accepted),
    ) else {
        return (StatusCode::SERVICE_UNAVAILABLE, Html(WITHOUT_DASHBOARD)).into_response();
    };
    let plain = String::from_utf8_lossy(&plain);
    let mut response = match shared.base_path.as_str() {
        "" => found("index.html", bytes.into_owned(), encoding),
        base => {
            let page = plain.replacen("<base href=\"/\"", &format!("<base href=\"{base}/\""), 1);
            found("index.html", page.into_bytes(), Encoding::Identity)
        }
    };
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy(&plain)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}

/// The build (`xtask/src/parts.rs`, `style_sheet.rs`) puts a fingerprint of the finished content into the names of the
/// files it makes: such a name never changes its content.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '_', '.'])
        .any(|part| part.len() >= 12 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

const WITHOUT_DASHBOARD: &str = "<!doctype html><meta charset=utf-8><title>Flowdeck</title>\
    <p>This Flowdeck was built without its dashboard. Build it with <code>cargo xtask start</code>; \
    the API answers at <code>/graphql</code>.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names_are_told_from_others() {
        assert!(is_hashed("flowdeck-dashboard-3f2a1b4c5d6e7f80.js"));
        assert!(is_hashed("flowdeck-dashboard-3f2a1b4c5d6e7f80_bg.wasm"));
        assert!(!is_hashed("favicon.svg"));
        assert!(!is_hashed("index.html"));
    }
}

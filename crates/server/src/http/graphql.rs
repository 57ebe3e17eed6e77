//! `POST` of GraphQL: from the bytes of a body to the bytes of the answer, with the status codes of contract 1.4.

use axum::body::{Body as HttpBody, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Shared;
use crate::context::Context;
use crate::graphql::{Answer, BAD_REQUEST, Body, FORBIDDEN, GraphqlError, Request, read_body, refused};

/// A body somewhat too large is read to its end before it is refused: a client that is still sending would see a
/// broken connection instead of the answer. Beyond this many times the limit it is cut off.
const PATIENCE: usize = 8;

/// Runs the operation, or the batch of operations, in the body.
pub async fn graphql(State(shared): State<Shared>, headers: HeaderMap, body: HttpBody) -> Response {
    let most = shared.limits.body_bytes;
    let bytes = match read_all(&headers, body, most).await {
        Some(bytes) => bytes,
        None => {
            let message = format!("The body is larger than {most} bytes, the most one request may send.");
            return answer(
                StatusCode::PAYLOAD_TOO_LARGE,
                refused(&[GraphqlError::new(BAD_REQUEST, message)]).text,
            );
        }
    };
    // Not before the body is read: the client would see a broken connection.
    if let Err(message) = shared.visitors.admit(&headers) {
        tracing::warn!("a request was refused: {message}");
        return answer(
            StatusCode::FORBIDDEN,
            refused(&[GraphqlError::new(FORBIDDEN, message)]).text,
        );
    }
    let body = match read_body(&bytes, shared.limits.batch) {
        Ok(body) => body,
        Err(error) => return answer(StatusCode::BAD_REQUEST, refused(&[error]).text),
    };
    drop(bytes);
    let context = context(&shared, &headers);
    match body {
        Body::Single(request) => {
            let room = shared.limits.answer_bytes;
            let Answer { is_refused, text } = run(&shared, &context, request, room).await;
            answer(
                if is_refused {
                    StatusCode::BAD_REQUEST
                } else {
                    StatusCode::OK
                },
                text,
            )
        }
        Body::Batch(requests) => {
            let mut text = String::from("[");
            for (index, request) in requests.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                let room = shared.limits.answer_bytes.saturating_sub(text.len());
                text.push_str(&run(&shared, &context, request, room).await.text);
            }
            text.push(']');
            answer(StatusCode::OK, text)
        }
    }
}

async fn run(
    shared: &Shared,
    context: &Context,
    request: Result<Request, GraphqlError>,
    room: usize,
) -> Answer {
    match request {
        Ok(request) => shared.engine.execute(context, request, room).await,
        Err(error) => refused(&[error]),
    }
}

async fn read_all(headers: &HeaderMap, body: HttpBody, most: usize) -> Option<axum::body::Bytes> {
    let declared = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > most.saturating_mul(PATIENCE)) {
        return None;
    }
    let bytes = to_bytes(body, most.saturating_mul(PATIENCE)).await.ok()?;
    (bytes.len() <= most).then_some(bytes)
}

fn context(shared: &Shared, headers: &HeaderMap) -> Context {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Context {
        store: shared.store.clone(),
        time: shared.time.clone(),
        agent_id: text("x-prefect-agent-id").and_then(|id| id.parse().ok()),
        core_version: text("x-prefect-core-version").map(str::to_owned),
    }
}

fn answer(status: StatusCode, text: String) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
        text,
    )
        .into_response()
}

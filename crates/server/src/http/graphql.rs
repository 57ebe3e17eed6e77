//! `POST` of GraphQL: from the bytes of a body to the bytes of the answer, with the status codes of contract 1.4.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body as HttpBody, HttpBody as _};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Shared;
use crate::context::Context;
use crate::graphql::{Answer, BAD_REQUEST, Body, FORBIDDEN, GraphqlError, Request, read_body, refused};

/// A body that is refused is read to its end all the same, and not kept: a client that is still sending would see a
/// broken connection instead of the answer. Beyond this many times the limit it is cut off.
const PATIENCE: usize = 8;

/// Runs the operation, or the batch of operations, in the body.
pub async fn graphql(State(shared): State<Shared>, headers: HeaderMap, body: HttpBody) -> Response {
    let most = shared.limits.body_bytes;
    let admitted = shared.visitors.admit(&headers);
    let kept = if admitted.is_ok() { most } else { 0 };
    let bytes = read_all(&headers, body, kept, most.saturating_mul(PATIENCE)).await;
    if let Err(message) = admitted {
        tracing::warn!("a request was refused: {message}");
        return answer(
            StatusCode::FORBIDDEN,
            refused(&[GraphqlError::new(FORBIDDEN, message)]).text,
        );
    }
    let Some(bytes) = bytes else {
        let message = format!("The body is larger than {most} bytes, the most one request may send.");
        return answer(
            StatusCode::PAYLOAD_TOO_LARGE,
            refused(&[GraphqlError::new(BAD_REQUEST, message)]).text,
        );
    };
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

/// The bytes of a body, if there are no more than `kept`. One with more is read up to `read` bytes, piece by piece.
async fn read_all(headers: &HeaderMap, mut body: HttpBody, kept: usize, read: usize) -> Option<Vec<u8>> {
    let declared = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > read) {
        return None;
    }
    let (mut bytes, mut length) = (Vec::new(), 0_usize);
    while let Some(frame) = poll_fn(|task| Pin::new(&mut body).poll_frame(task)).await {
        let Ok(piece) = frame.ok()?.into_data() else {
            continue;
        };
        length = length.saturating_add(piece.len());
        if length > read {
            return None;
        }
        if length <= kept {
            bytes.extend_from_slice(&piece);
        } else {
            bytes = Vec::new();
        }
    }
    (length <= kept).then_some(bytes)
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::body::Bytes;
    use futures_util::stream;

    use super::*;

    /// A piece of a body, which counts how many there are in memory.
    struct Piece<'a>(&'a AtomicUsize);

    impl AsRef<[u8]> for Piece<'_> {
        fn as_ref(&self) -> &[u8] {
            b"0123456789"
        }
    }

    impl Drop for Piece<'_> {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }

    #[tokio::test]
    async fn a_body_that_is_too_large_is_read_and_not_kept() {
        static IN_MEMORY: AtomicUsize = AtomicUsize::new(0);
        static MOST_IN_MEMORY: AtomicUsize = AtomicUsize::new(0);
        static READ: AtomicUsize = AtomicUsize::new(0);
        let body = |pieces: usize| {
            let pieces = (0..pieces).map(|_| {
                READ.fetch_add(1, Ordering::Relaxed);
                let count = IN_MEMORY.fetch_add(1, Ordering::Relaxed) + 1;
                MOST_IN_MEMORY.fetch_max(count, Ordering::Relaxed);
                Ok::<_, std::io::Error>(Bytes::from_owner(Piece(&IN_MEMORY)))
            });
            HttpBody::from_stream(stream::iter(pieces))
        };
        let none = HeaderMap::new();
        let fits = read_all(&none, body(3), 30, 240).await;
        assert_eq!(fits.as_deref(), Some(&b"0123456789".repeat(3)[..]));
        // To its end, and where that is too far no further.
        for (pieces, read) in [(4, 4), (24, 24), (1_000, 25)] {
            READ.store(0, Ordering::Relaxed);
            assert_eq!(read_all(&none, body(pieces), 30, 240).await, None);
            assert_eq!(READ.load(Ordering::Relaxed), read, "of {pieces}");
        }
        let most = MOST_IN_MEMORY.load(Ordering::Relaxed);
        assert!(most <= 4, "{most}");
    }
}

//! Answers that come piece by piece, as server-sent events: `delta` with more text, then `done` with the whole answer or
//! `error` with a problem document.
//!
//! A client that leaves ends the command, and so does one that reads nothing for too long. What fails before the first piece is
//! answered as everywhere: with a status.

use std::convert::Infallible;
use std::future::ready;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;

use aios_app::Session;
use aios_protocol::{ErrorCode, Guarded};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use futures::{FutureExt, StreamExt, stream};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::asked::Asked;
use crate::failure::{Failure, REQUEST_ID};
use crate::server::Server;

/// The type that clients ask for.
pub(crate) const KIND: &str = "text/event-stream";
/// Pieces that wait for the client.
const WAITING: usize = 32;
/// A comment, so that nobody in between takes the connection for dead while a model thinks.
const STILL_THERE: Bytes = Bytes::from_static(b":\n\n");

/// Events on their way; a failure only in the place of the first.
type Events = mpsc::Sender<Result<Bytes, Failure>>;

/// Whether a client asks for events.
pub(crate) fn are_wanted(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|accept| accept.to_str().ok());
    accepted
        .flat_map(|accept| accept.split(','))
        .any(|kind| kind.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(KIND)))
}

/// Begins to answer; the events follow as they come.
pub(crate) async fn answer(
    server: &Arc<Server>,
    access: Guarded<Session>,
    asked: Asked,
) -> Result<Response, Failure> {
    let (events, mut coming) = mpsc::channel(WAITING);
    let id = REQUEST_ID.try_with(Clone::clone).unwrap_or_default();
    let server = server.clone();
    tokio::spawn(REQUEST_ID.scope(id, async move {
        tokio::select! {
            () = tell(&server, &events, &access, asked) => {}
            () = events.closed() => tracing::debug!("the client left before the answer was whole"),
        }
    }));
    let broken = || Failure::new(ErrorCode::Internal, "the command ended without an answer");
    let first = coming.recv().await.ok_or_else(broken)??;
    let rest = ReceiverStream::new(coming).filter_map(|event| ready(event.ok()));
    let mut response =
        Response::new(Body::from_stream(stream::iter([first]).chain(rest).map(Ok::<_, Infallible>)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(KIND));
    // Proxies must not collect them.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// Runs the command and sends what it tells, until its end or until nobody takes it.
async fn tell(server: &Server, events: &Events, access: &Guarded<Session>, asked: Asked) {
    let (listener, mut pieces) = mpsc::channel(WAITING);
    let access = Guarded::new(access.inner().listening(listener), access.caller());
    let mut answering = pin!(AssertUnwindSafe(asked(access)).catch_unwind());
    let mut has_begun = false;
    let send = async |event| {
        let sent = tokio::time::timeout(server.options.stall_timeout, events.send(event)).await;
        matches!(sent, Ok(Ok(())))
    };
    let answered = loop {
        let event = tokio::select! {
            biased;
            Some(text) = pieces.recv() => delta(text),
            answered = &mut answering => break answered,
            () = tokio::time::sleep(server.options.ping) => STILL_THERE,
        };
        has_begun = true;
        if !send(Ok(event)).await {
            return;
        }
    };
    // What was told in the last moment.
    while let Ok(text) = pieces.try_recv() {
        has_begun = true;
        if !send(Ok(delta(text))).await {
            return;
        }
    }
    let answered = match answered {
        Ok(answered) => answered.map_err(Failure::from),
        Err(_) => Err(Failure::new(ErrorCode::Internal, "the command panicked")),
    };
    let last = match answered {
        Ok(answer) => Ok(event("done", &String::from_utf8_lossy(&answer))),
        Err(failure) if has_begun => Ok(event("error", &failure.document().to_string())),
        Err(failure) => Err(failure),
    };
    send(last).await;
}

fn delta(text: String) -> Bytes {
    event("delta", &json!({ "text": text }).to_string())
}

/// JSON has no line breaks of its own, so it is one line of data.
fn event(name: &str, data: &str) -> Bytes {
    format!("event: {name}\ndata: {data}\n\n").into()
}

/// What the document says of such an answer, beside its schema.
pub(crate) fn described(answer: &Value) -> Value {
    let name = answer["$ref"].as_str().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    json!({
        "schema": {
            "type": "string",
            "description": format!(
                "Server-sent events: any number of `delta` with {{\"text\": …}}, then `done` with {name}, or `error` with \
                 ProblemDocument. What `done` says is what counts."
            ),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_asks_for_events_gets_them() {
        let check = |accepts: &[&str], expect| {
            let mut headers = HeaderMap::new();
            for accept in accepts {
                headers.append(header::ACCEPT, accept.parse().unwrap());
            }
            assert_eq!(are_wanted(&headers), expect, "{accepts:?}");
        };
        check(&[], false);
        check(&["*/*"], false);
        check(&["application/json"], false);
        check(&["text/event-stream"], true);
        check(&["application/json, Text/Event-Stream;q=0.9"], true);
        check(&["application/json", "text/event-stream"], true);
        check(&["text/event-streams"], false);
    }

    #[test]
    fn an_event_is_one_line_of_data() {
        let text = "a\n\ndata: b\r\nevent: done";
        let bytes = delta(text.into());
        assert_eq!(bytes, "event: delta\ndata: {\"text\":\"a\\n\\ndata: b\\r\\nevent: done\"}\n\n");
    }
}

//! Around every request: its id, its line in the log, its count, and a net under it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use aios_protocol::ErrorCode;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use uuid::Uuid;

use crate::failure::{Failure, REQUEST_ID};
use crate::server::Server;

/// Headers of every answer that does not bring its own.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

/// Answers a request under its id. Logs the route's template, never the path, query or headers: they hold keys and names.
pub(crate) async fn observe(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = Uuid::now_v7().to_string();
    let route =
        request.extensions().get::<MatchedPath>().map_or("unknown".into(), |path| path.as_str().to_owned());
    let method = name(request.method());
    let answering = AssertUnwindSafe(next.run(request)).catch_unwind();
    let mut response = REQUEST_ID
        .scope(id.clone(), async {
            answering
                .await
                .unwrap_or_else(|_| Failure::new(ErrorCode::Internal, "the handler panicked").into_response())
        })
        .await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    server.metrics.count(method, &route, status, took);
    tracing::info!(method, route, status, ms = took.as_secs_f64() * 1e3, request_id = id, "request");
    complete(response.headers_mut(), &id);
    response
}

fn complete(headers: &mut HeaderMap, id: &str) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert("x-request-id", id);
    }
}

/// A method's name; clients may make up any number of others.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

//! The table of what is routed: the commands, what is no command, and what is documented and does not exist yet.

use std::sync::Arc;

use aios_app::App;
use aios_protocol::{ErrorCode, Right};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, on, post};
use serde_json::json;

use crate::command::{Operations, filter};
use crate::failure::Failure;
use crate::metrics::Moment;
use crate::options::Options;
use crate::server::{MOST_SOCKETS, Server};
use crate::{archive, command, docs, entry, observe, openapi, page, payments, rpc, socket, streams};

/// A documented endpoint whose feature does not exist yet: method, path, and whether it needs a key.
pub(crate) type NotYet = (&'static str, &'static str, bool);

/// They answer 501. The list can only shrink: a test counts it.
pub(crate) const NOT_YET: &[NotYet] = &[
    ("GET", "/api/v1/benchmark/tasks", true),
    ("POST", "/api/v1/benchmark/run", true),
    ("GET", "/api/v1/benchmark/{id}", true),
    ("POST", "/api/v1/estimate", true),
    ("POST", "/api/v1/discussion/start", true),
    ("POST", "/api/v1/discussion/turn", true),
    ("POST", "/api/v1/cron/jobs", true),
    ("GET", "/api/v1/cron/jobs", true),
    ("DELETE", "/api/v1/cron/jobs/{job_id}", true),
    ("POST", "/api/v1/mcp/servers", true),
    ("GET", "/api/v1/mcp/servers", true),
    ("GET", "/api/v1/mcp/servers/{id}/tools", true),
    ("DELETE", "/api/v1/mcp/servers/{id}", true),
    ("GET", "/api/v1/marketplace/templates", true),
    ("POST", "/api/v1/marketplace/templates/{id}/install", true),
    ("DELETE", "/api/v1/marketplace/templates/{id}/install", true),
    ("POST", "/api/v1/marketplace/rate", true),
    ("GET", "/api/v1/marketplace/ratings/{id}", false),
    ("GET", "/api/v1/marketplace/categories", true),
    ("GET", "/api/v1/marketplace/installed", true),
    ("POST", "/api/v1/github/webhook", false),
    ("POST", "/api/v1/review", true),
    ("GET", "/api/v1/review/{review_id}", true),
    ("GET", "/api/v1/runs/learning/stats", true),
    ("GET", "/api/v1/runs/performance/insights", true),
    ("GET", "/api/v1/runs/money/templates", true),
    ("POST", "/api/v1/runs/money/start", true),
    ("GET", "/api/v1/runs/clone/profile", true),
    ("GET", "/api/v1/runs/clone/context", true),
    ("POST", "/api/v1/runs/clone/decide", true),
    ("GET", "/api/v1/runs/clone/style", true),
    ("POST", "/api/v1/runs/goal/start", true),
    ("GET", "/api/v1/runs/goal/{goal_id}", true),
    ("GET", "/api/v1/runs/auto-config", true),
    ("GET", "/api/v1/runs/benchmark/trend", true),
    ("GET", "/api/v1/runs/modules/available", true),
    ("POST", "/api/v1/runs/modules/resolve", true),
];

/// Documented fields whose feature does not exist yet, by command. Ignored like unknown ones, they would promise what does not
/// happen; so they answer 501. This list can only shrink, too.
pub(crate) const NOT_YET_FIELDS: &[(&str, &[&str])] =
    &[("run_start", &["modules", "template_id", "continuation", "webhook_url"])];

/// Everything that a listener answers, and what it shares.
pub(crate) fn build(app: Arc<App>, options: Options) -> (Router, Arc<Server>) {
    let Operations { operations, components } = Operations::collect();
    let document = openapi::document(&operations, components);
    let server = Arc::new(Server::new(app, options, &document));
    let mut router = Router::new();
    for operation in operations {
        router = router.route(operation.route.path, operation.handler);
    }
    for (method, path, needs_key) in NOT_YET.iter().copied() {
        router = router.route(
            path,
            on(filter(method), move |State(server): State<Arc<Server>>, request: Request| async move {
                not_yet(&server, request, needs_key, path).await
            }),
        );
    }
    let router = router
        .route("/api/v1/runs/{run_id}/download", get(archive::download))
        .route(payments::PATH, post(payments::event))
        .route("/ws/runs", get(socket::runs))
        .route("/rpc/streams", get(streams::window))
        .route("/rpc/{command}", post(rpc::answer))
        .route("/ping", get(ping))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(document_itself))
        .route("/docs", get(docs::show))
        .route("/docs/style.css", get(docs::style))
        .fallback(page::show)
        .method_not_allowed_fallback(async || {
            Failure::new(ErrorCode::InvalidRequest, "this path does not take that method")
                .with_status(StatusCode::METHOD_NOT_ALLOWED)
                .with_hint("the header Allow names those that it takes")
        })
        .layer(from_fn_with_state(server.clone(), entry::check))
        .layer(from_fn_with_state(server.clone(), observe::observe))
        .with_state(server.clone());
    (router, server)
}

async fn not_yet(
    server: &Server,
    request: Request,
    needs_key: bool,
    path: &str,
) -> Result<Response, Failure> {
    let (parts, _) = request.into_parts();
    let guest = server.enter(&parts).await?;
    if needs_key {
        guest.access.caller().require(Right::Read, path)?;
    }
    Err(Failure::new(
        ErrorCode::NotImplemented,
        format!("{path} is documented and not part of this version yet"),
    )
    .with_hint("GET /docs shows what is"))
}

async fn ping() -> Response {
    command::json(StatusCode::OK, json!({ "ping": "pong" }).to_string().into())
}

async fn document_itself(State(server): State<Arc<Server>>) -> Response {
    command::json(StatusCode::OK, server.document.clone())
}

/// Numbers of all organisations: only for the user of the machine.
async fn metrics(State(server): State<Arc<Server>>, request: Request) -> Result<Response, Failure> {
    let (parts, _) = request.into_parts();
    server.enter(&parts).await?.access.caller().require(Right::Host, "metrics")?;
    let sockets = MOST_SOCKETS - server.sockets.available_permits();
    let (totals, stored) = (server.app.totals(), server.app.stored().await?);
    let text = server.metrics.text(&Moment { totals, stored, sockets });
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

//! `POST /api/v1/billing/webhook`: what the payment provider tells about subscriptions. Nobody shows a key there; the signature over
//! the body says who speaks.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::command;
use crate::failure::Failure;
use crate::request;
use crate::server::Server;

pub(crate) const PATH: &str = "/api/v1/billing/webhook";
/// Who sent the body, and when.
const SIGNATURE: &str = "stripe-signature";
/// The largest event.
const MOST_BYTES: usize = 256 * 1024;

pub(crate) async fn event(State(server): State<Arc<Server>>, request: Request) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    server.enter(&parts).await?;
    let body = request::body(&parts.headers, body, server.options.body_timeout, MOST_BYTES).await?;
    let signature = parts.headers.get(SIGNATURE).and_then(|text| text.to_str().ok()).unwrap_or_default();
    let (app, signature) = (server.app.clone(), signature.to_owned());
    // Told once, it is stored, even if the provider hangs up meanwhile.
    command::finish(async move { app.payment_event(&body, &signature).await.map_err(Failure::from) }).await?;
    Ok(command::json(StatusCode::OK, json!({}).to_string().into()))
}

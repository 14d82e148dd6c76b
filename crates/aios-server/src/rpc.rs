//! `/rpc/{command}`: every command by its name, as the editor's own window asks. The request is the body, the answer is the
//! answer; places and methods are for others.

use std::sync::Arc;

use aios_protocol::{COMMANDS, Caller, ErrorCode, Right, dispatch};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value};

use crate::command::{self, json};
use crate::failure::Failure;
use crate::idempotency::{self, Answer};
use crate::request;
use crate::server::Server;

/// The largest request of the machine's own user: a file to be saved.
const MOST_BYTES: usize = 64 * 1024 * 1024;

pub(crate) async fn answer(State(server): State<Arc<Server>>, request: Request) -> Result<Response, Failure> {
    let (mut parts, body) = request.into_parts();
    let guest = server.enter(&parts).await?;
    let name = request::parameter(&mut parts).await?;
    let info = COMMANDS.iter().find(|row| row.name == name).ok_or_else(|| {
        let name: String = name.chars().take(80).collect();
        Failure::new(ErrorCode::NotFound, format!("there is no command {name:?}"))
    })?;
    let caller = guest.access.caller();
    caller.require(info.right, info.name)?;
    let most = if caller == Caller::Machine { MOST_BYTES } else { request::MOST_BYTES };
    let body = request::body(&parts.headers, body, server.options.body_timeout, most).await?;
    let once = match info.right {
        Right::Public => None,
        _ => guest.once(&server.kept, &parts.headers, [b"rpc", info.name.as_bytes(), &body])?,
    };
    let request: Value = match &*body {
        [] => Value::Object(Map::new()),
        body => serde_json::from_slice(body)
            .map_err(|error| Failure::unreadable(format!("the body is not valid JSON: {error}")))?,
    };
    let access = guest.access;
    let act = async move {
        let answer = dispatch(&access, info.name, request).await?;
        Ok::<Answer, Failure>((StatusCode::OK, answer.to_string().into()))
    };
    let (status, text) = command::finish(idempotency::answer(once, act)).await?;
    Ok(json(status, text))
}

//! `/rpc/{command}`: every command by its name, as the editor's own window asks. The request is the body, the answer is the
//! answer; places and methods are for others.

use std::sync::Arc;

use aios_protocol::{COMMANDS, Caller, ErrorCode, dispatch};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value};

use crate::command::{self, json};
use crate::failure::Failure;
use crate::request;
use crate::server::Server;

/// The largest request of the machine's own user: a file to be saved.
const MOST_BYTES: usize = 64 * 1024 * 1024;

pub(crate) async fn answer(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let guest = server.enter(&parts).await?;
    let info = COMMANDS.iter().find(|row| row.name == name).ok_or_else(|| {
        let name: String = name.chars().take(80).collect();
        Failure::new(ErrorCode::NotFound, format!("there is no command {name:?}"))
    })?;
    let caller = guest.access.caller();
    caller.require(info.right, info.name)?;
    let most = if caller == Caller::Machine { MOST_BYTES } else { request::MOST_BYTES };
    let body = request::body(&parts.headers, body, server.options.body_timeout, most).await?;
    let request: Value = match &*body {
        [] => Value::Object(Map::new()),
        body => serde_json::from_slice(body)
            .map_err(|error| Failure::unreadable(format!("the body is not valid JSON: {error}")))?,
    };
    let access = guest.access;
    let answer = command::finish(async move { dispatch(&access, info.name, request).await }).await?;
    Ok(json(StatusCode::OK, answer.to_string().into()))
}

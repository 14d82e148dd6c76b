//! One handler for all commands: let in, read, ask, answer.

use std::sync::Arc;

use aios_protocol::{
    Call, CommandInfo, CommandVisitor, ErrorCode, Problem, ROUTES, Right, Route, visit_commands,
};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::pieces;
use crate::request;
use crate::schema::{Components, Field};
use crate::server::Server;

/// A command at its place, with all that the document tells about it.
pub(crate) struct Operation {
    pub(crate) route: &'static Route,
    pub(crate) info: &'static CommandInfo,
    /// The path's parameters with their schemas.
    pub(crate) parameters: Vec<(&'static str, Value)>,
    /// What travels in the query or the body.
    pub(crate) fields: Arc<[Field]>,
    /// The schema of the answer.
    pub(crate) answer: Value,
    pub(crate) handler: MethodRouter<Arc<Server>>,
}

/// All commands at all their places.
#[derive(Default)]
pub(crate) struct Operations {
    pub(crate) operations: Vec<Operation>,
    pub(crate) components: Components,
}

impl Operations {
    pub(crate) fn collect() -> Self {
        let mut all = Self::default();
        visit_commands(&mut all);
        all
    }
}

impl CommandVisitor for Operations {
    fn command<Q, A>(&mut self, info: &'static CommandInfo, call: Call<Q, A>)
    where
        Q: DeserializeOwned + ToSchema + Send + 'static,
        A: Serialize + ToSchema + Send + 'static,
    {
        for route in ROUTES.iter().filter(|route| route.command == info.name) {
            let fields: Arc<[Field]> = self.components.fields::<Q>(route).into();
            let known = fields.clone();
            let handler = move |State(server): State<Arc<Server>>, request: Request| {
                let fields = known.clone();
                async move { command(&server, route, info, &fields, call, request).await }
            };
            self.operations.push(Operation {
                route,
                info,
                parameters: route
                    .parameters()
                    .map(|name| (name, self.components.parameter::<Q>(name)))
                    .collect(),
                answer: self.components.refer::<A>(),
                handler: on(filter(route.method), handler),
                fields,
            });
        }
    }
}

pub(crate) fn filter(method: &str) -> MethodFilter {
    match method {
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        "PATCH" => MethodFilter::PATCH,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    }
}

async fn command<Q, A>(
    server: &Arc<Server>,
    route: &'static Route,
    info: &'static CommandInfo,
    fields: &[Field],
    call: Call<Q, A>,
    request: Request,
) -> Result<Response, Failure>
where
    Q: DeserializeOwned + Send + 'static,
    A: Serialize + Send + 'static,
{
    let (mut parts, body) = request.into_parts();
    let guest = server.enter(&parts).await?;
    guest.access.caller().require(info.right, info.name)?;
    let body = match route.in_query() || fields.is_empty() {
        true => Bytes::new(),
        false => {
            let (patience, most) = (server.options.body_timeout, request::MOST_BYTES);
            request::body(&parts.headers, body, patience, most).await?
        }
    };
    let request: Q = request::assemble(route, fields, &mut parts, &body).await?;
    if route.streams && pieces::are_wanted(&parts.headers) {
        return pieces::answer(server, guest.access, call, request).await;
    }
    let access = guest.access;
    let act = async move {
        let answer = match route.streams {
            // It is for whoever waits, and ends with the connection.
            true => call(&access, request).await,
            false => finish(async move { call(&access, request).await }).await,
        }?;
        let text = serde_json::to_vec(&answer).map_err(|error| {
            Failure::new(ErrorCode::Internal, format!("the answer could not be written: {error}"))
        })?;
        let status = StatusCode::from_u16(route.status).unwrap_or(StatusCode::OK);
        Ok::<Answer, Failure>((status, text.into()))
    };
    let may_repeat = route.method == "POST" && info.right != Right::Public;
    let once = match guest.tag.filter(|_| may_repeat) {
        Some(tag) => {
            let target = parts.uri.path().as_bytes();
            server.kept.find(&parts.headers, tag, [route.method.as_bytes(), target, &body])?
        }
        None => None,
    };
    let (status, text) = match once {
        Some(once) => once.answer(act).await?,
        None => act.await?,
    };
    Ok(json(status, text))
}

/// Finishes what was begun even when the client is gone: its own task outlives the connection.
pub(crate) async fn finish<A: Send + 'static>(
    answering: impl Future<Output = Result<A, Problem>> + Send + 'static,
) -> Result<A, Problem> {
    tokio::spawn(answering).await.unwrap_or_else(|broken| match broken.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(stopped) => Err(stopped_problem(&stopped)),
    })
}

fn stopped_problem(error: &tokio::task::JoinError) -> Problem {
    Problem::new(ErrorCode::Internal, format!("the command was stopped: {error}"))
}

/// An answer in JSON.
pub(crate) fn json(status: StatusCode, text: Bytes) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

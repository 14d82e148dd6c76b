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

use crate::asked::{Reader, reader};
use crate::failure::Failure;
use crate::idempotency::{self, Answer};
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
            let place = Arc::new(Place { route, info, fields: fields.clone(), reader: reader(call) });
            self.operations.push(Operation {
                route,
                info,
                parameters: route
                    .parameters()
                    .map(|name| (name, self.components.parameter::<Q>(name)))
                    .collect(),
                answer: self.components.refer::<A>(),
                handler: handler(place),
                fields,
            });
        }
    }
}

/// A command at one of its places.
struct Place {
    route: &'static Route,
    info: &'static CommandInfo,
    fields: Arc<[Field]>,
    reader: Reader,
}

fn handler(place: Arc<Place>) -> MethodRouter<Arc<Server>> {
    on(filter(place.route.method), move |State(server): State<Arc<Server>>, request: Request| {
        let place = place.clone();
        async move { command(&server, &place, request).await }
    })
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

async fn command(server: &Arc<Server>, place: &Place, request: Request) -> Result<Response, Failure> {
    let Place { route, info, fields, reader } = place;
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
    let asked = request::assemble(route, fields, reader, &mut parts, &body).await?;
    if route.streams && pieces::are_wanted(&parts.headers) {
        return pieces::answer(server, guest.access, asked).await;
    }
    let may_repeat = route.method == "POST" && info.right != Right::Public;
    let once = match may_repeat {
        true => {
            let request = [route.method.as_bytes(), parts.uri.path().as_bytes(), &body];
            guest.once(&server.kept, &parts.headers, request)?
        }
        false => None,
    };
    let access = guest.access;
    let (streams, status) = (route.streams, StatusCode::from_u16(route.status).unwrap_or(StatusCode::OK));
    let act = async move { Ok::<Answer, Failure>((status, asked(access).await?)) };
    let answering = idempotency::answer(once, act);
    let (status, text) = match streams {
        // It is for whoever waits, and ends with the connection.
        true => answering.await,
        false => finish(answering).await,
    }?;
    Ok(json(status, text))
}

/// Finishes what was begun even when the client is gone, and keeps its answer for whoever asks again: its own task outlives the
/// connection.
pub(crate) async fn finish<A: Send + 'static, E: From<Problem> + Send + 'static>(
    answering: impl Future<Output = Result<A, E>> + Send + 'static,
) -> Result<A, E> {
    tokio::spawn(answering).await.unwrap_or_else(|broken| match broken.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(stopped) => Err(stopped_problem(&stopped).into()),
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

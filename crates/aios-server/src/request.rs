//! From path, query and body to the request of a command.

use std::time::Duration;

use aios_protocol::{ErrorCode, Route};
use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use serde_json::{Map, Value};

use crate::asked::{Asked, Misread, Reader};
use crate::failure::Failure;
use crate::routes::NOT_YET_FIELDS;
use crate::schema::Field;

/// The largest body of a command at its place.
pub(crate) const MOST_BYTES: usize = 1024 * 1024;
/// How much of a body that is too large is taken from the client nevertheless.
const MOST_SURPLUS: usize = 16 * 1024 * 1024;

/// Reads a body, if there is one; it must be JSON and have at most `most` bytes.
pub(crate) async fn body(
    headers: &HeaderMap,
    body: Body,
    patience: Duration,
    most: usize,
) -> Result<Bytes, Failure> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence != "application/json" && !(essence.starts_with("application/") && essence.ends_with("+json")) {
        return Err(Failure::new(ErrorCode::InvalidRequest, "the body must be JSON")
            .with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
            .with_hint("send the header content-type: application/json"));
    }
    // Whoever asks before sending is answered before sending.
    if body.size_hint().lower() > most as u64 && headers.contains_key(header::EXPECT) {
        return Err(too_large(most));
    }
    let slow = |_| Failure::unreadable("the body came too slowly").with_status(StatusCode::REQUEST_TIMEOUT);
    tokio::time::timeout(patience, collect(body, most)).await.map_err(slow)?
}

async fn collect(mut body: Body, most: usize) -> Result<Bytes, Failure> {
    let (mut read, mut surplus) = (BytesMut::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Failure::unreadable("the body ended before it was complete"))?;
        let Ok(data) = frame.into_data() else { continue };
        if surplus == 0 && read.len() + data.len() <= most {
            read.extend_from_slice(&data);
            continue;
        }
        // Clients read the answer only after they have sent everything, so some more is taken and dropped.
        surplus += data.len();
        if surplus > MOST_SURPLUS {
            break;
        }
    }
    if surplus == 0 { Ok(read.freeze()) } else { Err(too_large(most)) }
}

fn too_large(most: usize) -> Failure {
    Failure::new(ErrorCode::TooLarge, format!("the body is larger than the {most} bytes that are read"))
}

/// The one parameter of a path.
pub(crate) async fn parameter(parts: &mut Parts) -> Result<String, Failure> {
    let parameters = parameters(parts).await?;
    Ok(parameters.iter().next().map(|(_, text)| text.to_owned()).unwrap_or_default())
}

async fn parameters(parts: &mut Parts) -> Result<RawPathParams, Failure> {
    let parameters = RawPathParams::from_request_parts(parts, &()).await;
    parameters.map_err(|_| Failure::unreadable("the path is not UTF-8"))
}

/// Puts a request together. Fields that the command does not know are ignored.
pub(crate) async fn assemble(
    route: &Route,
    fields: &[Field],
    reader: &Reader,
    parts: &mut Parts,
    body: &[u8],
) -> Result<Asked, Failure> {
    let mut request = match route.in_query() {
        true => from_query(fields, parts.uri.query().unwrap_or_default()),
        false => from_body(route, body)?,
    };
    let parameters = parameters(parts).await?;
    for (name, text) in &parameters {
        request.insert(name.to_owned(), text.into());
    }
    if let Some((name, value)) = route.fixed {
        let value = serde_json::from_str(value);
        request.insert(
            name.to_owned(),
            value.map_err(|error| Failure::new(ErrorCode::Internal, error.to_string()))?,
        );
    }
    reader(Value::Object(request)).map_err(|Misread { place, reason }| {
        let named = |name: &str| place.split(['.', '[']).next() == Some(name);
        match parameters.iter().find(|(name, _)| named(name)) {
            // What cannot be an id names nothing.
            Some((name, text)) => {
                let text: String = text.chars().take(80).collect();
                Failure::new(ErrorCode::NotFound, format!("there is no {name} {text:?}"))
            }
            None if place == "." => Failure::new(ErrorCode::InvalidRequest, reason),
            None => Failure::new(ErrorCode::InvalidRequest, format!("{place}: {reason}")),
        }
    })
}

fn from_query(fields: &[Field], query: &str) -> Map<String, Value> {
    let mut request = Map::new();
    for (name, text) in url::form_urlencoded::parse(query.as_bytes()) {
        if let Some(field) = fields.iter().find(|field| field.name == name) {
            field.put(&text, &mut request);
        }
    }
    request
}

fn from_body(route: &Route, body: &[u8]) -> Result<Map<String, Value>, Failure> {
    let value = match body {
        // What is one object as a whole is sent as one, even an empty one.
        [] if route.body.is_some() => Value::Null,
        [] => Value::Object(Map::new()),
        body => serde_json::from_slice(body)
            .map_err(|error| Failure::unreadable(format!("the body is not valid JSON: {error}")))?,
    };
    match (route.body, value) {
        (Some(field), value @ Value::Object(_)) => Ok(Map::from_iter([(field.to_owned(), value)])),
        (None, Value::Object(request)) => refuse_not_yet(route, &request).map(|()| request),
        _ => Err(Failure::new(ErrorCode::InvalidRequest, "the body must be a JSON object")),
    }
}

fn refuse_not_yet(route: &Route, request: &Map<String, Value>) -> Result<(), Failure> {
    let fields = NOT_YET_FIELDS.iter().filter(|(command, _)| *command == route.command);
    let asks = |name: &&&str| match request.get(**name) {
        None | Some(Value::Null) => false,
        Some(Value::Array(list)) => !list.is_empty(),
        Some(_) => true,
    };
    match fields.flat_map(|(_, names)| names.iter()).find(asks) {
        None => Ok(()),
        Some(name) => Err(Failure::new(
            ErrorCode::NotImplemented,
            format!("{name} is documented and not part of this version yet"),
        )
        .with_hint("leave it out; nothing was started")),
    }
}

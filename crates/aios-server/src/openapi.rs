//! The OpenAPI document, made from the rows and types that the router is made from.

use aios_protocol::{EventFrame, Problem, Right};
use serde_json::{Map, Value, json};

use crate::command::Operation;
use crate::routes::NOT_YET;
use crate::schema::{Components, object};
use crate::{payments, pieces};

const ABOUT: &str = "One sentence becomes a tested project. Send your key in the header `x-api-key`, or as \
`Authorization: Bearer`; registering or logging in gives one. Unknown fields of a request are ignored, but for policies. Errors are problem documents (RFC 9457) \
with a stable `code`. A POST may carry `Idempotency-Key`: sent again, it is answered again and not done again. \
Answers of `/inline` come piece by piece to whoever asks for `text/event-stream`. \
`/ws/runs` is a WebSocket: each message is an `EventFrame`; `?run_id=` and `?after=` replay one run from its last `seq`.";

/// The whole document.
pub(crate) fn document(operations: &[Operation], mut components: Components) -> Value {
    let mut paths = Map::new();
    for operation in operations {
        let id = unique(&paths, operation.info.name);
        add(&mut paths, operation.route.path, operation.route.method, described(operation, &id));
    }
    for (method, path, needs_key) in NOT_YET.iter().copied() {
        let parameters: Vec<Value> = path
            .split('{')
            .skip(1)
            .map(|rest| {
                let name = rest.split('}').next().unwrap_or_default();
                parameter(name, &json!({ "type": "string" }))
            })
            .collect();
        let operation = json!({
            "operationId": format!("{}{}", method.to_lowercase(), path.replace(['/', '{', '}', '-'], "_")),
            "tags": ["not yet"],
            "summary": "Documented, and not part of this version yet.",
            "parameters": parameters,
            "security": security(needs_key),
            "responses": responses(&[401, 403, 429, 501], None),
        });
        add(&mut paths, path, method, operation);
    }
    for (method, path, operation) in others() {
        add(&mut paths, path, method, operation);
    }
    components.refer::<EventFrame>();
    components.refer::<Problem>();
    let mut schemas = components.into_value();
    schemas["ProblemDocument"] = problem_schema();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "CesaFlow",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "x-api-key" } },
        },
    })
}

fn add(paths: &mut Map<String, Value>, path: &str, method: &str, operation: Value) {
    // A star is how the router spells a parameter with slashes.
    let path = path.replace("{*", "{");
    paths.entry(path).or_insert_with(|| json!({}))[method.to_lowercase()] = operation;
}

/// A command's name, or with a number where it has several places.
fn unique(paths: &Map<String, Value>, name: &str) -> String {
    let known = paths.values().filter_map(Value::as_object).flat_map(Map::values);
    let taken = known.filter(|operation| {
        let id = operation["operationId"].as_str().unwrap_or_default();
        id == name || id.strip_prefix(name).is_some_and(|rest| rest.starts_with("_at_"))
    });
    match taken.count() {
        0 => name.to_owned(),
        count => format!("{name}_at_{}", count + 1),
    }
}

fn described(operation: &Operation, id: &str) -> Value {
    let Operation { route, info, parameters, fields, answer, .. } = operation;
    let mut all: Vec<Value> = parameters.iter().map(|(name, schema)| parameter(name, schema)).collect();
    // A wrong key is refused where none is needed, too.
    let mut statuses = vec![401, 403, 422, 429];
    if !parameters.is_empty() {
        statuses.push(404);
    }
    let mut described = json!({
        "operationId": id,
        "tags": [tag(route.path)],
        "summary": info.summary,
        "security": security(info.right != Right::Public),
    });
    if route.in_query() {
        if !fields.is_empty() {
            statuses.push(404);
        }
        if route.method == "DELETE" {
            statuses.push(409);
        }
        all.extend(fields.iter().map(|field| {
            json!({ "name": field.name, "in": "query", "required": field.required, "schema": without_null(&field.schema) })
        }));
    } else {
        statuses.extend([404, 409]);
        if !fields.is_empty() {
            statuses.extend([400, 408, 413, 415]);
            let schema = match route.body {
                Some(name) => {
                    fields.iter().find(|field| field.name == name).map(|field| field.schema.clone())
                }
                None => Some(object(fields)),
            };
            described["requestBody"] = json!({
                "required": fields.iter().any(|field| field.required),
                "content": { "application/json": { "schema": schema } },
            });
        }
        if route.method == "POST" && info.right != Right::Public {
            statuses.push(400);
            all.push(json!({
                "name": "Idempotency-Key",
                "in": "header",
                "required": false,
                "description": "Sent again with the same request, it gives the same answer.",
                "schema": { "type": "string", "pattern": "^[!-~]{1,255}$" },
            }));
        }
    }
    statuses.extend([500, 501, 502, 503]);
    described["parameters"] = all.into();
    described["responses"] = responses(&statuses, Some((route.status, answer)));
    if route.streams {
        described["responses"][route.status.to_string()]["content"][pieces::KIND] = pieces::described(answer);
    }
    described
}

/// A query has no way to say null: what may be null may be missing.
fn without_null(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|known| known != "null");
        if let [one] = &types[..] {
            schema["type"] = one.clone();
        }
    }
    if let Some(options) = schema.get_mut("oneOf").and_then(Value::as_array_mut) {
        options.retain(|option| option["type"] != "null");
    }
    schema
}

fn parameter(name: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

fn security(needs_key: bool) -> Value {
    if needs_key { json!([{ "key": [] }]) } else { json!([]) }
}

fn responses(statuses: &[u16], answer: Option<(u16, &Value)>) -> Value {
    let mut all = Map::new();
    if let Some((status, schema)) = answer {
        let content = json!({ "application/json": { "schema": schema } });
        all.insert(status.to_string(), json!({ "description": "The answer.", "content": content }));
    }
    for status in statuses {
        let name =
            axum::http::StatusCode::from_u16(*status).ok().and_then(|status| status.canonical_reason());
        let schema = json!({ "$ref": "#/components/schemas/ProblemDocument" });
        all.insert(
            status.to_string(),
            json!({
                "description": name.unwrap_or_default(),
                "content": { "application/problem+json": { "schema": schema } },
            }),
        );
    }
    all.into()
}

/// The part of the product that a path belongs to.
fn tag(path: &str) -> &str {
    path.trim_start_matches("/api/v1/").trim_start_matches('/').split('/').next().unwrap_or_default()
}

/// What is no command.
fn others() -> [(&'static str, &'static str, Value); 6] {
    let answers = |kind: &str, schema: Value, statuses: &[u16]| {
        let mut all = responses(statuses, None);
        all["200"] = json!({ "description": "The answer.", "content": { kind: { "schema": schema } } });
        all
    };
    let text = || json!({ "type": "string" });
    [
        (
            "POST",
            payments::PATH,
            json!({
                "operationId": "billing_event",
                "tags": ["billing"],
                "summary": "Takes an event of the payment provider in; its signature stands for a key.",
                "security": security(false),
                "parameters": [
                    { "name": "stripe-signature", "in": "header", "required": true, "schema": text() },
                ],
                "requestBody": {
                    "required": true,
                    "content": { "application/json": { "schema": { "type": "object" } } },
                },
                "responses": answers("application/json", json!({ "type": "object" }), &[
                    400, 401, 403, 404, 408, 413, 415, 422, 429, 500, 503,
                ]),
            }),
        ),
        (
            "GET",
            "/api/v1/runs/{run_id}/download",
            json!({
                "operationId": "run_download",
                "tags": ["runs"],
                "summary": "Sends the files of a run's workspace as a ZIP.",
                "security": security(true),
                "parameters": [parameter("run_id", &json!({ "type": "string", "format": "uuid" }))],
                "responses": answers("application/zip", json!({}), &[401, 403, 404, 429, 500]),
            }),
        ),
        (
            "GET",
            "/ws/runs",
            json!({
                "operationId": "run_follow",
                "tags": ["runs"],
                "summary": "Opens a WebSocket that sends the events of runs, each an EventFrame.",
                "security": [{ "key": [] }, {}],
                "parameters": [
                    { "name": "api_key", "in": "query", "required": false, "schema": text(),
                      "description": "The key, where neither the header nor a first message {\"api_key\": …} can be sent." },
                    { "name": "run_id", "in": "query", "required": false, "schema": { "type": "string", "format": "uuid" },
                      "description": "Only this run; all of the organisation when missing." },
                    { "name": "after", "in": "query", "required": false, "schema": { "type": "integer", "minimum": 0 },
                      "description": "Only events after this seq of the run." },
                ],
                "responses": responses(&[400, 401, 403, 404, 422, 426, 429], None),
            }),
        ),
        (
            "GET",
            "/ping",
            json!({
                "operationId": "ping",
                "tags": ["server"],
                "summary": "Answers at once.",
                "security": security(false),
                "responses": answers(
                    "application/json",
                    json!({ "type": "object", "required": ["ping"], "properties": { "ping": { "const": "pong" } } }),
                    &[403],
                ),
            }),
        ),
        (
            "GET",
            "/metrics",
            json!({
                "operationId": "metrics",
                "tags": ["server"],
                "summary": "Tells the machine's user what was counted, in Prometheus' text form.",
                "security": security(true),
                "responses": answers("text/plain", text(), &[401, 403, 429, 500]),
            }),
        ),
        (
            "GET",
            "/openapi.json",
            json!({
                "operationId": "openapi",
                "tags": ["server"],
                "summary": "This document.",
                "security": security(false),
                "responses": answers("application/json", json!({ "type": "object" }), &[403]),
            }),
        ),
    ]
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "description": "What is wrong, after RFC 9457.",
        "required": ["type", "title", "status", "detail", "code", "hint", "request_id"],
        "properties": {
            "type": { "type": "string", "description": "The code as a URN." },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "What was attempted, on what, and why it failed." },
            "code": { "$ref": "#/components/schemas/ErrorCode" },
            "hint": { "type": ["string", "null"], "description": "What to do next." },
            "request_id": { "type": "string", "description": "Names the request in the server's log." },
        },
    })
}

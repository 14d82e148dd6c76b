//! `/docs`: the OpenAPI document as a page. No script, nothing from elsewhere.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::server::Server;

const STYLE: &str = include_str!("docs.css");
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'");

pub(crate) async fn show(State(server): State<Arc<Server>>) -> Response {
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (headers, server.page.clone()).into_response()
}

pub(crate) async fn style() -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"))], STYLE).into_response()
}

/// The page, written once.
pub(crate) fn page(document: &Value) -> String {
    let mut page = String::new();
    // Writing into a string cannot fail.
    _ = write(document, &mut page);
    page
}

fn write(document: &Value, page: &mut String) -> std::fmt::Result {
    let info = &document["info"];
    write!(
        page,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} API</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"/docs/style.css\">\
         </head><body><h1>{title} API <small>{version}</small></h1><p>{about}</p>\
         <p><a href=\"/openapi.json\">openapi.json</a></p>",
        title = text(&info["title"]),
        version = text(&info["version"]),
        about = text(&info["description"]),
    )?;
    let mut last = String::new();
    let mut operations: Vec<(&str, &str, &Value)> = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            operations.push((path, method, operation));
        }
    }
    operations.sort_by_key(|(_, _, operation)| operation["tags"][0].as_str());
    for (path, method, operation) in operations {
        let tag = text(&operation["tags"][0]);
        if tag != last {
            write!(page, "<h2>{tag}</h2>")?;
            last = tag;
        }
        write!(
            page,
            "<details><summary><b class=\"{method}\">{}</b> <code>{}</code> {}{}</summary>",
            method.to_uppercase(),
            escape(path),
            text(&operation["summary"]),
            if operation["security"][0]["key"].is_array() { "" } else { " <em>no key needed</em>" },
        )?;
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            row(page, &text(&parameter["in"]), &text(&parameter["name"]), &parameter["schema"])?;
        }
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        if body["properties"].is_null() && body.is_object() {
            row(page, "body", "", body)?;
        }
        for (name, schema) in body["properties"].as_object().into_iter().flatten() {
            row(page, "body", &escape(name), schema)?;
        }
        for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
            if let Some(content) = answer["content"].as_object().and_then(|content| content.values().next()) {
                row(page, "answer", &escape(status), &content["schema"])?;
            }
        }
        page.push_str("</details>");
    }
    page.push_str("<h2>types</h2>");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        write!(
            page,
            "<details id=\"{0}\"><summary><code>{0}</code> {1}</summary>",
            escape(name),
            text(&schema["description"])
        )?;
        for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
            row(page, "", &escape(field), schema)?;
        }
        write!(page, "<pre>{}</pre></details>", escape(&format!("{schema:#}")))?;
    }
    page.push_str("</body></html>");
    Ok(())
}

/// A name with its type and meaning.
fn row(page: &mut String, place: &str, name: &str, schema: &Value) -> std::fmt::Result {
    write!(
        page,
        "<p><i>{place}</i> <code>{name}</code> {} {}</p>",
        kind(schema),
        text(&schema["description"])
    )
}

/// A schema in a word or a link.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#{0}\">{0}</a>", escape(name));
    }
    if let Some(options) = schema["oneOf"].as_array() {
        return options.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("list of {}", kind(&schema["items"])),
        Value::String(name) => escape(name),
        Value::Array(names) => names.iter().map(text).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    }
}

fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_every_operation_and_loads_nothing() {
        let all = crate::command::Operations::collect();
        let document = crate::openapi::document(&all.operations, all.components);
        let page = page(&document);
        for path in document["paths"].as_object().unwrap().keys() {
            assert!(page.contains(&format!("<code>{path}</code>")), "{path} is not shown");
        }
        assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
        assert_eq!(escape("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}

//! From a command's request to what is sent: the method, the address with its query, the body.

use aios_protocol::{ErrorCode, Problem, ROUTES, Route};
use reqwest::Method;
use serde_json::{Map, Value};
use url::Url;

/// A request that can be sent, once or again.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parcel {
    pub(crate) command: &'static str,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) body: Option<Value>,
}

impl Parcel {
    /// Packs the request of a command, by the same table that the server unpacks it with.
    pub(crate) fn pack(base: &Url, command: &'static str, request: Value) -> Result<Self, Problem> {
        let mut fields = match request {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        // What is null may be missing, and a query cannot say it otherwise.
        fields.retain(|_, value| !value.is_null());
        let route = ROUTES.iter().find(|route| route.command == command && fits(route, &fields));
        let mut url = base.clone();
        let Some(route) = route else {
            if let Ok(mut path) = url.path_segments_mut() {
                path.pop_if_empty().extend(["rpc", command]);
            }
            return Ok(Self { command, method: Method::POST, url, body: Some(Value::Object(fields)) });
        };
        write_path(&mut url, route, &mut fields)?;
        if let Some((field, _)) = route.fixed {
            fields.remove(field);
        }
        let body = match route.body {
            _ if route.in_query() => {
                write_query(&mut url, &fields);
                None
            }
            Some(field) => fields.remove(field),
            None => Some(Value::Object(fields)).filter(|fields| *fields != Value::Object(Map::new())),
        };
        let method = match route.method {
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            "PATCH" => Method::PATCH,
            "DELETE" => Method::DELETE,
            _ => Method::GET,
        };
        Ok(Self { command, method, url, body })
    }
}

/// Whether a request can be told at this place: a command may have several.
fn fits(route: &Route, fields: &Map<String, Value>) -> bool {
    route.parameters().all(|name| fields.contains_key(name))
        && route.fixed.is_none_or(|(name, value)| fields.get(name).is_some_and(|field| text(field) == value))
}

fn write_path(url: &mut Url, route: &Route, fields: &mut Map<String, Value>) -> Result<(), Problem> {
    let mut parts: Vec<String> = Vec::new();
    for part in route.path.split('/').skip(1) {
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
            parts.push(part.to_owned());
            continue;
        };
        let rest = name.strip_prefix('*');
        let text = fields.remove(rest.unwrap_or(name)).map(|value| text(&value)).unwrap_or_default();
        match rest {
            Some(_) => parts.extend(text.split('/').map(str::to_owned)),
            None => parts.push(text),
        }
    }
    // An address cannot hold them: everybody on the way takes them for steps.
    if let Some(part) = parts.iter().find(|part| matches!(part.as_str(), "" | "." | "..")) {
        return Err(Problem::new(ErrorCode::NotFound, format!("nothing is called {part:?}")));
    }
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(&parts);
    }
    Ok(())
}

fn write_query(url: &mut Url, fields: &Map<String, Value>) {
    let mut query = url.query_pairs_mut();
    for (name, value) in fields {
        match value {
            Value::Array(list) => {
                list.iter().for_each(|value| _ = query.append_pair(name, &text(value)));
            }
            value => _ = query.append_pair(name, &text(value)),
        }
    }
    drop(query);
    if url.query() == Some("") {
        url.set_query(None);
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(command: &'static str, request: Value, place: &str, body: Option<Value>) {
        let base = Url::parse("https://example.org/base").unwrap();
        let parcel = Parcel::pack(&base, command, request).unwrap();
        let found =
            format!("{} {}", parcel.method, parcel.url.as_str().trim_start_matches("https://example.org"));
        assert_eq!((found.as_str(), parcel.body), (place, body));
    }

    #[test]
    fn requests_go_where_the_table_says() {
        check("health_show", json!({}), "GET /base/health", None);
        check("run_list", json!({ "status": null, "limit": 5 }), "GET /base/api/v1/runs?limit=5", None);
        check(
            "run_list",
            json!({ "search": "a&b=c ü" }),
            "GET /base/api/v1/runs?search=a%26b%3Dc+%C3%BC",
            None,
        );
        check("run_show", json!({ "run_id": "0192" }), "GET /base/api/v1/runs/0192", None);
        check(
            "run_respond",
            json!({ "run_id": "0192", "answer": "yes" }),
            "POST /base/api/v1/runs/0192/respond",
            Some(json!({ "answer": "yes" })),
        );
        check("run_cancel", json!({ "run_id": "0192" }), "POST /base/api/v1/runs/0192/cancel", None);
        check("key_revoke", json!({ "key_id": "0192" }), "DELETE /base/api/v1/auth/keys/0192", None);
    }

    #[test]
    fn a_field_may_be_the_whole_body() {
        let policy = json!({ "name": "strict" });
        check("policy_create", json!({ "policy": policy }), "POST /base/api/v1/policies", Some(policy));
    }

    #[test]
    fn a_command_with_several_places() {
        check("model_list", json!({}), "GET /base/api/v1/runs/models/catalog", None);
        check(
            "model_list",
            json!({ "provider": "groq", "free": true }),
            "GET /base/api/v1/runs/models/catalog?provider=groq&free=true",
            None,
        );
    }

    #[test]
    fn paths_of_files_stay_where_they_are() {
        let file = |path: &str| json!({ "run_id": "0192", "path": path });
        let place = "GET /base/api/v1/runs/0192/files/";
        check("run_file_show", file("src/a b?.py"), &format!("{place}src/a%20b%3F.py"), None);
        check("run_file_show", file("50%2f.md"), &format!("{place}50%252f.md"), None);
        let base = Url::parse("https://example.org").unwrap();
        for path in ["../../x", "a/./b", "a//b", "", "/etc"] {
            let problem = Parcel::pack(&base, "run_file_show", file(path)).unwrap_err();
            assert_eq!(problem.code, ErrorCode::NotFound, "{path}");
        }
    }
}

//! Documented = routed = in the OpenAPI document.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::Served;

const DOCUMENTED: &str = include_str!("../endpoints.tsv");

/// Method and path of every documented endpoint, parameters without their names.
fn documented() -> Vec<(String, String, bool)> {
    let rows = DOCUMENTED.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|row| {
        let method = if row[0] == "WS" { "GET" } else { row[0] };
        let path = row[1].split('?').next().unwrap();
        (method.to_owned(), nameless(path), row[2] == "yes")
    })
    .collect()
}

fn nameless(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Every operation of the document, with whether it needs a key.
fn described(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, methods)| {
            let operations = methods.as_object().unwrap().iter();
            operations
                .map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
        })
        .collect()
}

#[tokio::test]
async fn every_documented_endpoint_is_in_the_document_and_answers() {
    let served = Served::start().await;
    let document = served.stranger("GET", "/openapi.json").send().await.json();
    let described: BTreeSet<(String, String, bool)> = described(&document)
        .into_iter()
        .map(|(method, path, operation)| {
            (method, nameless(&path), operation["security"][0]["key"].is_array())
        })
        .collect();
    let documented = documented();
    assert_eq!(documented.len(), 101);
    for (method, path, needs_key) in documented {
        // The catalogue is public, so the free part of it is too.
        let needs_key = needs_key && path != "/api/v1/models/free";
        let endpoint = (method, path, needs_key);
        assert!(described.contains(&endpoint), "{endpoint:?} is not in the document");
    }
    for (method, path, needs_key) in described {
        let path = path.replace("{}", "00000000-0000-7000-8000-000000000000");
        let answer = served.stranger(&method, &path).send().await;
        match (needs_key, &*path) {
            // It may show its key later.
            (_, "/ws/runs") => _ = answer.problem(400, "invalid_request"),
            (true, _) => _ = answer.problem(401, "unauthenticated"),
            (false, _) => assert!(![401, 405].contains(&answer.status), "{method} {path}: {}", answer.status),
        }
    }
    served.stop().await;
}

/// The list may only shrink.
#[tokio::test]
async fn what_does_not_exist_yet_says_so() {
    let served = Served::start().await;
    let document = served.stranger("GET", "/openapi.json").send().await.json();
    let missing: Vec<_> = described(&document)
        .into_iter()
        .filter(|(_, _, operation)| operation["tags"][0] == "not yet")
        .collect();
    assert_eq!(missing.len(), 37);
    for (method, path, _) in missing {
        let path = path.replace(['{', '}'], "");
        served.ask(&method, &path).send().await.problem(501, "not_implemented");
    }
    served.stop().await;
}

#[tokio::test]
async fn the_document_is_whole() {
    let served = Served::start().await;
    let document = served.stranger("GET", "/openapi.json").send().await.json();
    let text = document.to_string();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name} is referred to and not there");
    }
    let mut ids = BTreeSet::new();
    for (method, path, operation) in described(&document) {
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{id} is there twice");
        assert!(!operation["summary"].as_str().unwrap().is_empty());
        let parameters: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
        for name in path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()) {
            let is_described = parameters.iter().any(|parameter| parameter["name"] == name);
            assert!(is_described, "{method} {path} does not describe {name}");
        }
    }
    let start = &document["paths"]["/api/v1/runs"]["post"];
    let body = &start["requestBody"]["content"]["application/json"]["schema"]["properties"];
    assert_eq!(body["objective"]["type"], "string");
    assert_eq!(
        start["responses"]["201"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/RunStarted"
    );
    let list = &document["paths"]["/api/v1/runs"]["get"]["parameters"];
    let names: Vec<&str> =
        list.as_array().unwrap().iter().map(|each| each["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["cursor", "limit", "project_id", "search", "status"]);
    served.stop().await;
}

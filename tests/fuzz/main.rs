//! Random requests to every route of the real server, made by schemathesis from the OpenAPI document.
//!
//! `AIOS_SCHEMATHESIS` is the program; `AIOS_FUZZ_SECONDS` lets it go on for that long instead of one bounded round.

#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test starts a program and may fail"
)]

use std::process::Command;
use std::time::Duration;

use aios_testkit::{ModelServer, Script, Turn, turn};
use aios_tests::{Served, World, options};
use serde_json::{Value, json};

/// Requests for each operation in a bounded round.
const EXAMPLES: &str = "25";

/// What is checked. Left out: that every valid request is accepted, since what is valid depends on what is stored.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                      response_headers_conformance,negative_data_rejection,unsupported_method,ignored_auth,use_after_free";

#[tokio::test(flavor = "multi_thread")]
async fn no_request_breaks_the_server_or_its_document() {
    let program = std::env::var_os("AIOS_SCHEMATHESIS").unwrap_or_else(|| "schemathesis".into());
    // Without keys of the host: what could start a run needs a key of one's own. With the payment provider's secret, so that its
    // events are judged.
    let asks = turn().call("ask_human", json!({ "question": "Which name?" }));
    let script = Script::new()
        .agent("backend", [write("notes.md"), done()])
        .agent("backend", [asks])
        .always(turn().text("Done."));
    let world = World::new(env!("CARGO_BIN_EXE_aios-test-child"), script)
        .with_env("OPENAI_API_KEY", "")
        .with_env("STRIPE_SECRET_KEY", "sk_test_1")
        .with_env("STRIPE_WEBHOOK_SECRET", "whsec_1");
    let served = Served::over(world, options()).await;
    let account = json!({ "email": "owner@acme.example", "password": "correct horse" });
    let registered = served.ask_as("", "POST", "/api/v1/auth/register", Some(account)).await.json();
    let key = registered["api_key"].as_str().unwrap();
    let things = furnish(&served, key).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("known.toml"), known(&things)).unwrap();
    let document = served.json("GET", "/openapi.json", None).await;
    std::fs::write(folder.path().join("openapi.json"), unreferred(document).to_string()).unwrap();
    let mut command = Command::new(program);
    command
        .current_dir(folder.path())
        .args(["--config-file", "known.toml", "run"])
        .args(["openapi.json", "--url", &format!("http://{}/", served.address)])
        .args(["--header", &format!("x-api-key: {key}"), "--checks", CHECKS, "--max-examples", EXAMPLES])
        // Some are documented to answer 501 until they exist, or 503 until mail and payments are set up.
        .args(["--exclude-tag", "not yet", "--exclude-operation-id", "auth_forgot"])
        // It learns the id of its own key, and would be let in nowhere afterwards.
        .args(["--exclude-operation-id", "key_revoke"])
        // With a key that is made up, real providers would be asked.
        .args(["--exclude-operation-id", "credential_add", "--exclude-operation-id", "vault_add"])
        .args(["--exclude-operation-id", "billing_checkout", "--exclude-operation-id", "billing_portal"])
        .args(["--workers", "2", "--request-timeout", "20", "--warnings", "off", "--continue-on-failure"]);
    match std::env::var("AIOS_FUZZ_SECONDS") {
        Ok(seconds) => command.args(["--max-time", &seconds]),
        // The same requests each time, so that a change that breaks something is seen by its own test.
        Err(_) => command.args(["--seed", "1", "--generation-deterministic"]),
    };
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(served.ask_as(key, "GET", "/api/v1/auth/me", None).await.status, 200, "it shut itself out");
    let (_, counted) = served.ask("GET", "/metrics", None).await;
    let counted = String::from_utf8(counted).unwrap();
    for route in ["{run_id}/graph", "{run_id}/files/{*path}", "{run_id}/download"] {
        let found = format!("method=\"GET\",route=\"/api/v1/runs/{route}\",status=\"200\"");
        assert!(counted.contains(&found), "nothing that exists was asked of {route}:\n{counted}");
    }
    served.stop().await.finish().await;
}

fn write(path: &str) -> Turn {
    turn().call("write_file", json!({ "path": path, "content": "# Notes\n" }))
}

fn done() -> Turn {
    turn().text("Done.")
}

/// The document, its parameters' schemas in place: schemathesis cannot look up those that it is to have known values for.
fn unreferred(mut document: Value) -> Value {
    let schemas = document["components"]["schemas"].clone();
    let operations = document["paths"].as_object_mut().unwrap().values_mut();
    for operation in operations.flat_map(|path| path.as_object_mut().unwrap().values_mut()) {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let schema = &mut parameter["schema"];
            let name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()).map(str::to_owned);
            if let Some(name) = name {
                *schema = schemas[name].clone();
            }
        }
    }
    document
}

/// Ids that exist, for every second request that wants one.
fn known(things: &[(&str, Vec<String>)]) -> String {
    let dictionary = |(name, ids): &(&str, Vec<String>)| {
        format!(
            "[dictionaries.{name}]\nvalues = {ids:?}\n\n[parameters.\"path.{name}\"]\ndictionary = \"{name}\"\nprobability = 0.5\n"
        )
    };
    things.iter().map(dictionary).collect::<Vec<_>>().join("\n")
}

/// One of everything, so that routes are asked for what is there, too: a run that is over, one that waits, and what runs are made of.
/// The key goes, so that no request that is made up begins another.
async fn furnish(served: &Served, key: &str) -> Vec<(&'static str, Vec<String>)> {
    let post = async |path: &str, body: Value| {
        let answer = served.ask_as(key, "POST", path, Some(body)).await;
        assert!(answer.status < 300, "{path}: {:#}", answer.json());
        answer.json()
    };
    let own = json!({ "provider": "openai", "api_key": ModelServer::KEY, "model": "gpt-4o" });
    let credential = post("/api/v1/model-credentials", own).await;
    let mut runs = Vec::new();
    for status in ["completed", "waiting"] {
        let run = json!({ "objective": "a text", "tasks": ["backend"], "project_id": "notes" });
        let run = post("/api/v1/runs", run).await;
        let path = format!("/api/v1/runs/{}", run["run_id"].as_str().unwrap());
        while served.ask_as(key, "GET", &path, None).await.json()["status"] != status {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        runs.push(id(&run, "run_id"));
    }
    let policy = post("/api/v1/policies", json!({ "max_cost_usd": 1.0 })).await;
    let project = post("/api/v1/projects", json!({ "name": "Notes of mine" })).await;
    let event = json!({ "source": "cli", "kind": "test_failed", "title": "1 of 3" });
    let event = post("/api/v1/capture/events", event).await;
    let invite = post("/api/v1/team/invite", json!({ "email": "late@acme.example", "role": "viewer" })).await;
    let entry = json!({ "provider": "openai", "api_key": ModelServer::KEY, "purposes": ["chat"] });
    let entry = post("/api/v1/admin/vault", entry).await;
    let path = format!("/api/v1/model-credentials/{}", credential["credential_id"].as_str().unwrap());
    assert_eq!(served.ask_as(key, "DELETE", &path, None).await.status, 200);
    vec![
        ("run_id", runs),
        ("path", vec!["notes.md".to_owned()]),
        ("policy_id", vec![id(&policy, "policy_id")]),
        ("project_id", vec![id(&project, "project_id"), "notes".to_owned()]),
        ("event_id", vec![id(&event, "event_id")]),
        ("entry_id", vec![id(&entry, "entry_id")]),
        ("token", vec![id(&invite, "token")]),
        ("provider", vec!["openai".to_owned()]),
    ]
}

fn id(thing: &Value, name: &str) -> String {
    thing[name].as_str().unwrap_or_else(|| panic!("{name}: {thing:#}")).to_owned()
}

//! Random requests to every route of the real server, made by schemathesis from the OpenAPI document.
//!
//! `AIOS_SCHEMATHESIS` is the program; `AIOS_FUZZ_SECONDS` lets it go on for that long instead of one bounded round.

#![expect(clippy::disallowed_methods, reason = "a test that starts a program")]

use std::process::Command;

use aios_testkit::Script;
use aios_tests::{Served, World, options};
use serde_json::json;

/// Requests for each operation in a bounded round.
const EXAMPLES: &str = "25";

/// What is checked. Left out: that every valid request is accepted, since what is valid depends on what is stored.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                      response_headers_conformance,negative_data_rejection,unsupported_method,ignored_auth,use_after_free";

#[tokio::test(flavor = "multi_thread")]
async fn no_request_breaks_the_server_or_its_document() {
    let program = std::env::var_os("AIOS_SCHEMATHESIS").unwrap_or_else(|| "schemathesis".into());
    // Without keys of the host: what could start a run needs a key of one's own.
    let world =
        World::new(env!("CARGO_BIN_EXE_aios-test-child"), Script::new()).with_env("OPENAI_API_KEY", "");
    let served = Served::over(world, options()).await;
    let account = json!({ "email": "owner@acme.example", "password": "correct horse" });
    let registered = served.ask_as("", "POST", "/api/v1/auth/register", Some(account)).await.json();
    let key = registered["api_key"].as_str().unwrap();

    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(program);
    command
        .current_dir(folder.path())
        .arg("run")
        .arg(format!("http://{}/openapi.json", served.address))
        .args(["--header", &format!("x-api-key: {key}"), "--checks", CHECKS, "--max-examples", EXAMPLES])
        // Some are documented to answer 501 until they exist, or 503 until mail and payments are set up.
        .args(["--exclude-tag", "not yet", "--exclude-operation-id", "auth_forgot"])
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
    served.stop().await.finish().await;
}

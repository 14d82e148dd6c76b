//! The documented examples, sent as they are documented. What was said is kept whole, as snapshots.

use std::cell::RefCell;
use std::fmt::Write;

use aios_testkit::{ModelServer, Script, stable};
use aios_tests::Served;
use serde_json::{Value, json};

use crate::{asks, done, served, write};

/// A value with every key, id, moment and folder replaced by its kind, so that it can be compared.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| {
                let kind = match (name.as_str(), &value) {
                    (_, Value::String(text)) if text.starts_with("sk_") => "sk_…",
                    (name, Value::String(_)) if name.ends_with("_at") || name.starts_with("period_") => "…",
                    (name, Value::String(_)) if name.ends_with("_id") && name != "project_id" => "…",
                    ("token" | "dir" | "request_id" | "duration_ms", _) => "…",
                    _ => return (name, plain(value)),
                };
                (name, json!(kind))
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(plain).collect(),
        other => other,
    }
}

/// What was asked and answered.
#[derive(Default)]
struct Said(RefCell<String>);

impl Said {
    fn note(&self, start: &str, body: Option<&Value>, status: u16, answer: &Value) {
        let mut said = self.0.borrow_mut();
        // Secrets in paths are longer than ids.
        let start = start.split('/').map(|part| if part.len() > 40 { "…" } else { part });
        let start = start.collect::<Vec<_>>().join("/");
        let body = body.map(|body| format!("{:#}\n", plain(body.clone()))).unwrap_or_default();
        write!(said, "> {start}\n{body}< {status}\n{:#}\n\n", plain(answer.clone())).unwrap();
    }

    /// All of it, without what differs from time to time.
    fn told(&self) -> String {
        stable(&self.0.borrow())
    }
}

/// Somebody with a key, who asks.
struct Person<'a> {
    served: &'a Served,
    said: &'a Said,
    key: String,
}

impl Person<'_> {
    async fn ask(&self, status: u16, method: &str, path: &str, body: Option<Value>) -> Value {
        let answer = self.served.ask_as(&self.key, method, path, body.clone()).await;
        let (was, answer) = (answer.status, answer.json());
        assert_eq!(was, status, "{method} {path}: {answer:#}");
        self.said.note(&format!("{method} {path}"), body.as_ref(), status, &answer);
        answer
    }

    async fn get(&self, path: &str) -> Value {
        plain(self.ask(200, "GET", path, None).await)
    }

    async fn post(&self, status: u16, path: &str, body: Value) -> Value {
        plain(self.ask(status, "POST", path, Some(body)).await)
    }
}

/// Registers as in the Quick Start.
async fn register<'a>(served: &'a Served, said: &'a Said) -> Person<'a> {
    let nobody = Person { served, said, key: String::new() };
    let body = json!({ "email": "you@example.com", "password": "secret", "organization_name": "My Org" });
    let registered = nobody.ask(201, "POST", "/api/v1/auth/register", Some(body)).await;
    assert_eq!(plain(registered.clone()), json!({ "api_key": "sk_…", "org_id": "…", "user_id": "…" }));
    Person { served, said, key: registered["api_key"].as_str().unwrap().to_owned() }
}

async fn add_own_key(person: &Person<'_>) {
    let key = json!({ "provider": "openai", "api_key": ModelServer::KEY, "model": "gpt-4o" });
    person.post(201, "/api/v1/model-credentials", key).await;
}

async fn until(person: &Person<'_>, run_id: &str, status: &str) -> Value {
    loop {
        let path = format!("/api/v1/runs/{run_id}");
        let run = person.served.ask_as(&person.key, "GET", &path, None).await.json();
        if run["status"] == status {
            person.said.note(&format!("GET {path}"), None, 200, &run);
            return run;
        }
        assert!(matches!(run["status"].as_str(), Some("pending" | "running" | "waiting")), "{run:#}");
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
}

#[tokio::test]
async fn from_the_quick_start_to_the_answered_question() {
    let script = Script::new().agent("backend", [asks(), write("main.md", "# Main\n"), done()]);
    let served = served(script).await;
    let said = Said::default();
    let you = register(&served, &said).await;
    assert_eq!(
        you.get("/api/v1/runs/free-runs").await,
        json!({
            "free_runs_remaining": 3,
            "free_runs_total": 3,
            "has_byom_key": false,
            "status": "free_runs_available",
        })
    );
    add_own_key(&you).await;
    let body = json!({ "objective": "Build a todo app", "project_id": "my-todo", "tasks": ["backend"] });
    let started = you.ask(201, "POST", "/api/v1/runs", Some(body)).await;
    assert_eq!(started["status"], "pending");
    let run_id = started["run_id"].as_str().unwrap();
    until(&you, run_id, "waiting").await;

    let at = |rest: &str| format!("/api/v1/runs/{run_id}/{rest}");
    let waiting = you.get(&at("waiting")).await;
    assert_eq!(
        (&waiting["waiting"], &waiting["questions"][0]["question"]),
        (&json!(true), &json!("Which database?")),
        "{waiting:#}"
    );
    let answer = json!({ "answer": "Use PostgreSQL with SQLAlchemy" });
    assert_eq!(you.post(200, &at("respond"), answer.clone()).await, json!({}));
    let run = until(&you, run_id, "completed").await;
    assert_eq!(run["files"], json!(["main.md"]));
    assert_eq!(you.get(&at("waiting")).await["waiting"], false);
    assert_eq!(you.post(409, &at("respond"), answer).await["code"], "conflict");

    assert_eq!(you.get(&at("files/main.md")).await["content"], "# Main\n");
    let saved = you.ask(200, "PATCH", &at("files/main.md"), Some(json!({ "content": "# Mine\n" }))).await;
    assert_eq!((&saved["path"], &saved["bytes"]), (&json!("main.md"), &json!(7)));
    assert_eq!(you.get(&at("workspace")).await["total_files"], 1);
    assert_eq!(you.get(&at("chain")).await["runs"][0]["objective"], "Build a todo app");
    assert_eq!(you.get(&at("graph")).await["nodes"][0]["agent"], "backend");
    assert_eq!(you.get(&at("tokens")).await["agents"][0]["agent"], "backend");
    // Where the page is built in.
    match aios_server::HAS_PAGE {
        true => {
            let url = served.ask_as(&you.key, "GET", &at("ide-url"), None).await.json()["url"].clone();
            assert_eq!(url, format!("http://{}/#run={run_id}", served.address));
        }
        false => {
            let refused = served.ask_as(&you.key, "GET", &at("ide-url"), None).await.json();
            assert_eq!(refused["code"], "conflict");
        }
    }
    insta::assert_snapshot!("quick_start", said.told());
    served.stop().await.finish().await;
}

#[tokio::test]
async fn a_policy_and_a_run_under_it() {
    let served = served(Script::new().agent("backend", [write("main.md", "# Main\n"), done()])).await;
    let said = Said::default();
    let you = register(&served, &said).await;
    add_own_key(&you).await;
    let policy = json!({
        "name": "secure-production",
        "model_strategy": "balanced",
        "max_cost_usd": 5.0,
        "max_runtime_minutes": 30,
        "preferred_providers": ["anthropic", "openai", "groq"],
        "fallback_enabled": true,
        "blocked_commands": ["rm -rf", "sudo", "shutdown", "curl | bash"],
        "allowed_tools": ["write_file", "read_file", "run_command", "list_files"],
        "require_approval": true,
    });
    let stored = you.ask(201, "POST", "/api/v1/policies", Some(policy.clone())).await;
    for (name, value) in policy.as_object().unwrap() {
        let equal = match value {
            Value::Number(number) => stored[name].as_f64() == number.as_f64(),
            value => stored[name] == *value,
        };
        assert!(equal, "{name}: {stored:#}");
    }
    let body =
        json!({ "objective": "Build a payment API", "policy_id": stored["policy_id"], "tasks": ["backend"] });
    let started = you.ask(201, "POST", "/api/v1/runs", Some(body)).await;
    let run = until(&you, started["run_id"].as_str().unwrap(), "completed").await;
    assert_eq!(run["policy"]["name"], "secure-production");
    let body = json!({ "objective": "x", "policy_id": "abc123" });
    assert_eq!(you.post(404, "/api/v1/runs", body).await["code"], "not_found");
    insta::assert_snapshot!("policy", said.told());
    served.stop().await.finish().await;
}

#[tokio::test]
async fn a_team_and_its_money() {
    let served = served(Script::new()).await;
    let said = Said::default();
    let you = register(&served, &said).await;
    let invited = json!({ "email": "colleague@example.com", "role": "member" });
    let invited = you.ask(201, "POST", "/api/v1/team/invite", Some(invited)).await;
    let token = invited["token"].as_str().unwrap();
    let nobody = Person { served: &served, said: &said, key: String::new() };
    let invitation = nobody.get(&format!("/api/v1/team/invite/{token}")).await;
    assert_eq!(
        (&invitation["organization_name"], &invitation["role"]),
        (&json!("My Org"), &json!("member")),
        "{invitation:#}"
    );
    let accepted = json!({ "token": token, "password": "secret" });
    let accepted = nobody.post(201, "/api/v1/team/invite/accept", accepted).await;
    assert_eq!(accepted, json!({ "api_key": "sk_…", "org_id": "…", "user_id": "…" }));
    let members = you.get("/api/v1/team/members").await;
    let emails: Vec<&Value> =
        members["members"].as_array().unwrap().iter().map(|member| &member["email"]).collect();
    assert_eq!(emails, ["you@example.com", "colleague@example.com"]);

    let login = json!({ "email": "you@example.com", "password": "secret" });
    assert_eq!(nobody.post(200, "/api/v1/auth/login", login).await["api_key"], "sk_…");
    let wrong = json!({ "email": "you@example.com", "password": "guess" });
    assert_eq!(nobody.post(401, "/api/v1/auth/login", wrong).await["code"], "unauthenticated");
    assert_eq!(you.get("/api/v1/auth/me").await["email"], "you@example.com");
    let forgot = json!({ "email": "you@example.com" });
    let problem = nobody.post(503, "/api/v1/auth/forgot-password", forgot).await;
    assert!(problem.to_string().contains("SMTP"), "{problem:#}");

    let usage = you.get("/api/v1/billing/usage").await;
    assert_eq!((&usage["runs"], &usage["cost_usd"]), (&json!(0), &json!(0.0)), "{usage:#}");
    assert!(nobody.get("/api/v1/billing/plans").await["plans"].as_array().unwrap().len() > 1);
    assert_eq!(you.get("/api/v1/billing/status").await["payments_configured"], false);
    let problem = you.post(503, "/api/v1/billing/checkout", json!({ "plan": "pro" })).await;
    assert!(problem.to_string().contains("STRIPE"), "{problem:#}");
    insta::assert_snapshot!("team_and_money", said.told());
    served.stop().await.finish().await;
}

/// Ignored like any unknown field, they would promise what does not happen.
#[tokio::test]
async fn documented_fields_that_are_not_part_of_this_version_start_nothing() {
    let served = served(Script::new()).await;
    let said = Said::default();
    let you = register(&served, &said).await;
    add_own_key(&you).await;
    let chain = json!({ "next_objective": "Add frontend with React for the blog API" });
    for (field, value) in [
        ("continuation", chain),
        ("webhook_url", json!("https://your-server.com/cesaflow-hook")),
        ("modules", json!(["auth"])),
        ("template_id", json!("saas-starter")),
    ] {
        let refused = you.post(501, "/api/v1/runs", json!({ "objective": "a blog", field: value })).await;
        assert_eq!(
            (&refused["code"], refused["detail"].as_str().unwrap().split(' ').next()),
            (&json!("not_implemented"), Some(field))
        );
    }
    assert_eq!(you.get("/api/v1/runs").await["runs"], json!([]));
    insta::assert_snapshot!("not_yet", said.told());
    served.stop().await.finish().await;
}

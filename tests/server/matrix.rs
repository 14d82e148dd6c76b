//! Who may ask what: every route, asked by everybody.

use std::collections::BTreeMap;

use aios_protocol::{COMMANDS, Caller, ROUTES, Right, Role, Route};
use aios_testkit::Script;
use aios_testkit::http::{Answer, Ask};
use aios_tests::Served;
use serde_json::{Value, json};

use crate::{done, post, register, served, text, write};

/// An id that nothing has.
const NOBODYS: &str = "01890000-0000-7000-8000-000000000000";

/// An organisation with one of everything.
struct Acme {
    owner: String,
    /// Somebody whose role changes.
    colleague: String,
    revoked: String,
    /// The parameters of paths, by their names.
    things: BTreeMap<&'static str, String>,
}

/// Invites somebody and accepts for them; gives their key.
async fn hire(served: &Served, owner: &str) -> String {
    let invite = json!({ "email": "colleague@acme.example", "role": "viewer" });
    let token = text(&post(served, owner, "/api/v1/team/invite", invite).await, "token");
    let accept = json!({ "token": token, "password": "correct horse" });
    text(&post(served, "", "/api/v1/team/invite/accept", accept).await, "api_key")
}

async fn acme(served: &mut Served) -> Acme {
    let owner = register(served, "acme").await;
    let colleague = hire(served, &owner).await;
    let created = |path: &'static str, body: Value| post(served, &owner, path, body);
    let key = created("/api/v1/auth/keys", json!({ "name": "old" })).await;
    let kept = created("/api/v1/auth/keys", json!({ "name": "kept" })).await;
    let credential =
        json!({ "provider": "openai", "api_key": aios_testkit::ModelServer::KEY, "model": "gpt-4o" });
    let credential = created("/api/v1/model-credentials", credential).await;
    let vault = json!({ "provider": "groq", "api_key": "gsk_acme", "purposes": ["chat"] });
    let vault = created("/api/v1/admin/vault", vault).await;
    let project = created("/api/v1/projects", json!({ "name": "Secret plans" })).await;
    let policy = created("/api/v1/policies", json!({ "max_cost_usd": 1.0 })).await;
    let event = json!({ "source": "cli", "kind": "command_failed", "title": "make failed" });
    let event = created("/api/v1/capture/events", event).await;
    // It fails at once, and is a task all the same.
    let task = json!({ "title": "A task", "model": "local/qwen2.5-coder-1.5b" });
    let task = created("/api/v1/tasks", task).await;
    let run = json!({ "objective": "a text", "tasks": ["backend"] });
    let run_id = text(&created("/api/v1/runs", run).await, "run_id");
    let invite = json!({ "email": "late@acme.example", "role": "viewer" });
    let invite = created("/api/v1/team/invite", invite).await;
    let members = served.ask_as(&owner, "GET", "/api/v1/team/members", None).await.json();
    let members = members["members"].as_array().unwrap().clone();
    let other = members.iter().find(|member| member["role"] == "viewer");
    let things = [
        ("run_id", run_id.clone()),
        ("path", "notes.md".to_owned()),
        ("provider", "openai".to_owned()),
        ("id", "qwen2.5-coder-0.5b".to_owned()),
        ("token", text(&invite, "token")),
        ("key_id", text(&kept["key"], "key_id")),
        ("project_id", text(&project, "project_id")),
        ("policy_id", text(&policy, "policy_id")),
        ("task_id", text(&task, "task_id")),
        ("event_id", text(&event, "event_id")),
        ("credential_id", text(&credential, "credential_id")),
        ("entry_id", text(&vault, "entry_id")),
        ("user_id", text(other.unwrap(), "user_id")),
    ];
    let revoke = format!("/api/v1/auth/keys/{}", text(&key["key"], "key_id"));
    assert_eq!(served.ask_as(&owner, "DELETE", &revoke, None).await.status, 200);
    let revoked = text(&key, "api_key");
    wait_for_end(served, &owner, &run_id).await;
    Acme { owner, colleague, revoked, things: things.into() }
}

async fn wait_for_end(served: &Served, key: &str, run_id: &str) {
    loop {
        let run = served.ask_as(key, "GET", &format!("/api/v1/runs/{run_id}"), None).await.json();
        if run["status"] == "completed" {
            return;
        }
        assert!(matches!(run["status"].as_str(), Some("pending" | "running")), "{run:#}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// What is routed besides the commands.
const OTHERS: &[(&str, &str, Right)] = &[
    ("GET", "/api/v1/runs/{run_id}/download", Right::Read),
    ("GET", "/metrics", Right::Host),
    ("POST", "/api/v1/billing/webhook", Right::Public),
    ("GET", "/ping", Right::Public),
    ("GET", "/openapi.json", Right::Public),
    ("GET", "/docs", Right::Public),
    ("POST", "/api/v1/estimate", Right::Read),
    // A command that has a place of its own as well.
    ("POST", "/rpc/project_list", Right::Read),
    ("POST", "/rpc/vault_list", Right::Manage),
];

/// Every method and path, and the right that it wants.
fn places() -> Vec<(&'static str, &'static str, Right)> {
    let right = |route: &Route| COMMANDS.iter().find(|row| row.name == route.command).unwrap().right;
    let commands = ROUTES.iter().map(|route| (route.method, route.path, right(route)));
    // Asked for by name alone; a name lives as long as the test.
    let placeless = COMMANDS.iter().filter(|row| ROUTES.iter().all(|route| route.command != row.name));
    let by_name = placeless.map(|row| ("POST", &*format!("/rpc/{}", row.name).leak(), row.right));
    commands.chain(by_name).chain(OTHERS.iter().copied()).collect()
}

fn filled(path: &str, value: impl Fn(&str) -> String) -> String {
    let mut pieces = path.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |path, piece| {
        let (name, rest) = piece.split_once('}').unwrap();
        path + &value(name.trim_start_matches('*')) + rest
    })
}

/// A path to what nobody has, so that whoever may go there does no harm.
fn harmless(pattern: &str) -> String {
    filled(pattern, |name| if name == "provider" { "openai".into() } else { NOBODYS.into() })
}

/// The names of a path's parameters.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|piece| Some(piece.split_once('}')?.0.trim_start_matches('*')))
}

/// A body that is valid wherever one is wanted at a path with parameters.
fn body(method: &str, path: &str) -> Option<Value> {
    match (method, path.rsplit('/').next().unwrap()) {
        ("GET" | "DELETE", _) => None,
        ("POST", "respond") => Some(json!({ "answer": "yes" })),
        ("POST", "changes") => Some(json!({ "decision": "keep" })),
        ("PATCH", "{*path}") => Some(json!({ "content": "taken over" })),
        ("PUT", "{project_id}") => Some(json!({ "name": "taken over" })),
        ("PATCH", "role") => Some(json!({ "role": "member" })),
        _ => Some(json!({})),
    }
}

#[tokio::test]
async fn everybody_at_every_route() {
    let script = Script::new().agent("backend", [write("notes.md", "# Secret plans\n"), done()]);
    let mut served = served(script).await;
    let acme = acme(&mut served).await;
    let askers = [
        ("", Caller::Nobody),
        (acme.colleague.as_str(), Caller::Person(Role::Viewer)),
        (&acme.colleague, Caller::Person(Role::Member)),
        (&acme.colleague, Caller::Person(Role::Admin)),
        (&acme.owner, Caller::Person(Role::Owner)),
    ];
    let promote = format!("/api/v1/team/members/{}/role", acme.things["user_id"]);
    let mut wrong = Vec::new();
    for (key, caller) in askers {
        if let Caller::Person(role @ (Role::Viewer | Role::Member | Role::Admin)) = caller {
            let role = served.ask_as(&acme.owner, "PATCH", &promote, Some(json!({ "role": role }))).await;
            assert_eq!(role.status, 200, "{:#}", role.json());
        }
        for (method, pattern, right) in places() {
            let path = harmless(pattern);
            let status = served.ask_as(key, method, &path, body(method, "")).await.status;
            let fits = match (caller.may(right), caller) {
                (false, Caller::Nobody) => status == 401,
                (false, _) => status == 403,
                (true, _) => !matches!(status, 401 | 403 | 500),
            };
            if !fits {
                wrong.push(format!("{caller:?}: {method} {path}: {status}"));
            }
        }
    }
    for (method, pattern, _) in places() {
        let path = harmless(pattern);
        for (name, key) in [("wrong key", "sk_wrong"), ("revoked key", &acme.revoked)] {
            let status = served.ask_as(key, method, &path, body(method, "")).await.status;
            let keyless = ["/ping", "/openapi.json", "/docs"].contains(&pattern);
            if status != 401 && !keyless {
                wrong.push(format!("{name}: {method} {path}: {status}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    served.stop().await.finish().await;
}

#[tokio::test]
async fn another_organisation_at_every_route() {
    let script = Script::new().agent("backend", [write("notes.md", "# Secret plans\n"), done()]);
    let mut served = served(script).await;
    let acme = acme(&mut served).await;
    let globex = register(&served, "globex").await;
    // What anybody may see: the catalogue, and an invitation by its secret token.
    let open = ["provider", "id", "token"];
    let mut wrong = Vec::new();
    for (method, pattern, right) in places() {
        let path = filled(pattern, |name| acme.things[name].clone());
        let status_and_text =
            |answer: Answer| (answer.status, String::from_utf8_lossy(&answer.body).into_owned());
        let (status, text) =
            status_and_text(served.ask_as(&globex, method, &path, body(method, pattern)).await);
        let foreign = names(pattern).any(|name| !open.contains(&name));
        if foreign && right != Right::Host && status != 404 {
            wrong.push(format!("{method} {path}: {status} {text}"));
        }
        for (name, thing) in acme.things.iter().filter(|(name, _)| !open.contains(name) && **name != "path") {
            if status < 300 && text.contains(thing.as_str()) {
                wrong.push(format!("{method} {path} tells acme's {name}: {text}"));
            }
        }
    }
    let run_id = &acme.things["run_id"];
    for key in [globex.as_str(), &acme.revoked, "sk_wrong", ""] {
        let socket = Ask::new(served.address, "GET", &format!("/ws/runs?run_id={run_id}&api_key={key}"))
            .header("connection", "upgrade, close")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        let status = socket.send().await.status;
        if status != if key == globex { 404 } else { 401 } {
            wrong.push(format!("/ws/runs with {key:?}: {status}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");

    // All of it is as it was.
    let file = format!("/api/v1/runs/{run_id}/files/notes.md");
    assert_eq!(served.ask_as(&acme.owner, "GET", &file, None).await.json()["content"], "# Secret plans\n");
    let members = served.ask_as(&acme.owner, "GET", "/api/v1/team/members", None).await.json();
    assert_eq!(members["members"].as_array().unwrap().len(), 2);
    served.stop().await.finish().await;
}

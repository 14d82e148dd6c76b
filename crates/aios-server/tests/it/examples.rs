//! The documented examples, as they are documented.

use serde_json::{Value, json};

use crate::Served;

#[tokio::test]
async fn health_and_ping() {
    let served = Served::start().await;
    assert_eq!(served.stranger("GET", "/ping").send().await.json(), json!({ "ping": "pong" }));
    let health = served.stranger("GET", "/health").send().await.json();
    let parts: Vec<bool> = ["database", "model", "disk"].map(|part| health[part]["ok"] == true).into();
    assert_eq!(parts, [true; 3], "{health:#}");
    assert_eq!(health["status"], "ok");
    served.stop().await;
}

#[tokio::test]
async fn start_a_run_and_poll_for_its_status() {
    let served = Served::start().await;
    let body = json!({
        "objective": "Build a FastAPI todo app with JWT auth",
        "project_id": "my-todo",
        "model": "openai/gpt-4o",
        "unknown": "ignored",
    });
    let answer = served.ask("POST", "/api/v1/runs").json(body).send().await;
    let started = answer.json();
    assert_eq!((answer.status, &started["status"]), (201, &json!("pending")), "{started:#}");
    let run_id = started["run_id"].as_str().unwrap();
    let run = served.ask("GET", &format!("/api/v1/runs/{run_id}")).send().await.json();
    assert_eq!(run["run_id"], started["run_id"]);
    assert_eq!(run["objective"], "Build a FastAPI todo app with JWT auth");
    let agents: Vec<&str> =
        run["nodes"].as_array().unwrap().iter().map(|node| node["agent"].as_str().unwrap()).collect();
    assert_eq!(agents, ["planner", "backend", "frontend", "qa"]);
    let cancelled = served.ask("POST", &format!("/api/v1/runs/{run_id}/cancel")).send().await;
    assert_eq!((cancelled.status, cancelled.json()), (200, json!({})));
    let listed = served.ask("GET", "/api/v1/runs?project_id=my-todo&limit=5").send().await.json();
    assert_eq!(listed["runs"][0]["run_id"], started["run_id"]);
    assert_eq!(listed["next_cursor"], Value::Null);
    served.stop().await;
}

#[tokio::test]
async fn the_catalogue_of_models() {
    let served = Served::start().await;
    let all = served.stranger("GET", "/api/v1/runs/models/catalog").send().await.json();
    assert!(all["total_models"].as_u64().unwrap() >= 57);
    assert!(all["providers"].as_array().unwrap().len() >= 25);
    let one = served.stranger("GET", "/api/v1/runs/models/catalog/groq").send().await.json();
    let groq = &one["providers"][0];
    assert_eq!((groq["id"].as_str(), groq["name"].as_str()), (Some("groq"), Some("Groq")));
    for field in ["id", "name", "context", "rate_limit", "pricing", "best_for"] {
        assert!(!groq["models"][0][field].is_null(), "{field}");
    }
    let free = served.ask("GET", "/api/v1/models/free").send().await.json();
    let providers = free["providers"].as_array().unwrap();
    let models = providers.iter().flat_map(|provider| provider["models"].as_array().unwrap());
    assert!(models.clone().count() > 0 && models.clone().all(|model| model["free_tier"] == true));
    assert_eq!(free["total_models"], models.count());
    served.stop().await;
}

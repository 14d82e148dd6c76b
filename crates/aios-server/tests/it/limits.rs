//! How often, and how often the same.

use aios_server::{Options, Rate};
use serde_json::json;

use crate::{Served, options};

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let slow = Rate { burst: 3.0, per_second: 0.01 };
    let served = Served::with(Options { key_rate: slow, address_rate: slow, ..options() }).await;
    for _ in 0..3 {
        assert_eq!(served.ask("GET", "/api/v1/runs").send().await.status, 200);
    }
    let answer = served.ask("GET", "/api/v1/runs").send().await;
    answer.problem(429, "rate_limited");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
    // Strangers have a bucket of their own, and wrong keys empty it.
    for _ in 0..3 {
        let wrong = served.stranger("GET", "/api/v1/runs").header("x-api-key", "sk_wrong").send().await;
        wrong.problem(401, "unauthenticated");
    }
    served.stranger("GET", "/api/v1/runs/models/catalog").send().await.problem(429, "rate_limited");
    assert_eq!(served.stranger("GET", "/ping").send().await.status, 200);
    served.stop().await;
}

#[tokio::test]
async fn wrong_keys_do_not_keep_right_ones_out() {
    let slow = Rate { burst: 2.0, per_second: 0.01 };
    let served = Served::with(Options { address_rate: slow, ..options() }).await;
    let ask = async |header: &str, key: &str| {
        served.stranger("GET", "/api/v1/runs").header(header, key).send().await
    };
    for _ in 0..2 {
        ask("x-api-key", "sk_wrong").await.problem(401, "unauthenticated");
    }
    ask("authorization", "Bearer sk_wrong").await.problem(429, "rate_limited");
    assert_eq!(ask("x-api-key", &served.key).await.status, 200);
    assert_eq!(ask("authorization", &format!("Bearer {}", served.key)).await.status, 200);
    served.stop().await;
}

#[tokio::test]
async fn the_same_request_is_done_once() {
    let served = Served::start().await;
    let folder = served.home.path().join("work");
    tokio::fs::create_dir(&folder).await.unwrap();
    let start = async |key: &str, objective: &str| {
        let body = json!({ "objective": objective, "model": "openai/gpt-4o", "dir": folder });
        served.ask("POST", "/api/v1/runs").header("idempotency-key", key).json(body).send().await
    };
    let first = start("one", "a calculator").await;
    assert_eq!(first.status, 201, "{}", first.json());
    assert_eq!(start("one", "a calculator").await.json(), first.json());
    assert_ne!(start("two", "a calculator").await.json()["run_id"], first.json()["run_id"]);
    start("one", "another").await.problem(422, "invalid_request");
    for key in [&*"x".repeat(256), "two words"] {
        start(key, "a calculator").await.problem(400, "invalid_request");
    }
    let runs = served.ask("GET", "/api/v1/runs").send().await.json();
    assert_eq!(runs["runs"].as_array().unwrap().len(), 2);
    served.stop().await;
}

//! Who gets in: keys, host names, web pages of other sites.

use crate::Served;

#[tokio::test]
async fn keys() {
    let served = Served::start().await;
    let check = async |header: Option<&str>, query: &str, expect: u16| {
        let ask = served.stranger("GET", &format!("/api/v1/runs{query}"));
        let ask = match header {
            Some(key) => ask.header("x-api-key", key),
            None => ask,
        };
        let answer = ask.send().await;
        assert_eq!(answer.status, expect, "{header:?} {query}");
        if expect == 401 {
            let said = answer.problem(401, "unauthenticated");
            assert!(said.contains("x-api-key"), "{said}");
            assert!(!answer.header("www-authenticate").is_empty());
        }
    };
    check(Some(&served.key), "", 200).await;
    check(None, "", 401).await;
    check(Some(""), "", 401).await;
    check(Some("sk_wrong"), "", 401).await;
    check(Some("ключ"), "", 401).await;
    check(Some(&served.key[1..]), "", 401).await;
    // Queries end up in logs and histories: only the WebSocket takes a key from there.
    check(None, &format!("?api_key={}", served.key), 401).await;
    served.stop().await;
}

#[tokio::test]
async fn other_names_and_other_pages_are_refused() {
    let served = Served::start().await;
    let port = served.address.port();
    let check = async |name: &str, value: &str, expect: u16| {
        for path in ["/health", "/api/v1/runs", "/ws/runs", "/docs", "/no-such-path"] {
            let answer = served.ask("GET", path).header(name, value).send().await;
            assert_eq!(
                answer.status == 403,
                expect == 403,
                "{name}: {value} at {path} got {}",
                answer.status
            );
        }
    };
    check("host", &format!("localhost:{port}"), 200).await;
    check("host", &format!("evil.example:{port}"), 403).await;
    check("host", "127.0.0.1.evil.example", 403).await;
    check("origin", &format!("http://localhost:{port}"), 200).await;
    check("origin", "http://evil.example", 403).await;
    check("origin", "null", 403).await;
    let answer = served.stranger("GET", "http://evil.example/health").send().await;
    answer.problem(403, "denied");
    served.stop().await;
}

#[tokio::test]
async fn no_page_may_read_answers_and_nothing_is_kept_in_browsers() {
    let served = Served::start().await;
    let answer = served.ask("GET", "/api/v1/runs").header("origin", "http://localhost").send().await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
    let page = served.stranger("GET", "/docs").send().await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
    served.stop().await;
}

#[tokio::test]
async fn metrics_are_for_the_user_of_the_machine() {
    let served = Served::start().await;
    served.stranger("GET", "/metrics").send().await.problem(401, "unauthenticated");
    served.ask("GET", "/api/v1/runs/nonsense").send().await;
    let folder = served.home.path().join("work");
    tokio::fs::create_dir(&folder).await.unwrap();
    let body = serde_json::json!({ "objective": "a calculator", "model": "openai/gpt-4o", "dir": folder });
    let run = served.ask("POST", "/api/v1/runs").json(body).send().await.json();
    let cancel = format!("/api/v1/runs/{}/cancel", run["run_id"].as_str().unwrap());
    assert_eq!(served.ask("POST", &cancel).send().await.status, 200);
    let answer = loop {
        let answer = served.ask("GET", "/metrics").send().await;
        if String::from_utf8_lossy(&answer.body).contains("aios_runs_at_work 0") {
            break answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    let text = String::from_utf8(answer.body).unwrap();
    for line in [
        "aios_requests_total{method=\"GET\",route=\"/api/v1/runs/{run_id}\",status=\"404\"} 1",
        "aios_runs_at_work 0",
        "aios_runs{status=\"cancelled\"} 1",
        "aios_queue_depth 0",
        "aios_websocket_clients 0",
    ] {
        assert!(text.lines().any(|known| known == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("nonsense"), "paths of clients are no labels");
    served.stop().await;
}

//! Careless and hostile requests: each a precise 4xx in the one shape, and the server goes on.

use std::time::Duration;

use aios_server::Options;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::{Served, options};
use aios_testkit::http::Answer;

const RUNS: &str = "/api/v1/runs";
const JSON: &str = "application/json";

#[tokio::test]
async fn bodies() {
    let served = Served::start().await;
    let check = async |kind: &str, body: &[u8], status: u16, code: &str, says: &str| {
        let said = served.ask("POST", RUNS).body(kind, body).send().await.problem(status, code);
        assert!(said.contains(says), "{said}");
    };
    check(JSON, b"{", 400, "invalid_request", "not valid JSON").await;
    check(JSON, b"{\"objective\": \"\xff\xfe\"}", 400, "invalid_request", "not valid JSON").await;
    check(JSON, "[".repeat(100_000).as_bytes(), 400, "invalid_request", "recursion limit").await;
    check(JSON, b"[]", 422, "invalid_request", "must be a JSON object").await;
    check(JSON, b"null", 422, "invalid_request", "must be a JSON object").await;
    check(JSON, b"{\"objective\": 7}", 422, "invalid_request", "objective: invalid type").await;
    check(JSON, b"{\"objective\": \"x\", \"project_id\": \"../x\"}", 422, "invalid_request", "project_id")
        .await;
    check(JSON, b"{\"objective\": \"x\", \"policy\": {\"max_cost\": 1}}", 422, "invalid_request", "policy")
        .await;
    check(JSON, b"{}", 422, "invalid_request", "objective").await;
    check("text/plain", b"{}", 415, "invalid_request", "content-type: application/json").await;
    check("multipart/form-data; boundary=x", b"--x--", 415, "invalid_request", "JSON").await;
    check(JSON, &vec![b' '; 2 * 1024 * 1024], 413, "too_large", "larger").await;
    for policy in [served.ask("POST", "/api/v1/policies").json("[]"), served.ask("POST", "/api/v1/policies")]
    {
        let refused = policy.send().await.problem(422, "invalid_request");
        assert!(refused.contains("must be a JSON object"), "{refused}");
    }
    served.stop().await;
}

#[tokio::test]
async fn paths_and_queries() {
    let served = Served::start().await;
    let check = async |method: &str, path: &str, status: u16, code: &str, says: &str| {
        let said = served.ask(method, path).send().await.problem(status, code);
        assert!(said.contains(says), "{method} {path}: {said}");
    };
    check("GET", "/api/v1/nothing", 404, "not_found", "no such path").await;
    check("GET", "/api/v1/runs/", 404, "not_found", "no such path").await;
    check("GET", "/api/v1/runs/abc-123", 404, "not_found", "there is no run_id").await;
    check("GET", "/api/v1/runs/0192f3a4-0000-7000-8000-000000000000", 404, "not_found", "does not exist")
        .await;
    check("GET", "/api/v1/runs/%ff", 400, "invalid_request", "UTF-8").await;
    check("GET", "/api/v1/runs/..%2f..%2fetc%2fpasswd", 404, "not_found", "there is no run_id").await;
    check("GET", "/api/v1/runs/nonsense/download", 404, "not_found", "no such run").await;
    check("GET", "/api/v1/runs?limit=many", 422, "invalid_request", "limit: invalid type").await;
    check("GET", "/api/v1/runs?limit=-1", 422, "invalid_request", "limit").await;
    check("GET", "/api/v1/runs?status=sleeping", 422, "invalid_request", "status").await;
    check("GET", "/api/v1/runs?cursor=x", 422, "invalid_request", "cursor").await;
    check("GET", "/api/v1/runs/models/catalog/opnai", 404, "not_found", "did you mean openai").await;
    check("GET", "/ws/runs?after=1", 422, "invalid_request", "run_id").await;
    check("GET", "/ws/runs", 400, "invalid_request", "WebSocket").await;
    let unknown = served.ask("GET", "/api/v1/runs?unknown=1&limit=2").send().await;
    assert_eq!(unknown.status, 200, "unknown parameters are ignored");
    served.stop().await;
}

#[tokio::test]
async fn methods() {
    let served = Served::start().await;
    let check = async |method: &str, path: &str, allow: &str| {
        let answer = served.ask(method, path).send().await;
        answer.problem(405, "invalid_request");
        let mut allowed: Vec<&str> = answer.header("allow").split(',').collect();
        allowed.sort_unstable();
        assert_eq!(allowed.join(","), allow, "{method} {path}");
    };
    check("DELETE", RUNS, "GET,HEAD,POST").await;
    check("TRACE", "/health", "GET,HEAD").await;
    check("GET", "/api/v1/auth/login", "POST").await;
    check("BREW", "/ping", "GET,HEAD").await;
    let head = served.ask("HEAD", RUNS).send().await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    served.stop().await;
}

#[tokio::test]
async fn what_is_not_http() {
    // An idle connection is kept no longer than that.
    let head_timeout = Duration::from_millis(300);
    let served = Served::with(Options { head_timeout, ..options() }).await;
    let check = async |bytes: &[u8], status: &[u16]| {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        _ = stream.write_all(bytes).await;
        let answer = Answer::read(stream).await;
        assert!(status.contains(&answer.status), "{:?}: {}", String::from_utf8_lossy(bytes), answer.status);
    };
    check(b"\x16\x03\x01\x02\x00\x01", &[400]).await;
    check(b"GET /health HTTP/1.1\r\n\r\n", &[400]).await;
    let many = format!("GET /health HTTP/1.1\r\nhost: localhost\r\n{}\r\n", "x: y\r\n".repeat(500));
    check(many.as_bytes(), &[431]).await;
    let long = format!("GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n", "x".repeat(200_000));
    check(long.as_bytes(), &[414, 431]).await;
    assert_eq!(served.stranger("GET", "/ping").send().await.status, 200);
    served.stop().await;
}

#[tokio::test]
async fn slow_clients_hold_nobody_up() {
    let patience = Duration::from_millis(300);
    let served = Served::with(Options { head_timeout: patience, body_timeout: patience, ..options() }).await;
    // Half a head, and half a body.
    let mut head = TcpStream::connect(served.address).await.unwrap();
    head.write_all(b"POST /api/v1/runs HTTP/1.1\r\nhost:").await.unwrap();
    let ask = served.ask("POST", RUNS).json("{}").header("content-length", "500");
    let mut body = TcpStream::connect(served.address).await.unwrap();
    body.write_all(&ask.bytes()).await.unwrap();
    assert_eq!(served.stranger("GET", "/ping").send().await.status, 200);
    Answer::read(body).await.problem(408, "invalid_request");
    let mut rest = Vec::new();
    let closed = tokio::io::AsyncReadExt::read_to_end(&mut head, &mut rest);
    _ = tokio::time::timeout(Duration::from_secs(5), closed).await.unwrap();
    served.stop().await;
}

#[tokio::test]
async fn who_reads_nothing_is_let_go() {
    let stall_timeout = Duration::from_millis(150);
    let served = Served::with(Options { stall_timeout, ..options() }).await;
    let ask = served.stranger("GET", "/openapi.json").header("connection", "keep-alive").bytes();
    let (mut stalled, many) = (TcpStream::connect(served.address).await.unwrap(), 200);
    stalled.write_all(&ask.repeat(many)).await.unwrap();
    // Longer than it waits; nothing here waits for luck, since reading on would show every answer.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut read = Vec::new();
    let ended = tokio::io::AsyncReadExt::read_to_end(&mut stalled, &mut read);
    _ = tokio::time::timeout(Duration::from_secs(10), ended).await.unwrap();
    let answers = read.windows(15).filter(|window| window == b"HTTP/1.1 200 OK").count();
    assert!((1..many).contains(&answers), "{answers} answers");
    assert_eq!(served.stranger("GET", "/ping").send().await.status, 200);
    served.stop().await;
}

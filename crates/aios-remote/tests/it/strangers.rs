//! Far ends that are no server of ours: each is told apart in words that help.

use std::time::{Duration, Instant};

use aios_protocol::{Api, ErrorCode, RunList};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::peer::{KEY, Peer, Say, answer, client, json as object};

/// What a client says of an answer. A whole one is not asked for again.
async fn check(say: Say, expect: &str) {
    let peer = Peer::start([say]).await;
    let problem = peer.client().run_list(RunList::default()).await.unwrap_err();
    assert!(problem.message.contains(expect), "{expect:?} is missing: {problem}");
    assert!(problem.hint.is_some() && !format!("{problem:?}").contains(KEY), "{problem:?}");
    let was_whole = !problem.message.contains("broke");
    assert_eq!(peer.asked().len() == 1, was_whole, "{problem}");
}

#[tokio::test]
async fn others_that_speak_http() {
    let page = "<!doctype html><title>Log in to the hotel's network</title>";
    check(answer(200, "content-type: text/html\r\n", page), "what it says is no JSON").await;
    check(answer(200, "", ""), "what it says is no JSON").await;
    check(
        answer(404, "content-type: text/html\r\n", page),
        "status 404 Not Found without a problem document",
    )
    .await;
    check(answer(500, "", "oops"), "status 500 Internal Server Error without a problem document").await;
    check(answer(302, "location: https://evil.example/\r\n", ""), "it redirects to https://evil.example/")
        .await;
    check(object(200, &json!({ "something": "else" })), "the answer of run_list is not understood").await;
    check(object(200, &json!([1, 2])), "the answer of run_list is not understood").await;
}

#[tokio::test]
async fn others_that_do_not() {
    check(Say::Raw(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec()), "broke before run_list was answered").await;
    check(Say::Raw(vec![0; 100]), "broke before run_list was answered").await;
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"runs\":".to_vec();
    check(Say::Raw(cut), "broke before run_list was answered").await;
}

#[tokio::test]
async fn nobody_is_there() {
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let start = Instant::now();
    let problem = client(&format!("http://{free}")).run_list(RunList::default()).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(problem.code, ErrorCode::Unavailable);
    assert!(
        problem.message.starts_with(&format!("the server at http://{free} cannot be reached: ")),
        "{problem}"
    );
    assert!(problem.message.contains("refused"), "{problem}");
    assert!(problem.hint.unwrap().contains("AIOS_API_URL"));
}

/// A server that speaks no TLS is not asked without it.
#[tokio::test]
async fn tls_is_not_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let far = tokio::spawn(async move {
        let mut heard = Vec::new();
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        stream.shutdown().await.unwrap();
        stream.read_to_end(&mut heard).await.unwrap();
        heard
    });
    let problem = client(&url).run_list(RunList::default()).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::Unavailable);
    assert!(problem.message.contains("cannot be reached"), "{problem}");
    let heard = far.await.unwrap();
    assert!(!String::from_utf8_lossy(&heard).contains(KEY));
}

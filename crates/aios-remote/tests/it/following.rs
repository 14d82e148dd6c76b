//! Following a run over connections that break, end and are refused.

use aios_protocol::{EventFrame, Problem, RunEvent, RunId, Timestamp};
use futures::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use crate::peer::{KEY, Peer, Say, answer, client, problem};

/// What a connection tells before it ends with this code; without one it just breaks.
type Connection = (Vec<Message>, Option<u16>);

/// A far end that plays these connections; answers what it was asked for.
async fn play(connections: Vec<Connection>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let mut asked = Vec::new();
        for (messages, code) in connections {
            let (stream, _) = listener.accept().await.unwrap();
            let (mut socket, query) = open(stream).await;
            asked.push(query);
            for message in messages {
                socket.send(message).await.unwrap();
            }
            if let Some(code) = code {
                let close = CloseFrame { code: code.into(), reason: "because".into() };
                socket.send(Message::Close(Some(close))).await.unwrap();
                while let Some(Ok(_)) = socket.next().await {}
            }
        }
        asked
    });
    (url, task)
}

async fn open(stream: TcpStream) -> (WebSocketStream<TcpStream>, String) {
    let mut query = String::new();
    #[expect(clippy::result_large_err, reason = "the library's own signature")]
    let look = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        assert_eq!(request.headers()["x-api-key"], KEY);
        query = request.uri().query().unwrap().to_owned();
        Ok(response)
    };
    let socket = accept_hdr_async(stream, look).await.unwrap();
    (socket, query)
}

fn frame(run_id: RunId, seq: u64, event: RunEvent) -> Message {
    let frame = EventFrame { run_id, seq, at: Timestamp::from_micros(0), event };
    Message::text(serde_json::to_string(&frame).unwrap())
}

fn chunk(run_id: RunId, seq: u64) -> Message {
    frame(run_id, seq, RunEvent::TokenChunk { agent: "backend".parse().unwrap(), chunk: "a".into() })
}

fn paused(run_id: RunId, seq: u64) -> Message {
    frame(run_id, seq, RunEvent::RunPaused {})
}

fn completed(run_id: RunId, seq: u64) -> Message {
    frame(run_id, seq, RunEvent::RunCompleted { files: Vec::new(), evidence: None })
}

async fn follow(url: &str, run_id: RunId, after: u64) -> Vec<Result<EventFrame, Problem>> {
    client(url).subscribe(run_id, after).collect().await
}

fn seqs(told: &[Result<EventFrame, Problem>]) -> Vec<u64> {
    told.iter().map(|frame| frame.as_ref().unwrap().seq).collect()
}

#[tokio::test]
async fn a_run_is_followed_to_its_end() {
    let run_id = RunId::generate();
    let ping = Message::Ping("there?".into());
    let messages = vec![paused(run_id, 1), chunk(run_id, 1), ping, chunk(run_id, 1), completed(run_id, 2)];
    let (url, far) = play(vec![(messages, Some(1000))]).await;
    assert_eq!(seqs(&follow(&url, run_id, 0).await), [1, 1, 1, 2]);
    assert_eq!(far.await.unwrap(), [format!("run_id={run_id}&after=0")]);
}

#[tokio::test]
async fn a_connection_that_breaks_is_taken_up_where_it_was() {
    let run_id = RunId::generate();
    let connections = vec![
        (vec![paused(run_id, 5), chunk(run_id, 5)], None),
        (vec![], None),
        // The client was too slow, the server stops, the server has a fault.
        (vec![paused(run_id, 6)], Some(1013)),
        (vec![], Some(1001)),
        (vec![], Some(1011)),
        // Told twice, it is passed on once.
        (vec![paused(run_id, 6), paused(run_id, 7), completed(run_id, 8)], None),
    ];
    let (url, far) = play(connections).await;
    assert_eq!(seqs(&follow(&url, run_id, 4).await), [5, 5, 6, 7, 8]);
    let after = |seq| format!("run_id={run_id}&after={seq}");
    assert_eq!(far.await.unwrap(), [after(4), after(5), after(5), after(6), after(6), after(6)]);
}

#[tokio::test]
async fn a_run_that_the_server_left_goes_on_when_it_is_back() {
    let run_id = RunId::generate();
    let connections = vec![
        (vec![frame(run_id, 1, RunEvent::RunInterrupted { reason: "stop".into() })], Some(1000)),
        // It is back, and has not taken the run up yet.
        (vec![], Some(1000)),
        (
            vec![frame(run_id, 2, RunEvent::RunResumed { finished: Vec::new() }), completed(run_id, 3)],
            Some(1000),
        ),
    ];
    let (url, far) = play(connections).await;
    assert_eq!(seqs(&follow(&url, run_id, 0).await), [1, 2, 3]);
    far.await.unwrap();
}

#[tokio::test]
async fn a_run_that_nobody_goes_on_with_ends() {
    let run_id = RunId::generate();
    let (url, far) = play((0..100).map(|_| (vec![], Some(1000))).collect()).await;
    assert!(follow(&url, run_id, 3).await.is_empty());
    far.abort();
}

#[tokio::test]
async fn refusals_are_told_once() {
    let run_id = RunId::generate();
    for (say, expect) in [
        (problem(401, "unauthenticated", "no such key"), "no such key"),
        (problem(404, "not_found", "there is no such run"), "there is no such run"),
        (answer(200, "content-type: text/html\r\n", "<html>"), "status 200 OK without a problem document"),
        (answer(403, "", "no"), "status 403 Forbidden without a problem document"),
        (
            answer(101, "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: wrong\r\n", ""),
            "it opens no WebSocket",
        ),
    ] {
        let peer = Peer::start([say]).await;
        let told: Vec<_> = peer.client().subscribe(run_id, 0).collect().await;
        let problem = told.into_iter().next().unwrap().unwrap_err();
        assert!(problem.message.contains(expect), "{problem}");
        assert_eq!(peer.asked().len(), 1, "{expect}");
    }
}

#[tokio::test]
async fn a_server_that_restarts_is_waited_for() {
    let run_id = RunId::generate();
    let peer = Peer::start([
        Say::Hang,
        answer(502, "content-type: text/html\r\n", "<h1>Bad Gateway</h1>"),
        problem(429, "rate_limited", "too many requests"),
        problem(401, "unauthenticated", "no such key"),
    ])
    .await;
    let told: Vec<_> = peer.client().subscribe(run_id, 0).collect().await;
    assert_eq!(told[0].as_ref().unwrap_err().message, "no such key");
    assert_eq!(peer.asked().len(), 4);
}

#[tokio::test]
async fn what_is_not_understood_is_said() {
    let run_id = RunId::generate();
    for (message, expect) in [
        (Message::text("hello"), "an event of the run is not understood"),
        (Message::text("{\"event\":\"not_known_yet\"}"), "an event of the run is not understood"),
    ] {
        let (url, far) = play(vec![(vec![paused(run_id, 1), message], None)]).await;
        let told = follow(&url, run_id, 0).await;
        assert_eq!(told[0].as_ref().unwrap().seq, 1);
        assert!(told[1].as_ref().unwrap_err().message.contains(expect), "{:?}", told[1]);
        far.await.unwrap();
    }
    let (url, far) = play(vec![(vec![], Some(1008))]).await;
    assert!(follow(&url, run_id, 0).await[0].as_ref().unwrap_err().message.ends_with("because"));
    far.await.unwrap();
}

//! A model server on loopback: strict about what it is asked, and as ill-behaved in its answers as its script says.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One step of an answer.
#[derive(Clone)]
pub(crate) enum Act {
    Send(Vec<u8>),
    Wait(Duration),
    /// Keeps the connection open and says nothing more.
    Hang,
    /// Ends the connection with a TCP reset.
    Reset,
    /// Ends the connection properly.
    Close,
}

pub(crate) type Answer = Vec<Act>;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Value,
    /// Which connection, counting from 0.
    pub(crate) connection: usize,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers its requests in order.
    pub(crate) async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answers = Arc::new(Mutex::new(answers.into_iter().collect::<VecDeque<_>>()));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let task = tokio::spawn({
            let (answers, seen) = (Arc::clone(&answers), Arc::clone(&seen));
            async move {
                for connection in 0.. {
                    let Ok((stream, _)) = listener.accept().await else { break };
                    tokio::spawn(serve(stream, connection, Arc::clone(&answers), Arc::clone(&seen)));
                }
            }
        });
        Self { address, answers, seen, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub(crate) fn push(&self, answer: Answer) {
        self.answers.lock().unwrap().push_back(answer);
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A good stream of events, in one piece.
pub(crate) fn events(body: &str) -> Answer {
    pieces([body.as_bytes()])
}

/// A good stream of events, cut as given.
pub(crate) fn pieces<'a>(body: impl IntoIterator<Item = &'a [u8]>) -> Answer {
    let mut answer = vec![Act::Send(head())];
    answer.extend(body.into_iter().filter(|piece| !piece.is_empty()).map(chunk));
    answer.push(Act::Send(b"0\r\n\r\n".to_vec()));
    answer
}

/// The beginning of a stream of events, and then something else.
pub(crate) fn begun(body: &str, then: Act) -> Answer {
    vec![Act::Send(head()), chunk(body.as_bytes()), then]
}

/// A reply other than a stream.
pub(crate) fn status(status: u16, headers: &str, body: &str) -> Answer {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\n{headers}\r\n");
    vec![Act::Send([head.as_bytes(), body.as_bytes()].concat())]
}

pub(crate) fn head() -> Vec<u8> {
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n".to_vec()
}

pub(crate) fn chunk(piece: &[u8]) -> Act {
    Act::Send([format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat())
}

async fn serve(
    mut stream: TcpStream,
    connection: usize,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
) {
    stream.set_nodelay(true).unwrap();
    let mut buffer = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut buffer, connection).await {
        let answer = match objection(&request) {
            Some(objection) => status(418, "", &objection),
            None => answers.lock().unwrap().pop_front().unwrap_or_else(|| status(418, "", "no answer left")),
        };
        seen.lock().unwrap().push(request);
        for act in answer {
            match act {
                Act::Send(bytes) => {
                    if stream.write_all(&bytes).await.is_err() {
                        return;
                    }
                }
                Act::Wait(time) => tokio::time::sleep(time).await,
                Act::Hang => {
                    // Until the client gives up.
                    let _ = stream.read(&mut [0; 64]).await;
                    return;
                }
                Act::Reset => {
                    stream.set_zero_linger().unwrap();
                    return;
                }
                Act::Close => return,
            }
        }
    }
}

async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>, connection: usize) -> Option<Seen> {
    let head_end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(buffer[..head_end].to_vec()).unwrap();
    let mut lines = head.lines();
    let path = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let headers: HashMap<_, _> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = headers["content-length"].parse().unwrap();
    let end = head_end + 4 + length;
    while buffer.len() < end {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    let body = serde_json::from_slice(&buffer[head_end + 4..end]).unwrap_or(Value::Null);
    buffer.drain(..end);
    Some(Seen { path, headers, body, connection })
}

/// What a strict provider would say against a request.
fn objection(request: &Seen) -> Option<String> {
    let body = &request.body;
    let say = |text: &str| Some(text.to_owned());
    if request.headers.get("content-type").map(String::as_str) != Some("application/json") {
        return say("not declared as JSON");
    }
    if body["stream"] != true || !body["model"].is_string() {
        return say("not a streaming request for a model");
    }
    if request.headers.values().any(|value| value.contains("gzip")) {
        return say("asks for compression");
    }
    match request.path.as_str() {
        "/v1/chat/completions" => chat_objection(body),
        "/v1/messages" => messages_objection(request),
        path => Some(format!("nothing is at {path}")),
    }
}

fn chat_objection(body: &Value) -> Option<String> {
    let mut open = Vec::new();
    for message in body["messages"].as_array()? {
        match message["role"].as_str()? {
            "tool" => {
                let id = message["tool_call_id"].as_str()?;
                let Some(place) = open.iter().position(|open| *open == id) else {
                    return Some(format!("{id} answers no call"));
                };
                open.remove(place);
            }
            _ if !open.is_empty() => return Some("calls without answers".to_owned()),
            "assistant" => {
                let calls = message["tool_calls"].as_array();
                open = calls.into_iter().flatten().filter_map(|call| call["id"].as_str()).collect();
            }
            "system" | "user" => {}
            role => return Some(format!("unknown role {role}")),
        }
    }
    None
}

fn messages_objection(request: &Seen) -> Option<String> {
    let body = &request.body;
    if !request.headers.contains_key("anthropic-version") {
        return Some("no version".to_owned());
    }
    if !body["max_tokens"].is_u64() {
        return Some("no max_tokens".to_owned());
    }
    if body.to_string().matches("cache_control").count() > 4 {
        return Some("more than 4 cache marks".to_owned());
    }
    let mut last_role = "assistant";
    let mut open: Vec<&str> = Vec::new();
    for message in body["messages"].as_array()? {
        let role = message["role"].as_str()?;
        if role == last_role {
            return Some("roles do not take turns".to_owned());
        }
        last_role = role;
        let blocks = message["content"].as_array()?;
        if blocks.is_empty() || blocks.iter().any(|block| block["text"] == "") {
            return Some("an empty text".to_owned());
        }
        for block in blocks.iter().filter(|block| block["type"] == "tool_result") {
            let id = block["tool_use_id"].as_str()?;
            let Some(place) = open.iter().position(|open| *open == id) else {
                return Some(format!("{id} answers no call"));
            };
            open.remove(place);
        }
        if !open.is_empty() {
            return Some("calls without answers".to_owned());
        }
        let calls = blocks.iter().filter(|block| block["type"] == "tool_use");
        open = calls.filter_map(|block| block["id"].as_str()).collect();
    }
    None
}

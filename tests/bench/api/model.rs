//! A model that answers at once, at a pace, or not yet; without a look at what it is asked, so that it costs little.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Tools that a reply calls.
const CALLS: usize = 4;
/// Stored events of a turn: the reply, then a call and a result for each tool.
pub(super) const EVENTS: u32 = 1 + 2 * CALLS as u32;

/// What requests get.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pace {
    /// Nothing until this changes.
    Hold,
    /// Calls of tools, this long after the request.
    Every(Duration),
    /// The last word of the agent, at once.
    Done,
}

pub(super) struct Model {
    pub(super) url: String,
    pub(super) pace: watch::Sender<Pace>,
    asked: Arc<AtomicUsize>,
}

impl Model {
    /// Serves on a thread of its own, for as long as the process lasts.
    pub(super) fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let (pace, paces) = watch::channel(Pace::Done);
        let asked = Arc::<AtomicUsize>::default();
        let count = asked.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(answer(stream, paces.clone(), count.clone()));
                }
            });
        });
        Self { url, pace, asked }
    }

    /// Requests so far.
    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Answers the requests of a connection until its end, however it comes.
async fn answer(stream: TcpStream, mut paces: watch::Receiver<Pace>, asked: Arc<AtomicUsize>) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut stream = BufReader::new(stream);
    loop {
        read(&mut stream).await?;
        let number = asked.fetch_add(1, Ordering::Relaxed);
        let events = loop {
            let pace = *paces.borrow_and_update();
            match pace {
                Pace::Hold => paces.changed().await.ok()?,
                Pace::Every(pause) => {
                    tokio::time::sleep(pause).await;
                    break calls(number);
                }
                Pace::Done => break reply(&json!({ "content": "Done." }), "stop"),
            }
        };
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream";
        let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{events}", events.len());
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}

/// Reads a request to its end.
async fn read(stream: &mut BufReader<TcpStream>) -> Option<()> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|count| *count > 0)?;
        if line == "\r\n" {
            break;
        }
        if let Some(text) = line.to_lowercase().strip_prefix("content-length:") {
            length = text.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(())
}

/// Looks for words that nobody asked for before: an agent that repeats itself would be stopped.
fn calls(number: usize) -> String {
    let call = |index: usize| {
        let arguments = json!({ "pattern": format!("word {number} {index}") }).to_string();
        let function = json!({ "name": "search_files", "arguments": arguments });
        json!({ "index": index, "id": format!("call_{number}_{index}"), "type": "function", "function": function })
    };
    let calls: Vec<Value> = (0..CALLS).map(call).collect();
    reply(&json!({ "role": "assistant", "tool_calls": calls }), "tool_calls")
}

fn reply(delta: &Value, finish: &str) -> String {
    let chunk = |choices: Value, usage: Value| {
        let chunk = json!({"id": "bench", "object": "chat.completion.chunk", "created": 1_767_225_600,
            "model": "gpt-4o", "choices": choices, "usage": usage});
        format!("data: {chunk}\n\n")
    };
    let usage = json!({"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110});
    [
        chunk(json!([{ "index": 0, "delta": delta, "finish_reason": null }]), Value::Null),
        chunk(json!([{ "index": 0, "delta": {}, "finish_reason": finish }]), Value::Null),
        chunk(json!([]), usage),
        "data: [DONE]\n\n".to_owned(),
    ]
    .concat()
}

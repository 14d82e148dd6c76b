//! A far end that answers each connection as it was told to, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use aios_protocol::SecretText;
use aios_remote::{Address, Client};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const KEY: &str = "sk_secret_of_the_test";

/// What a connection gets.
pub(crate) enum Say {
    /// These bytes, then the end.
    Raw(Vec<u8>),
    /// The end, without a word.
    Hang,
}

/// An answer with a body.
pub(crate) fn answer(status: u16, headers: &str, body: impl ToString) -> Say {
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status} X\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    Say::Raw(format!("{head}{body}").into_bytes())
}

pub(crate) fn json(status: u16, body: &Value) -> Say {
    answer(status, "content-type: application/json\r\n", body)
}

pub(crate) fn problem(status: u16, code: &str, detail: &str) -> Say {
    let body = serde_json::json!({ "status": status, "code": code, "detail": detail, "hint": "do this" });
    answer(status, "content-type: application/problem+json\r\n", body)
}

/// The far end. Connections beyond the script are closed at once.
pub(crate) struct Peer {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    pub(crate) async fn start(script: impl IntoIterator<Item = Say>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let mut script: VecDeque<Say> = script.into_iter().collect();
        let heard = asked.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read(&mut stream).await;
                heard.lock().unwrap().push(request);
                if let Some(Say::Raw(bytes)) = script.pop_front() {
                    _ = stream.write_all(&bytes).await;
                    _ = stream.shutdown().await;
                }
            }
        });
        Self { url, asked }
    }

    /// A client of it with a key.
    pub(crate) fn client(&self) -> Client {
        client(&self.url)
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

pub(crate) fn client(url: &str) -> Client {
    let address = Address::parse(url, false).unwrap();
    Client::new(address, Some(&SecretText::new(KEY))).unwrap()
}

/// A request: head and body.
async fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return text.into_owned();
            }
        }
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(read @ 1..) => bytes.extend_from_slice(&piece[..read]),
            _ => return String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// A header of a request.
pub(crate) fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

//! A client of a few lines that hides nothing of what the server sends.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use aios_testkit::ModelServer;
use serde_json::Value;

/// Asks one server; a reply that pauses for longer than its patience counts as silence.
#[derive(Clone, Copy)]
pub(crate) struct Client<'a> {
    pub(crate) server: &'a ModelServer,
    pub(crate) patience: Duration,
}

/// What came back, and how it ended.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) head: String,
    /// The body without the frames of its chunks.
    pub(crate) body: String,
    pub(crate) end: End,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    Whole,
    Short,
    Reset,
    Silence,
}

impl Heard {
    /// The JSON of each `data:` line.
    pub(crate) fn events(&self) -> Vec<Value> {
        let data = self.body.lines().filter_map(|line| line.strip_prefix("data: "));
        data.filter_map(|data| serde_json::from_str(data).ok()).collect()
    }
}

impl<'a> Client<'a> {
    /// A client that waits as long as a busy machine may need.
    pub(crate) fn of(server: &'a ModelServer) -> Self {
        Self { server, patience: Duration::from_secs(20) }
    }

    pub(crate) fn chat(self, body: &Value) -> Heard {
        let key = format!("authorization: Bearer {}\r\n", ModelServer::KEY);
        self.post("/v1/chat/completions", &key, &body.to_string())
    }

    pub(crate) fn messages(self, body: &Value) -> Heard {
        let head = format!("x-api-key: {}\r\nanthropic-version: 2023-06-01\r\n", ModelServer::KEY);
        self.post("/v1/messages", &head, &body.to_string())
    }

    pub(crate) fn post(self, path: &str, headers: &str, body: &str) -> Heard {
        let length = body.len();
        self.exchange(&format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
             {headers}content-length: {length}\r\n\r\n{body}"
        ))
    }

    pub(crate) fn get(self, path: &str) -> Heard {
        self.exchange(&format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
    }

    fn exchange(self, request: &str) -> Heard {
        let url = self.server.anthropic_url();
        let mut socket = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
        socket.set_read_timeout(Some(self.patience)).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        let broken = socket.read_to_end(&mut bytes).err().map(|error| match error.kind() {
            ErrorKind::ConnectionReset => End::Reset,
            ErrorKind::WouldBlock | ErrorKind::TimedOut => End::Silence,
            other => panic!("{other}"),
        });
        let text = String::from_utf8(bytes).unwrap();
        let (head, rest) = text.split_once("\r\n\r\n").unwrap_or_default();
        let (body, whole) =
            if head.contains("chunked") { unchunk(rest) } else { (rest.to_owned(), is_whole(head, rest)) };
        Heard {
            status: head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default(),
            head: head.to_owned(),
            body,
            end: broken.unwrap_or(if whole { End::Whole } else { End::Short }),
        }
    }
}

fn is_whole(head: &str, body: &str) -> bool {
    head.lines().any(|line| line == format!("content-length: {}", body.len()))
}

fn unchunk(mut rest: &str) -> (String, bool) {
    let mut body = String::new();
    while let Some((size, tail)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return (body, true);
        }
        body.push_str(&tail[..size]);
        rest = &tail[size + 2..];
    }
    (body, false)
}

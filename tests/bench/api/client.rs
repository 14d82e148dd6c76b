//! A connection that is kept, and asks one thing after the other.

use std::net::SocketAddr;

use aios_testkit::http::Ask;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(super) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// A request as it travels, made ready beforehand.
pub(super) fn request(
    address: SocketAddr,
    key: &str,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> Vec<u8> {
    let ask = Ask::new(address, method, path).header("connection", "keep-alive").header("x-api-key", key);
    body.into_iter().fold(ask, Ask::json).bytes()
}

impl Client {
    pub(super) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::new() }
    }

    /// Sends a request; answers the body, and panics unless it was answered well.
    pub(super) async fn ask(&mut self, request: &[u8]) -> &[u8] {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        let body = loop {
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "the connection was closed");
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let head = std::str::from_utf8(&self.buffer[..body]).unwrap().to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let whole = body + length.unwrap().parse::<usize>().unwrap();
        while self.buffer.len() < whole {
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "the answer was cut off");
        }
        assert!(head.starts_with("http/1.1 2"), "{}", String::from_utf8_lossy(&self.buffer));
        &self.buffer[body..]
    }
}

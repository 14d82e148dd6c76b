//! A WebSocket client that reads the least that tells whether an event came in time and in order.

use std::net::SocketAddr;

use aios_protocol::{RunId, Timestamp};
use aios_testkit::http::Ask;
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What is read of an event.
#[derive(Deserialize)]
pub(super) struct Seen<'a> {
    pub(super) run_id: RunId,
    pub(super) seq: u64,
    pub(super) at: Timestamp,
    pub(super) event: &'a str,
}

pub(super) struct Socket {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Socket {
    pub(super) async fn open(address: SocketAddr, key: &str, path: &str) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let ask = Ask::new(address, "GET", path)
            .header("x-api-key", key)
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        stream.write_all(&ask.bytes()).await.unwrap();
        let mut buffer = Vec::new();
        let end = loop {
            assert!(stream.read_buf(&mut buffer).await.unwrap() > 0, "the connection was closed");
            if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        assert!(buffer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&buffer));
        buffer.drain(..end);
        Self { stream, buffer }
    }

    /// Shows each event as it comes, until `see` had enough.
    pub(super) async fn read(&mut self, mut see: impl FnMut(&Seen<'_>) -> bool) {
        loop {
            let mut place = 0;
            while let Some((kind, body)) = frame(&self.buffer[place..]) {
                let (from, to) = (place + body.start, place + body.end);
                place = to;
                match kind {
                    TEXT if see(&serde_json::from_slice(&self.buffer[from..to]).unwrap()) => return,
                    TEXT => {}
                    PING => self.stream.write_all(PONG).await.unwrap(),
                    _ => panic!("the server ended it: {}", String::from_utf8_lossy(&self.buffer[from..to])),
                }
            }
            self.buffer.drain(..place);
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "the connection was closed");
        }
    }
}

const TEXT: u8 = 0x81;
const PING: u8 = 0x89;
/// Empty, with a mask of zeros.
const PONG: &[u8] = &[0x8a, 0x80, 0, 0, 0, 0];

/// The first frame, if all of it is there: its kind, and where its body is. Servers mask nothing.
fn frame(bytes: &[u8]) -> Option<(u8, std::ops::Range<usize>)> {
    let (start, length) = match *bytes.get(1)? {
        126 => (4, u16::from_be_bytes(bytes.get(2..4)?.try_into().unwrap()).into()),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().unwrap()).try_into().unwrap()),
        short => (2, usize::from(short)),
    };
    (bytes.len() >= start + length).then(|| (bytes[0], start..start + length))
}

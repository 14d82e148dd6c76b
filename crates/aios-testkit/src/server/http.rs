//! HTTP/1.1 on a socket, by hand: a model server must be able to stop, cut and reset at any byte.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// The longest request that is read.
const LIMIT: usize = 64 << 20;

/// A request as it came.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// A header by its name in small letters.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A connection of a client.
pub(super) struct Connection {
    socket: BufReader<TcpStream>,
}

impl Connection {
    pub(super) fn new(socket: TcpStream) -> io::Result<Self> {
        socket.set_nodelay(true)?;
        Ok(Self { socket: BufReader::new(socket) })
    }

    /// The next request; nothing when the client is done with the connection.
    pub(super) async fn request(&mut self) -> io::Result<Option<Request>> {
        let mut line = String::new();
        if self.socket.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace().map(str::to_owned);
        let (Some(method), Some(path)) = (words.next(), words.next()) else {
            return Err(malformed("request line"));
        };
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.socket.read_line(&mut line).await?;
            if line.trim().is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(|| malformed("header"))?;
            headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
        let mut request = Request { method, path, headers, body: Vec::new() };
        if let Some(length) = request.header("content-length") {
            let length = length.parse().ok().filter(|length| *length <= LIMIT);
            request.body.resize(length.ok_or_else(|| malformed("content-length"))?, 0);
            self.socket.read_exact(&mut request.body).await?;
        }
        Ok(Some(request))
    }

    /// Sends a whole answer.
    pub(super) async fn answer(&mut self, status: u16, more_headers: &str, body: &str) -> io::Result<()> {
        self.answer_part(status, more_headers, body, body.len()).await
    }

    /// Sends a whole answer of some other type.
    pub(super) async fn answer_with(&mut self, content_type: &str, body: &str) -> io::Result<()> {
        let length = body.len();
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n");
        self.write(format!("{head}{body}").as_bytes()).await
    }

    /// Announces the whole body and sends only so many bytes of it.
    pub(super) async fn answer_part(
        &mut self,
        status: u16,
        more_headers: &str,
        body: &str,
        sent: usize,
    ) -> io::Result<()> {
        let head = format!(
            "HTTP/1.1 {status} {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{more_headers}\r\n",
            if status == 200 { "OK" } else { "Error" },
            body.len()
        );
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&body.as_bytes()[..sent]);
        self.write(&bytes).await
    }

    /// Begins a body of unknown length, with its first piece so that a short reply is one write.
    pub(super) async fn begin_stream(&mut self, first: &str) -> io::Result<()> {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n\
                    transfer-encoding: chunked\r\n\r\n";
        self.write(format!("{head}{}", chunk(first)).as_bytes()).await
    }

    /// Goes on with that body.
    pub(super) async fn piece(&mut self, piece: &str) -> io::Result<()> {
        self.write(chunk(piece).as_bytes()).await
    }

    /// Ends that body.
    pub(super) async fn end_stream(&mut self) -> io::Result<()> {
        self.write(b"0\r\n\r\n").await
    }

    /// Says nothing until the client gives up.
    pub(super) async fn fall_silent(&mut self) -> io::Result<()> {
        while self.socket.read(&mut [0; 1024]).await? > 0 {}
        Ok(())
    }

    /// Ends the connection with a reset instead of a farewell.
    pub(super) fn reset(self) -> io::Result<()> {
        self.socket.into_inner().set_zero_linger()
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.socket.write_all(bytes).await
    }
}

/// A piece of a chunked body. An empty piece would end it, so it is nothing at all.
fn chunk(piece: &str) -> String {
    if piece.is_empty() { String::new() } else { format!("{:x}\r\n{piece}\r\n", piece.len()) }
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("malformed {what}"))
}

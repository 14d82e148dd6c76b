//! A hub on loopback that serves one file, well or badly, and notes what it is asked.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Each request's path and where its range began.
type Requests = Arc<Mutex<Vec<(String, Option<usize>)>>>;

/// How it serves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Manner {
    /// Ranges and all.
    Honest,
    /// Answers every request with the whole file.
    IgnoresRange,
    /// Breaks each answer off after this many bytes.
    BreaksOffAfter(usize),
    /// As before, and ignores ranges.
    BreaksOffAndIgnoresRange(usize),
    /// Partial answers that are not what was asked for.
    WrongRange,
    /// This status and nothing else.
    Status(u16),
    /// Declares and sends more than the file has.
    TooLong,
}

/// Stops serving with the test's process.
pub(crate) struct HubServer {
    pub(crate) base: String,
    requests: Requests,
}

impl HubServer {
    pub(crate) fn start(file: Vec<u8>, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let noted = requests.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away is its own affair.
                let _ = serve(stream, &file, manner, &noted);
            }
        });
        Self { base, requests }
    }

    /// Paths and range starts, in order.
    pub(crate) fn requests(&self) -> Vec<(String, Option<usize>)> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    file: &[u8],
    manner: Manner,
    noted: &Mutex<Vec<(String, Option<usize>)>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap_or(Ok(String::new()))?;
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut start = None;
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if let Some(range) = line.strip_prefix("range: bytes=") {
            start = Some(range.strip_suffix('-').expect("an open range").parse().expect("a number"));
        }
        if line.is_empty() {
            break;
        }
    }
    noted.lock().unwrap().push((path, start));
    let total = file.len();
    let honoured =
        start.filter(|_| !matches!(manner, Manner::IgnoresRange | Manner::BreaksOffAndIgnoresRange(_)));
    let (status, from) = match (manner, honoured) {
        (Manner::Status(status), _) => {
            return write!(stream, "HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
        (_, Some(start)) if start >= total => {
            return write!(stream, "HTTP/1.1 416 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
        (_, Some(start)) => ("206 Partial", start),
        (_, None) => ("200 OK", 0),
    };
    let extra = if manner == Manner::TooLong { 10 } else { 0 };
    write!(stream, "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n", total - from + extra)?;
    if honoured.is_some() {
        let shown = if manner == Manner::WrongRange { 0 } else { from };
        write!(stream, "Content-Range: bytes {shown}-{}/{total}\r\n", total - 1)?;
    }
    stream.write_all(b"\r\n")?;
    let body = &file[from..];
    match manner {
        Manner::BreaksOffAfter(n) | Manner::BreaksOffAndIgnoresRange(n) => {
            stream.write_all(&body[..n.min(body.len())])?
        }
        _ => stream.write_all(body)?,
    }
    stream.write_all(&vec![b'x'; extra])
}

//! A client with nothing around it: the product's own requests, made ready beforehand, over one open socket.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use aios_testkit::{ModelServer, Recorded, Script};

use crate::product::own_times;

/// How long the bare client took.
pub(crate) struct Bare {
    /// For all, from connecting to the last byte.
    pub(crate) took: Duration,
    /// From each reply's end to the next request.
    pub(crate) own_times: Vec<Duration>,
}

/// Plays the requests again against a new server with the same script.
pub(crate) fn replay(requests: &[Recorded], script: Script) -> Bare {
    let server = ModelServer::start(script);
    let url = server.openai_url();
    let host = url.trim_start_matches("http://").trim_end_matches("/v1");
    let ready: Vec<Vec<u8>> = requests.iter().map(|request| bytes(request, host)).collect();
    let begun = Instant::now();
    let mut socket = TcpStream::connect(host).unwrap();
    socket.set_nodelay(true).unwrap();
    for request in &ready {
        socket.write_all(request).unwrap();
        read_answer(&mut socket);
    }
    let took = begun.elapsed();
    let own_times = own_times(&server.requests());
    server.finish();
    Bare { took, own_times }
}

fn bytes(request: &Recorded, host: &str) -> Vec<u8> {
    let body = serde_json::to_vec(&request.body).unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        request.path,
        ModelServer::KEY,
        body.len()
    );
    [head.into_bytes(), body].concat()
}

/// Reads a streamed answer to its end.
fn read_answer(socket: &mut TcpStream) {
    let mut answer = Vec::new();
    let mut part = [0; 16 * 1024];
    while !answer.ends_with(b"\r\n0\r\n\r\n") {
        let count = socket.read(&mut part).unwrap();
        assert!(count > 0, "the server closed the connection: {}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&part[..count]);
    }
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
}

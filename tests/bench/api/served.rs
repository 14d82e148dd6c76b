//! The real server as a process: its start, its memory, its processor time.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use aios_testkit::ModelServer;
use serde_json::Value;

use crate::product::Aios;

/// Ends with a kill: what was stored stays.
pub(super) struct Served {
    child: Child,
    pub(super) address: SocketAddr,
    /// The key of the machine's user.
    pub(super) key: String,
    /// From the start of the process until it was healthy.
    pub(super) took: Duration,
}

impl Served {
    pub(super) fn start(aios: &Aios, home: &Path, model_url: &str) -> Self {
        let mut command = aios.command(home);
        command.args(["serve", "--port=0", "--json"]);
        command.env("OPENAI_API_KEY", ModelServer::KEY).env("OPENAI_BASE_URL", model_url);
        let log = fs::File::create(home.join("bench.log")).unwrap();
        command.stdout(Stdio::piped()).stderr(log);
        let started = Instant::now();
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let address = said["url"].as_str().unwrap().trim_start_matches("http://").parse().unwrap();
        expect_health(address);
        let took = started.elapsed();
        let key = fs::read_to_string(said["key_file"].as_str().unwrap()).unwrap().trim().to_owned();
        Self { child, address, key, took }
    }

    /// What it holds in memory at this moment.
    pub(super) fn resident_mb(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<f64>().unwrap() * 1024.0 / 1e6
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn expect_health(address: SocketAddr) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /health HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// How much of the processor the server and its clients take.
pub(super) struct Load {
    process: u32,
    began: Instant,
    before: [f64; 2],
}

impl Load {
    pub(super) fn begin(served: &Served) -> Self {
        let process = served.child.id();
        Self { process, began: Instant::now(), before: seconds(process) }
    }

    pub(super) fn began(&self) -> Instant {
        self.began
    }

    pub(super) fn each_second(&self, count: usize) -> f64 {
        count as f64 / self.began.elapsed().as_secs_f64()
    }

    pub(super) fn end(self) -> Used {
        let (lasted, after) = (self.began.elapsed().as_secs_f64(), seconds(self.process));
        Used([0, 1].map(|who| (after[who] - self.before[who]) / lasted))
    }
}

/// Cores that were busy: the server's, and those of the clients with their model.
pub(super) struct Used([f64; 2]);

impl Display for Used {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} and {:.2}", self.0[0], self.0[1])
    }
}

fn seconds(process: u32) -> [f64; 2] {
    [process.to_string(), "self".to_owned()].map(|process| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        // Behind the program's name come single words; the 12th and 13th count hundredths of a second.
        let words = stat.rsplit_once(')').unwrap().1.split_whitespace();
        words.skip(11).take(2).map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
    })
}

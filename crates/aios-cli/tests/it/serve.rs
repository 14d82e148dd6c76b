//! `aios serve`: the program as a server, until a signal.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Aios;
use crate::live::Live;

const SERVE: [&str; 4] = ["--json", "serve", "--port", "0"];

/// Starts a server and reads where it listens.
fn serve(aios: &Aios) -> (Child, String, String) {
    serve_at(aios, "0")
}

fn serve_at(aios: &Aios, port: &str) -> (Child, String, String) {
    let mut child = aios.command(&["--json", "serve", "--port", port]).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let address = said["url"].as_str().unwrap().trim_start_matches("http://").to_owned();
    let key = std::fs::read_to_string(said["key_file"].as_str().unwrap()).unwrap();
    (child, address, key)
}

/// A server on the data folder of an `Aios`, and its client: somebody else's folder, without models.
pub(crate) struct Served<'a> {
    pub(crate) aios: &'a Aios,
    server: Child,
    pub(crate) address: String,
    key: String,
}

impl<'a> Served<'a> {
    pub(crate) fn start(aios: &'a Aios) -> Self {
        let (server, address, key) = serve(aios);
        Self { aios, server, address, key }
    }

    /// The program on the client's side, with the key of the server's user.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.stranger(arguments);
        command.env("AIOS_API_URL", self.url()).env("AIOS_API_KEY", &self.key);
        command
    }

    /// The same, without a key or an address.
    pub(crate) fn stranger(&self, arguments: &[&str]) -> Command {
        let mut command = self.aios.command(arguments);
        command.env("AIOS_HOME", self.home()).env("AIOS_KEYRING", "off");
        command.env_remove("OPENAI_API_KEY").env_remove("OPENAI_BASE_URL");
        command
    }

    /// What the client says of the server's runs.
    pub(crate) fn says(&self, arguments: &[&str]) -> String {
        self.aios.hear(self.command(&[&["--remote"], arguments].concat()), b"")
    }

    pub(crate) fn live(&self, arguments: &[&str]) -> Live {
        Live::of(self.command(&[&["--remote"], arguments].concat()))
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The client's data folder.
    pub(crate) fn home(&self) -> std::path::PathBuf {
        self.aios.home.path().join("client")
    }

    /// Ends the server in this way and starts another at its place.
    pub(crate) fn restart(&mut self, signal: &str) {
        self.stop(signal);
        let port = self.address.rsplit(':').next().unwrap();
        (self.server, self.address, self.key) = serve_at(self.aios, port);
    }

    pub(crate) fn stop(&mut self, signal: &str) {
        let killed = Command::new("kill").args([signal, &self.server.id().to_string()]).status().unwrap();
        assert!(killed.success());
        self.server.wait().unwrap();
    }
}

impl Drop for Served<'_> {
    fn drop(&mut self) {
        // It may be stopped already.
        _ = self.server.kill();
        _ = self.server.wait();
    }
}

fn get(address: &str, path: &str, key: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nx-api-key: {key}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn terminate(child: &Child) {
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
}

#[test]
fn it_serves_until_it_is_told_to_stop_and_tells_no_key() {
    let aios = Aios::new();
    let (child, address, key) = serve(&aios);
    assert!(get(&address, "/api/v1/runs", &key).starts_with("HTTP/1.1 200"));
    assert!(get(&address, "/api/v1/runs?api_key=sk_secret", "").starts_with("HTTP/1.1 401"));
    terminate(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("/api/v1/runs") && log.contains("401"), "{log}");
    assert!(!log.contains(&key) && !log.contains("sk_secret"), "{log}");
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(aios.data().join("local.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_second_server_on_the_same_data_is_refused_at_once() {
    let aios = Aios::new();
    let (mut first, _, _) = serve(&aios);
    let began = Instant::now();
    let second = aios.says(&SERVE);
    assert!(began.elapsed() < Duration::from_secs(2));
    assert!(second.starts_with("exit 1") && second.contains("another server works on"), "{second}");
    // What a killed server leaves behind holds nobody up.
    first.kill().unwrap();
    first.wait().unwrap();
    let (third, _, _) = serve(&aios);
    terminate(&third);
    assert_eq!(third.wait_with_output().unwrap().status.code(), Some(0));
}

#[test]
fn the_network_needs_a_proxy() {
    let aios = Aios::new();
    let said = aios.says(&["serve", "--host", "0.0.0.0", "--port", "0"]);
    assert!(said.contains("in the clear") && said.contains("--behind-proxy"), "{said}");
}

//! Completions and edits over the API, judged by Python.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::aios;

/// A server that ends with the test.
struct Server {
    child: Child,
    address: String,
    key: String,
    _home: TempDir,
}

impl Server {
    fn start() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let mut child = aios(home.path())
            .args(["--json", "serve", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("aios is built beside this test");
        let mut line = String::new();
        let output = child.stdout.as_mut().expect("a pipe");
        BufReader::new(output).read_line(&mut line).expect("it says where it listens");
        let said: Value = serde_json::from_str(&line).expect("it says so in JSON");
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        let key = std::fs::read_to_string(text("key_file")).expect("its key");
        Self { child, address: text("url").replace("http://", ""), key, _home: home }
    }

    fn ask(&self, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {}\r\nconnection: close\r\ncontent-type: \
             application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.key,
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let (_, body) = answer.split_once("\r\n\r\n").expect("an answer has a body");
        serde_json::from_str(body).expect("it answers in JSON")
    }

    fn complete(&self, prefix: &str, suffix: &str) -> String {
        let body = json!({ "prefix": prefix, "suffix": suffix, "path": "shop.py" });
        let answer = self.ask("/api/v1/inline/complete", &body);
        answer["completion"].as_str().unwrap_or_default().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its worker ends with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a program; what it says when it fails is the reason.
fn python(program: &str) {
    let output = Command::new("python3").args(["-c", program]).output().expect("Python is on this machine");
    assert!(output.status.success(), "{program}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_is_typed_is_completed() {
    let server = Server::start();
    let above = "def total(prices):\n    result = 0\n    for price in prices:\n";
    let below = "\n    return result\n";
    for typed in ["        res", "        result +"] {
        let completion = server.complete(&format!("{above}{typed}"), below);
        python(&format!("{above}{typed}{completion}{below}\nassert total([1, 2, 4]) == 7"));
    }
    let above = "def is_even(n):\n    \"\"\"Tell whether n is even.\"\"\"\n    ";
    let completion = server.complete(above, "\n");
    python(&format!("{above}{completion}\nassert is_even(4) and not is_even(3)"));
    let (above, below) = ("numbers = [3, 1, 2]\nprint(sor", ")\n");
    let completion = server.complete(above, below);
    python(&format!("{above}{completion}{below}"));
}

#[test]
fn code_is_edited_as_told() {
    let server = Server::start();
    let edit = |code: &str, instruction: &str| {
        let body = json!({ "code": code, "instruction": instruction, "path": "shop.py" });
        let answer = server.ask("/api/v1/inline/edit", &body);
        assert!(!answer["summary"].as_str().unwrap_or_default().is_empty(), "{answer:#}");
        answer["edited_code"].as_str().unwrap_or_default().to_owned()
    };
    let greet = "def greet(name):\n    return \"Hello, \" + name\n";
    let edited = edit(greet, "Rename the function to welcome");
    python(&format!("{edited}assert welcome('Ada') == 'Hello, Ada'\nassert 'greet' not in globals()"));
    let edited = edit(greet, "Add type hints and a docstring");
    python(&format!(
        "{edited}assert greet('Ada') == 'Hello, Ada' and greet.__doc__\n\
         assert greet.__annotations__ == {{'name': str, 'return': str}}"
    ));
    // A part of a class: it comes back as it was indented.
    let method = "    def area(self):\n        return self.w * self.h\n";
    let edited = edit(method, "Rename area to surface");
    python(&format!("class Box:\n    w, h = 2, 3\n{edited}\nassert Box().surface() == 6"));
}

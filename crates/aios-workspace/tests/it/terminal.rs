//! Terminals, with a real shell on a real PTY.

use std::time::Duration;

use aios_workspace::{Shown, Terminal, TerminalSpec};
use tokio::sync::mpsc::Receiver;

use crate::Place;

const PATIENCE: Duration = Duration::from_secs(30);

fn open(place: &Place) -> (Terminal, Receiver<Shown>) {
    let spec = TerminalSpec { folder: place.root(), shell: "/bin/sh".into(), size: (80, 24) };
    Terminal::open(&spec).unwrap()
}

/// Reads until this text was shown.
async fn until(shown: &mut Receiver<Shown>, wanted: &str) -> String {
    let mut all = String::new();
    while !all.contains(wanted) {
        match tokio::time::timeout(PATIENCE, shown.recv()).await {
            Ok(Some(Shown::Text(text))) => all.push_str(&text),
            other => panic!("{wanted:?} was not shown, but {all:?} and {other:?}"),
        }
    }
    all
}

#[tokio::test]
async fn a_shell_answers_and_ends() {
    let place = Place::new();
    place.put("größe.txt", "");
    let (terminal, mut shown) = open(&place);
    terminal.write("ls; echo size $((40+2)); tput cols\n".into()).unwrap();
    let text = until(&mut shown, "size 42").await;
    assert!(text.contains("größe.txt"), "{text}");
    until(&mut shown, "80").await;
    terminal.resize(132, 40).unwrap();
    terminal.write("stty size\n".into()).unwrap();
    until(&mut shown, "40 132").await;
    terminal.write("exit 7\n".into()).unwrap();
    let end = loop {
        match tokio::time::timeout(PATIENCE, shown.recv()).await.unwrap().unwrap() {
            Shown::Text(_) => {}
            end => break end,
        }
    };
    assert_eq!(end, Shown::Exited(Some(7)));
}

#[tokio::test]
async fn closing_ends_everything_in_it() {
    let place = Place::new();
    let (terminal, mut shown) = open(&place);
    // A job of the shell, and one with a child. Whoever leaves the session by `setsid` means to stay.
    terminal.write("set -m; sleep 1000 & (sleep 1002 & wait) & echo read''y; jobs -p\n".into()).unwrap();
    until(&mut shown, "ready").await;
    let mine = || -> Vec<String> {
        let processes = std::fs::read_dir("/proc").unwrap();
        let folders = processes.filter_map(|entry| {
            let path = entry.unwrap().path();
            let folder = std::fs::read_link(path.join("cwd")).ok()?;
            let state = std::fs::read_to_string(path.join("stat")).ok()?;
            (folder == place.root() && !state.contains(") Z ")).then_some(state)
        });
        folders.collect()
    };
    while mine().len() < 4 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(terminal);
    let gone = async {
        while !mine().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, gone).await.is_ok(), "{:?}", mine());
}

#[tokio::test]
async fn endless_output_waits_for_its_reader() {
    let place = Place::new();
    let (terminal, mut shown) = open(&place);
    terminal.write("seq 1 2000000; echo the'' end\n".into()).unwrap();
    // Nobody reads for a while: no more than the channel and the PTY hold is there.
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(shown.len() <= 8);
    let mut bytes = 0;
    let mut last = String::new();
    while !last.contains("the end") {
        match tokio::time::timeout(PATIENCE, shown.recv()).await.unwrap().unwrap() {
            Shown::Text(text) => {
                bytes += text.len();
                last.push_str(&text);
                last = last.chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
            }
            Shown::Exited(_) => panic!("it ended"),
        }
    }
    assert!(bytes > 14_888_896, "{bytes}");
}

//! How soon the program is there.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::product::Aios;
use crate::report::{Report, Samples};
use crate::scripts;

const TIMES: usize = 20;

pub(crate) fn measure(aios: &Aios, report: &mut Report) {
    let version = || {
        let mut command = aios.command(std::path::Path::new("/nowhere"));
        command.arg("--version");
        command
    };
    let (mut measured, mut bare) = (Samples::default(), Samples::default());
    for _ in 0..TIMES {
        measured.add(time(version()));
        bare.add(time(Command::new("true")));
    }
    report.row("`aios --version`", "15 ms", measured, format!("`true`: {bare}"));

    let script = || scripts::long(0);
    // The first run of a machine sets up the harness's Python.
    aios.play("backend", scripts::build());
    let (mut warm, mut first, mut bytes) = (Samples::default(), Samples::default(), 0);
    for _ in 0..TIMES {
        let played = aios.play("backend", script());
        bytes = played.requests[0].bytes;
        warm.add(played.to_first_request());
        first.add(aios.play_first("backend", script()).to_first_request());
    }
    report.row("first model request after the process's start", "50 ms", warm, "–");
    report.row("the same in a new data folder", "50 ms", first, "–");
    report.row("first request of a single build agent", "6,000 bytes", format!("{bytes} bytes"), "–");
}

fn time(mut command: Command) -> Duration {
    let started = Instant::now();
    let status = command.stdout(std::process::Stdio::null()).status().unwrap();
    assert!(status.success(), "{status}");
    started.elapsed()
}

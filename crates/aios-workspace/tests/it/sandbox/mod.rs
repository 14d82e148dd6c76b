//! The runner: each case runs in every mode, bubblewrap and Landlock alone.

mod attacks;
mod limits;
mod work;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aios_core::{CommandLine, CommandOutput, CommandSpec, Limits, Runner, RunnerError};
use aios_workspace::{SandboxRunner, SandboxSettings, Toolchains};
use tokio_util::sync::CancellationToken;

use crate::Place;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Bubblewrap,
    Landlock,
}

const MODES: [Mode; 2] = [Mode::Bubblewrap, Mode::Landlock];

/// A workspace with a runner in one mode.
struct Sandbox {
    place: Place,
    mode: Mode,
}

impl Sandbox {
    fn new(mode: Mode) -> Self {
        let place = Place::new();
        std::fs::create_dir(place.root().with_file_name("scratch")).unwrap();
        Self { place, mode }
    }

    /// A home beside the workspace, as the sandbox is told.
    fn home(&self) -> PathBuf {
        self.place.root().with_file_name("home")
    }

    fn settings(&self) -> SandboxSettings {
        let path = std::env::var_os("PATH").unwrap();
        let home = self.home();
        let path = std::env::split_paths(&path).chain([home.join(".cargo/bin")]).collect();
        let toolchains = Toolchains { path, home: Some(home) };
        SandboxSettings {
            helper: PathBuf::from(env!("CARGO_BIN_EXE_sandbox-exec")),
            bubblewrap: match self.mode {
                Mode::Bubblewrap => {
                    Some(toolchains.find("bwrap").expect("bubblewrap must be installed for these tests"))
                }
                Mode::Landlock => None,
            },
            toolchains,
            read_only: Vec::new(),
            path_first: Vec::new(),
            scratch: self.place.root().with_file_name("scratch"),
        }
    }

    fn runner(&self) -> SandboxRunner {
        SandboxRunner::new(&self.place.open(), self.settings())
    }

    async fn run(&self, line: &str) -> CommandOutput {
        self.try_run(spec(line)).await.unwrap()
    }

    async fn try_run(&self, spec: CommandSpec) -> Result<CommandOutput, RunnerError> {
        self.runner().run(&spec, &CancellationToken::new()).await
    }
}

fn spec(line: &str) -> CommandSpec {
    let limits = Limits { wall: Duration::from_secs(20), ..Limits::default() };
    CommandSpec {
        line: CommandLine::Shell(line.to_owned()),
        folder: None,
        env: Vec::new(),
        network: false,
        limits,
    }
}

/// A time that no other test sleeps, by which its sleepers are found.
fn unique_sleep() -> String {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    format!("9{}.{number}", std::process::id())
}

/// How many processes of the machine carry a text in their arguments.
fn running(text: &str) -> usize {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter(|entry| {
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            // The runner's shell carries the text too, but only sleepers have it as a whole argument.
            line.split(|byte| *byte == 0).any(|argument| argument == text.as_bytes())
        })
        .count()
}

/// Waits until something holds; fails after ten seconds.
async fn eventually(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(10), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn write(path: impl AsRef<Path>, content: &str) {
    std::fs::create_dir_all(path.as_ref().parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

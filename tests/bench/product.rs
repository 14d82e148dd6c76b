//! The real program as a process, from its start to its end.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aios_testkit::{ModelServer, Recorded, Script};
use tempfile::TempDir;

/// The release program with a data folder that earlier runs have used.
pub(crate) struct Aios {
    program: PathBuf,
    home: TempDir,
}

/// One run of the program.
pub(crate) struct Played {
    /// When it was started.
    pub(crate) started: Instant,
    /// From its start to its end.
    pub(crate) took: Duration,
    /// What the model was asked, and when.
    pub(crate) requests: Vec<Recorded>,
    /// The most memory that it held, in KiB; only when it was watched.
    pub(crate) peak_kib: u64,
}

impl Aios {
    pub(crate) fn new(program: PathBuf) -> Self {
        Self { program, home: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// The program with this data folder and nothing in its environment but what it needs.
    pub(crate) fn command(&self, home: &Path) -> Command {
        let mut command = Command::new(&self.program);
        let kept = std::env::vars_os().filter(|(name, _)| {
            ["PATH", "HOME", "XDG_CACHE_HOME"].iter().any(|known| name.as_os_str() == *known)
        });
        command.env_clear().envs(kept).env("AIOS_HOME", home);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
        command
    }

    /// Lets these agents work for a scripted model, in a new folder and the data folder that is in use.
    pub(crate) fn play(&self, tasks: &str, script: Script) -> Played {
        self.run(self.home.path(), tasks, script, wait)
    }

    /// The same in a new data folder.
    pub(crate) fn play_first(&self, tasks: &str, script: Script) -> Played {
        let home = tempfile::tempdir().unwrap();
        self.run(home.path(), tasks, script, wait)
    }

    /// The same as `play`, with an eye on its memory; the time that takes is not the program's own.
    pub(crate) fn watch(&self, tasks: &str, script: Script) -> Played {
        let mut peak_kib = 0;
        let played = self.run(self.home.path(), tasks, script, |child| {
            while child.try_wait().unwrap().is_none() {
                peak_kib = peak_kib.max(peak(child.id()));
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        Played { peak_kib, ..played }
    }

    fn run(&self, home: &Path, tasks: &str, script: Script, wait: impl FnOnce(&mut Child)) -> Played {
        let folder = tempfile::tempdir().unwrap();
        let server = ModelServer::start(script);
        let mut command = self.command(home);
        command.args(["run", "Build a calculator", "--model=openai/gpt-4o", "--tasks", tasks, "--dir"]);
        command.arg(folder.path());
        command.env("OPENAI_API_KEY", ModelServer::KEY).env("OPENAI_BASE_URL", server.openai_url());
        let started = Instant::now();
        let mut child = command.spawn().unwrap();
        wait(&mut child);
        let took = started.elapsed();
        let status = child.wait().unwrap();
        assert!(status.success(), "the run ended with {status}");
        let requests = server.requests();
        server.finish();
        Played { started, took, requests, peak_kib: 0 }
    }
}

impl Played {
    /// From the start of the process to its first request.
    pub(crate) fn to_first_request(&self) -> Duration {
        self.requests[0].at - self.started
    }

    /// From each reply's end to the next request.
    pub(crate) fn own_times(&self) -> Vec<Duration> {
        own_times(&self.requests)
    }
}

fn wait(child: &mut Child) {
    child.wait().unwrap();
}

/// From each reply's last byte to the next request's: what a client of one turn after the other takes for itself.
pub(crate) fn own_times(requests: &[Recorded]) -> Vec<Duration> {
    let between = |two: &[Recorded]| two[1].at.saturating_duration_since(two[0].answered_at.unwrap());
    requests.windows(2).map(between).collect()
}

/// The most memory that a process has held so far, in KiB; the kernel keeps the mark, so nothing between two looks is missed.
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let mark = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    mark.and_then(|mark| mark.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

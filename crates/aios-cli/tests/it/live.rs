//! The program under way: read until something happens, then stopped one way or another.

use std::io::{BufRead, BufReader, Lines, Read};
use std::os::fd::OwnedFd;
use std::process::{Child, ChildStdout as Stdout, Command};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Aios;

/// How long a test waits for what other processes do.
const PATIENCE: Duration = Duration::from_secs(20);

/// `aios … --json`, whose events are read one by one.
pub(crate) struct Live {
    child: Child,
    lines: Lines<BufReader<Stdout>>,
}

impl Live {
    pub(crate) fn start(aios: &Aios, arguments: &[&str]) -> Self {
        Self::of(aios.command(arguments))
    }

    /// The same of a command with surroundings of its own.
    pub(crate) fn of(mut command: Command) -> Self {
        let mut child = command.arg("--json").spawn().unwrap();
        drop(child.stdin.take());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The next event; nothing when it has no more to say.
    pub(crate) fn next(&mut self) -> Option<Value> {
        self.lines.next().map(|line| serde_json::from_str(&line.unwrap()).unwrap())
    }

    /// Reads until this event of this agent; an empty agent means the run.
    pub(crate) fn until(&mut self, event: &str, agent: &str) -> Value {
        loop {
            match self.next() {
                Some(found) if is(&found, event, agent) => return found,
                Some(_) => {}
                None => panic!("it ended before {event} {agent}: {}", self.errors()),
            }
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let kill = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(kill.unwrap().success());
    }

    /// Leaves it without a reader.
    pub(crate) fn stop_reading(&mut self) {
        let (reader, _) = std::io::pipe().unwrap();
        self.lines = BufReader::new(Stdout::from(OwnedFd::from(reader))).lines();
    }

    /// Ends it as a crash would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end; answers its exit code and what it still had to say.
    pub(crate) fn end(mut self) -> (Option<i32>, Vec<Value>) {
        let events = std::iter::from_fn(|| self.next()).collect();
        (self.child.wait().unwrap().code(), events)
    }

    /// What it says on stderr until its end.
    pub(crate) fn errors(&mut self) -> String {
        let mut errors = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        errors
    }
}

/// Whether this is an event of this agent; an empty agent means the run.
pub(crate) fn is(found: &Value, event: &str, agent: &str) -> bool {
    found["event"] == event && found["agent"].as_str().unwrap_or_default() == agent
}

/// The events that are stored for the only run, which must count from 1 without a gap.
pub(crate) fn history(aios: &Aios) -> Vec<Value> {
    let said = aios.says(&["logs", "last", "--json"]);
    let lines = said.strip_prefix("exit 0\n--- stdout\n").unwrap_or_else(|| panic!("{said}"));
    let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (event, seq) in events.iter().zip(1..) {
        assert_eq!(event["seq"], seq, "{said}");
    }
    events
}

/// How the only run stands.
pub(crate) fn status(aios: &Aios) -> String {
    detail(aios)["status"].as_str().unwrap().to_owned()
}

/// The only run, as `aios runs show` has it.
pub(crate) fn detail(aios: &Aios) -> Value {
    let said = aios.says(&["runs", "show", "last", "--json"]);
    let line = said.strip_prefix("exit 0\n--- stdout\n").unwrap_or_else(|| panic!("{said}"));
    serde_json::from_str(line).unwrap()
}

/// Waits until something is so.
pub(crate) fn wait_until(what: &str, so: impl Fn() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A number of seconds to sleep that tells the processes of one test from all others.
pub(crate) fn mark() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}.{}", 100_000_000 + std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A command that starts children and grandchildren, all of which sleep for ever.
pub(crate) fn tree(mark: &str) -> String {
    format!("sleep {mark} & (sleep {mark} & sh -c 'sleep {mark}; true') & setsid sleep {mark}; wait")
}

/// How many processes of that command there are, those that only wrap it included.
pub(crate) fn processes(mark: &str) -> usize {
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = all.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    lines.filter(|line| String::from_utf8_lossy(line).contains(mark)).count()
}

/// Waits until this agent has asked its model so often.
pub(crate) fn asked(aios: &Aios, agent: &str, times: usize) {
    let of_agent = |request: &aios_testkit::Recorded| request.agent.as_deref() == Some(agent);
    wait_until(agent, || aios.model.requests().into_iter().filter(of_agent).count() >= times);
}

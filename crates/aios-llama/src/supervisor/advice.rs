//! How a worker died, and what to do about it.

use std::io;
use std::path::Path;
use std::process::ExitStatus;

/// The end of a worker, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crash {
    /// How it ended, with its last words.
    pub reason: String,
    /// What to do.
    pub advice: String,
}

const MEMORY: &str = "free some memory, or choose a smaller model or context";
const PROCESSOR: &str =
    "this build does not suit the processor: build it again on this machine, or use a provider's model";
const FILE: &str = "the model file may have been cut or changed: remove the model and pull it again";
const AGAIN: &str = "try again; if it happens again, remove the model and pull it again";

impl Crash {
    /// The keeper itself is gone, with the runtime that it ran on.
    pub(crate) fn abandoned() -> Self {
        Self { reason: "the task that kept it has ended".to_owned(), advice: AGAIN.to_owned() }
    }

    pub(super) fn not_started(executable: &Path, error: &io::Error) -> Self {
        Self {
            reason: format!("{} could not be started as a worker: {error}", executable.display()),
            advice: "check that the program is still where it was when it started".to_owned(),
        }
    }

    /// Explains an exit status, or none if the process had to be killed, and the last lines of stderr.
    pub(super) fn explain(status: Option<ExitStatus>, stderr: &[String]) -> Self {
        let signal = status.and_then(signal);
        let how = match (signal, status.and_then(|status| status.code())) {
            (Some(signal), _) => format!("killed by {}", signal_name(signal)),
            (None, Some(code)) => format!("exit code {code}"),
            (None, None) => "it hung and was killed".to_owned(),
        };
        let words = stderr.iter().rev().find(|line| is_telling(line)).or(stderr.last());
        let reason = match words {
            Some(words) => format!("{how}: {words}"),
            None => how,
        };
        Self { reason, advice: advise(signal, stderr).to_owned() }
    }
}

fn advise(signal: Option<i32>, stderr: &[String]) -> &'static str {
    let says = |texts: &[&str]| {
        stderr.iter().any(|line| {
            let line = line.to_ascii_lowercase();
            texts.iter().any(|text| line.contains(text))
        })
    };
    match signal {
        _ if says(&["bad_alloc", "failed to allocate", "out of memory", "cannot allocate"]) => MEMORY,
        // The kernel kills with 9 when memory is short.
        Some(9) => MEMORY,
        Some(4) => PROCESSOR,
        Some(7) => FILE,
        _ if says(&["failed to load model", "corrupted", "tensor data is not within"]) => FILE,
        _ => AGAIN,
    }
}

fn is_telling(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    ["error", "fail", "assert", "terminate", "llama-worker:"].iter().any(|word| line.contains(word))
}

fn signal_name(signal: i32) -> String {
    match signal {
        4 => "SIGILL (an illegal instruction)".to_owned(),
        6 => "SIGABRT (it gave up)".to_owned(),
        7 => "SIGBUS (a file it reads was cut)".to_owned(),
        9 => "SIGKILL (someone, or the kernel short of memory)".to_owned(),
        11 => "SIGSEGV (a bad address)".to_owned(),
        other => format!("signal {other}"),
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn check(raw_status: Option<i32>, stderr: &[&str], reason: &str, advice: &str) {
        let stderr: Vec<String> = stderr.iter().map(|line| (*line).to_owned()).collect();
        let crash = Crash::explain(raw_status.map(ExitStatus::from_raw), &stderr);
        assert_eq!((crash.reason.as_str(), crash.advice.as_str()), (reason, advice));
    }

    #[test]
    fn deaths_are_explained() {
        check(Some(9), &[], "killed by SIGKILL (someone, or the kernel short of memory)", MEMORY);
        check(Some(4), &["loading"], "killed by SIGILL (an illegal instruction): loading", PROCESSOR);
        check(Some(7), &[], "killed by SIGBUS (a file it reads was cut)", FILE);
        check(Some(11), &["x", "y"], "killed by SIGSEGV (a bad address): y", AGAIN);
        check(Some(31), &[], "killed by signal 31", AGAIN);
        check(Some(1 << 8), &["llama-worker: bad", "bye"], "exit code 1: llama-worker: bad", AGAIN);
        check(None, &[], "it hung and was killed", AGAIN);
        let terminate = "terminate called after throwing an instance of 'std::bad_alloc'";
        check(Some(6), &[terminate], &format!("killed by SIGABRT (it gave up): {terminate}"), MEMORY);
    }
}

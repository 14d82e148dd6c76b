//! The port that runs commands, in a sandbox.

use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::WorkspacePath;

/// Runs commands of agents and of the harness in the workspace, confined by the kernel.
#[async_trait]
pub trait Runner: Send + Sync {
    /// Runs a command to its end. A command that fails is an answer, not an error; `stop` ends the whole process tree.
    async fn run(&self, spec: &CommandSpec, stop: &CancellationToken) -> Result<CommandOutput, RunnerError>;

    /// How commands are confined here, for `doctor` and logs.
    fn sandbox(&self) -> SandboxReport;
}

/// A command to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandSpec {
    /// The command.
    pub line: CommandLine,
    /// The folder to run in; the workspace root when missing.
    pub folder: Option<WorkspacePath>,
    /// Variables to set besides the sandbox's own few.
    pub env: Vec<(String, String)>,
    /// Whether it may use the network.
    pub network: bool,
    /// Its limits.
    pub limits: Limits,
}

/// How a command is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandLine {
    /// A line for the shell, as agents write it.
    Shell(String),
    /// A program and its arguments, as the harness does.
    Argv(Vec<String>),
}

/// What a command may use up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Wall time.
    pub wall: Duration,
    /// Bytes of output that are kept: half from the start, half from the end.
    pub output_bytes: usize,
    /// Memory of one process, in bytes.
    pub memory_bytes: u64,
    /// The largest file that it may write, in bytes.
    pub file_bytes: u64,
    /// Processes at the same time.
    pub processes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall: Duration::from_secs(120),
            output_bytes: 64 * 1024,
            memory_bytes: 4 << 30,
            file_bytes: 1 << 30,
            processes: 512,
        }
    }
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandOutput {
    /// How it ended.
    pub exit: Exit,
    /// Standard output and error as they came, invalid UTF-8 replaced; the middle is cut out past the limit, with a line
    /// that says how much.
    pub output: String,
    /// How long it took.
    pub duration: Duration,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// By a signal, such as 9 or 11.
    Signal(i32),
    /// It used up its wall time.
    TimedOut,
    /// The caller stopped it.
    Cancelled,
}

impl Exit {
    /// Whether it ended by itself with code 0.
    pub fn is_success(self) -> bool {
        self == Self::Code(0)
    }
}

impl std::fmt::Display for Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
            Self::TimedOut => f.write_str("timeout"),
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}

/// How commands are confined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxReport {
    /// `bubblewrap + landlock + seccomp`, `landlock + seccomp`, `seatbelt`, `job object` or `none`.
    pub kind: String,
    /// Why it is not the strongest, and the remedy.
    pub advice: Option<String>,
}

/// Why a command was not run.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    /// No sandbox works here; running without one is not offered.
    #[error("no sandbox works on this machine: {reason}; {remedy}")]
    NoSandbox {
        /// What was tried and why it failed.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// The program does not exist.
    #[error("{program} is not installed, or not on the sandbox's PATH")]
    ProgramNotFound {
        /// The program.
        program: String,
    },
    /// The operating system refused.
    #[error("could not {attempted}: {source}")]
    Io {
        /// What was attempted.
        attempted: &'static str,
        /// Why it failed.
        source: std::io::Error,
    },
}

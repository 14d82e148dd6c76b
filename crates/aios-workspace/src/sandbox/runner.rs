//! Choosing the way to confine, and running commands that way.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aios_core::{CommandLine, CommandOutput, CommandSpec, Exit, Limits, Runner, RunnerError, SandboxReport};
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::launch::{Launch, Launcher};
use super::platform::REMEDY;
use super::process::{self, Ended};
use super::wire::Reply;
use super::{Mode, SandboxSettings};
use crate::DiskWorkspace;
use crate::disk::Caller;

/// Runs commands in the workspace, confined by the kernel; made for agents by [`SandboxRunner::new`].
#[derive(Clone)]
pub struct SandboxRunner {
    launcher: Arc<Launcher>,
    chosen: Arc<OnceLock<Chosen>>,
    caller: Caller,
}

/// The way that works here, found out once, and why stronger ones do not.
struct Chosen {
    mode: Option<Mode>,
    failed: Vec<String>,
}

impl SandboxRunner {
    /// A runner for the workspace. Starts nothing: what works is found out at the first command.
    pub fn new(workspace: &DiskWorkspace, settings: SandboxSettings) -> Self {
        let launcher = Launcher {
            workspace: workspace.path().to_owned(),
            hidden: workspace.hidden().clone(),
            settings,
            visible: OnceLock::new(),
        };
        Self { launcher: Arc::new(launcher), chosen: Arc::default(), caller: workspace.caller() }
    }

    /// The same runner for the harness, whose commands may write reports into the product's own folder.
    pub fn for_harness(&self) -> Self {
        Self { caller: Caller::Harness, ..self.clone() }
    }

    /// Tries the ways to confine with a command that does nothing, and keeps the first that works.
    fn chosen(&self) -> &Chosen {
        self.chosen.get_or_init(|| {
            let mut failed = Vec::new();
            for candidate in Mode::candidates(self.launcher.settings.bubblewrap.clone()) {
                match candidate.and_then(|mode| self.probe(&mode).map(|()| mode)) {
                    Ok(mode) => {
                        tracing::debug!(kind = mode.kind(), ?failed, "sandbox chosen");
                        return Chosen { mode: Some(mode), failed };
                    }
                    Err(why) => failed.push(why),
                }
            }
            Chosen { mode: None, failed }
        })
    }

    fn probe(&self, mode: &Mode) -> Result<(), String> {
        let nothing = CommandSpec {
            line: CommandLine::Argv(vec!["true".to_owned()]),
            folder: None,
            env: Vec::new(),
            network: false,
            limits: Limits::default(),
        };
        let kind = mode.kind();
        let launch = self
            .launcher
            .prepare(mode, &nothing, self.caller)
            .map_err(|error| format!("{kind} could not be prepared: {error}"))?;
        match process::probe(launch) {
            Ok(Reply::Exited(0)) => Ok(()),
            Ok(Reply::NotConfined(why)) => Err(format!("{kind} failed: {why}")),
            Ok(reply) => Err(format!("{kind} failed: {reply:?}")),
            Err(error) => Err(format!("{kind} failed: {error}")),
        }
    }

    /// What blocks before a command can start, done off the async threads.
    fn prepare(&self, spec: &CommandSpec) -> Result<Launch, RunnerError> {
        let Chosen { mode, failed } = self.chosen();
        let Some(mode) = mode else {
            return Err(RunnerError::NoSandbox { reason: failed.join("; "), remedy: REMEDY.to_owned() });
        };
        self.launcher
            .prepare(mode, spec, self.caller)
            .map_err(|source| RunnerError::Io { attempted: "look through the workspace", source })
    }
}

#[async_trait]
impl Runner for SandboxRunner {
    async fn run(&self, spec: &CommandSpec, stop: &CancellationToken) -> Result<CommandOutput, RunnerError> {
        let (this, wanted) = (self.clone(), spec.clone());
        let launch =
            tokio::task::spawn_blocking(move || this.prepare(&wanted)).await.map_err(|panicked| {
                RunnerError::Io { attempted: "prepare the sandbox", source: std::io::Error::other(panicked) }
            })??;
        let finished = process::run(launch, &spec.limits, stop)
            .await
            .map_err(|source| RunnerError::Io { attempted: "run the command", source })?;
        answer(finished.ended, finished.output, finished.duration, spec)
    }

    fn sandbox(&self) -> SandboxReport {
        let Chosen { mode, failed } = self.chosen();
        match mode {
            Some(mode) => SandboxReport { kind: mode.kind().to_owned(), advice: mode.advice(failed) },
            None => SandboxReport {
                kind: "none".to_owned(),
                advice: Some(format!("{}; {REMEDY}", failed.join("; "))),
            },
        }
    }
}

fn answer(
    ended: Ended,
    mut output: String,
    duration: Duration,
    spec: &CommandSpec,
) -> Result<CommandOutput, RunnerError> {
    let os = std::io::Error::from_raw_os_error;
    let no_sandbox = |reason| RunnerError::NoSandbox { reason, remedy: REMEDY.to_owned() };
    let exit = match ended {
        Ended::Cancelled => Exit::Cancelled,
        Ended::TimedOut => Exit::TimedOut,
        Ended::Itself(Reply::Exited(code)) => Exit::Code(code),
        Ended::Itself(Reply::Signalled(signal)) => Exit::Signal(signal),
        Ended::Itself(Reply::TooManyProcesses) => {
            let most = spec.limits.processes;
            output.push_str(&format!("\n[ended: it had more than {most} processes at the same time]\n"));
            Exit::Signal(9)
        }
        Ended::Itself(Reply::NotStarted(errno)) => {
            let source = os(errno);
            use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
            return Err(match source.kind() {
                NotFound | NotADirectory | PermissionDenied => {
                    RunnerError::ProgramNotFound { program: program(spec) }
                }
                _ => RunnerError::Io { attempted: "start the command", source },
            });
        }
        Ended::Itself(Reply::NoFolder(errno)) => {
            return Err(RunnerError::Io { attempted: "enter the command's folder", source: os(errno) });
        }
        Ended::Itself(Reply::NotConfined(why)) => return Err(no_sandbox(why)),
        Ended::Silently => {
            return Err(no_sandbox(format!("the sandbox ended without a report: {}", output.trim())));
        }
    };
    Ok(CommandOutput { exit, output, duration })
}

fn program(spec: &CommandSpec) -> String {
    match &spec.line {
        CommandLine::Argv(argv) => argv.first().cloned().unwrap_or_default(),
        CommandLine::Shell(_) => "sh".to_owned(),
    }
}

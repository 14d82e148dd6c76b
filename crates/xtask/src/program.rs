//! Starting other programs: quietly to try them, loudly to use them.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use crate::failure::Failure;

/// Whether a command runs and succeeds; nothing is shown.
pub(crate) fn works(command: &[&str], input: &str) -> bool {
    let Some((program, arguments)) = command.split_first() else { return false };
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return false };
    // A program that does not read its input closes the pipe; only its exit counts.
    if let Some(mut pipe) = child.stdin.take() {
        let _ = pipe.write_all(input.as_bytes());
    }
    child.wait().is_ok_and(|status| status.success())
}

/// Runs a command in the open and waits for it; `advice` is given when it fails.
pub(crate) fn perform(command: &[String], env: &[(&str, &str)], advice: &str) -> Result<(), Failure> {
    let Some((program, arguments)) = command.split_first() else { return Ok(()) };
    let shown = command.join(" ");
    let status = Command::new(program).args(arguments).envs(env.iter().copied()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::Ended { command: shown, how: ending(status), advice: advice.into() }),
        Err(source) => Err(Failure::NotStarted { command: shown, source }),
    }
}

/// Hands terminal, signals and exit code over to another program.
#[cfg(unix)]
pub(crate) fn become_program(program: PathBuf, arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    use std::os::unix::process::CommandExt;
    let source = Command::new(&program).args(arguments).exec();
    Err(Failure::NotStarted { command: program.display().to_string(), source })
}

/// Hands terminal and exit code over to another program.
#[cfg(not(unix))]
pub(crate) fn become_program(program: PathBuf, arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let status = Command::new(&program)
        .args(arguments)
        .status()
        .map_err(|source| Failure::NotStarted { command: program.display().to_string(), source })?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

fn ending(status: ExitStatus) -> String {
    status
        .code()
        .map_or_else(|| "was ended by a signal".into(), |code| format!("ended with exit code {code}"))
}

/// A cargo command; rustup keeps the toolchain that this task was started with.
pub(crate) fn cargo(arguments: &[&str]) -> Vec<String> {
    std::iter::once("cargo").chain(arguments.iter().copied()).map(String::from).collect()
}

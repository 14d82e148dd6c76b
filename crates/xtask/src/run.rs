//! `cargo xtask run`: from a bare machine to a run of the agents, or to the page in a browser.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::failure::Failure;
use crate::page;
use crate::program;
use crate::setup::{self, Consent};

/// How the program is built, for runs and for the tests of the embedded model alike: one build serves both.
pub(crate) const BUILD: &[&str] =
    &["build", "--release", "--locked", "--package", "aios-cli", "--features", "aios-cli/llama,aios-cli/ui"];

/// What to do when that build fails.
pub(crate) const BUILD_ADVICE: &str =
    "the compiler's last lines say why; `cargo xtask setup` checks what the build needs";

/// What to do when the weights do not come.
pub(crate) const PULL_ADVICE: &str = "check the network and the free disk space, then try again";

/// The command that fetches the weights of the embedded model; the program must be built.
pub(crate) fn pull_weights() -> Result<Vec<String>, Failure> {
    let aios = release("aios")?.display().to_string();
    Ok(std::iter::once(aios).chain(["models", "pull"].map(String::from)).collect())
}

/// Installs what is missing, builds, and becomes `aios run` with the given arguments; without an objective, the server of the
/// page.
pub(crate) fn run(arguments: &[String], consent: Consent) -> Result<ExitCode, Failure> {
    setup::ensure(consent)?;
    let aios = release("aios")?;
    if !aios.is_file() {
        println!("Building CesaFlow with the embedded model: about 15 minutes the first time on two cores.");
    }
    page::build()?;
    program::perform(&program::cargo(BUILD), &[], BUILD_ADVICE)?;
    let words: Vec<OsString> = match arguments.iter().all(|argument| argument == "--yes") {
        true => vec!["serve".into(), "--link".into()],
        false => ["run".into()].into_iter().chain(arguments.iter().map(OsString::from)).collect(),
    };
    program::become_program(aios, words)
}

/// Where the release build puts a program: beside the folder that this task was itself started from, wherever cargo was told to
/// put its output.
pub(crate) fn release(name: &str) -> Result<PathBuf, Failure> {
    let own = std::env::current_exe()
        .map_err(|source| Failure::NotStarted { command: "cargo xtask".into(), source })?;
    let profiles = own.ancestors().nth(2).map(PathBuf::from).unwrap_or_default();
    Ok(profiles.join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

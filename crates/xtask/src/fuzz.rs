//! `cargo xtask fuzz`: random requests to the API server, made by schemathesis.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::failure::Failure;
use crate::program::{self, cargo};
use crate::setup::{self, Consent};

const REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/requirements.txt");
/// Seconds of the long profile.
const LONG: &str = "1800";
/// What to do when it finds something.
pub(crate) const ADVICE: &str =
    "the requests that broke it are above, each with a curl command that repeats it";
const PIP_ADVICE: &str = "its last lines say why; check the network, then try again";

/// One bounded round, or half an hour with `long`.
pub(crate) fn fuzz(long: bool, consent: Consent) -> Result<ExitCode, Failure> {
    setup::ensure(consent)?;
    let nextest = program::works(&["cargo", "nextest", "--version"], "");
    let schemathesis = install()?;
    let mut env = vec![(PROGRAM, schemathesis.as_str())];
    if long {
        env.push(("AIOS_FUZZ_SECONDS", LONG));
    }
    program::perform(&command(nextest), &env, ADVICE)?;
    Ok(ExitCode::SUCCESS)
}

/// The variable that tells the test where schemathesis is.
pub(crate) const PROGRAM: &str = "AIOS_SCHEMATHESIS";

/// Runs the test; the selection is that of the other tests, so that nothing is built a second time.
pub(crate) fn command(nextest: bool) -> Vec<String> {
    const TEST: &[&str] = &[
        "--workspace",
        "--locked",
        "--features=aios-protocol/schema,aios-cli/ui,aios-tests/fuzz",
        "--test=fuzz",
    ];
    let runner: &[&str] = if nextest { &["nextest", "run"] } else { &["test"] };
    cargo(&[runner, TEST].concat())
}

/// Installs schemathesis beside the build's output, as far as it is not there; gives the program.
pub(crate) fn install() -> Result<String, Failure> {
    let own = std::env::current_exe()
        .map_err(|source| Failure::NotStarted { command: "cargo xtask".into(), source })?;
    let venv = own.ancestors().nth(2).map(PathBuf::from).unwrap_or_default().join("schemathesis");
    let bin = venv.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let inside =
        |name: &str| bin.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)).display().to_string();
    let line = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let python = inside("python");
    if !program::works(&[&python, "-m", "pip", "--version"], "") {
        let system = if cfg!(windows) { "python" } else { "python3" };
        let folder = venv.display().to_string();
        program::perform(&line(&[system, "-m", "venv", "--clear", &folder]), &[], PIP_ADVICE)?;
    }
    // Asks nobody when all of it is there as pinned.
    let pip = line(&[&python, "-m", "pip", "install", "--quiet", "--no-deps", "--requirement", REQUIREMENTS]);
    program::perform(&pip, &[], PIP_ADVICE)?;
    Ok(inside("schemathesis"))
}

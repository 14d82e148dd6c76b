//! The page that the window and the server show: installs what builds it, builds it, checks it.

use std::path::Path;
use std::time::SystemTime;

use crate::failure::Failure;
use crate::program;

/// Node comes with scripts, which Windows does not find without their ending.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

const ADVICE: &str = "its last lines say why; Node 20 or newer and npm must be installed";

/// Builds the page into `ui/dist`.
pub(crate) fn build() -> Result<(), Failure> {
    install()?;
    program::perform(&script("build"), &[], ADVICE)
}

/// Installs exactly what the lock file names, unless that was done already.
pub(crate) fn install() -> Result<(), Failure> {
    let installed = changed("ui/node_modules/.package-lock.json");
    if installed.is_some() && installed >= changed("ui/package-lock.json") {
        return Ok(());
    }
    println!("Installing what builds the page.");
    program::perform(&npm(&["ci", "--no-audit", "--no-fund"]), &[], ADVICE)
}

/// The command of a script of `ui/package.json`.
pub(crate) fn script(name: &str) -> Vec<String> {
    npm(&["run", "--silent", name])
}

fn npm(arguments: &[&str]) -> Vec<String> {
    [NPM, "--prefix", "ui"].into_iter().chain(arguments.iter().copied()).map(String::from).collect()
}

fn changed(path: &str) -> Option<SystemTime> {
    Path::new(path).metadata().and_then(|file| file.modified()).ok()
}

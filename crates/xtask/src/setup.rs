//! Installs what is missing, after consent.

use std::io::{self, IsTerminal, Write};

use crate::failure::Failure;
use crate::needs::{NEEDS, Need};
use crate::program;

/// Whether packages may be installed without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Given on the command line, or by running in CI.
    Given,
    /// A person must be asked.
    Ask,
}

impl Consent {
    /// Reads it from a task's arguments and the environment.
    pub(crate) fn from(arguments: &[String]) -> Self {
        let given = arguments.iter().any(|argument| argument == "--yes")
            || std::env::var("CI").is_ok_and(|value| value == "true" || value == "1");
        if given { Self::Given } else { Self::Ask }
    }
}

/// Finds what is missing and installs it; quiet when nothing is.
pub(crate) fn ensure(consent: Consent) -> Result<(), Failure> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| need.is_missing()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Missing on this machine:");
    for need in &missing {
        println!("  {:<14}{}", need.name, need.why);
    }
    let mut packages: Vec<&str> = missing.iter().flat_map(|need| need.packages()).copied().collect();
    packages.sort_unstable();
    packages.dedup();
    let commands = plan(&packages)?;
    let shown: Vec<String> = commands.iter().map(|command| format!("  {}", command.line.join(" "))).collect();
    let shown = shown.join("\n");
    if consent == Consent::Ask && !agreed(&shown) {
        return Err(Failure::NoConsent { commands: shown });
    }
    for command in &commands {
        println!("\n$ {}", command.line.join(" "));
        let result = program::perform(
            &command.line,
            &[],
            "its last lines say why; check the network, then try again or run it yourself",
        );
        match result {
            Err(failure) if command.may_fail => println!("going on all the same: {failure}"),
            other => other?,
        }
    }
    let left: Vec<&str> = missing.iter().filter(|need| need.is_missing()).map(|need| need.name).collect();
    if left.is_empty() {
        return Ok(());
    }
    Err(Failure::StillMissing {
        names: left.join(", "),
        advice: "open a new terminal, so that a changed PATH counts, and run the same command again".into(),
    })
}

fn agreed(commands: &str) -> bool {
    if !io::stdin().is_terminal() {
        return false;
    }
    print!("\nThese commands install it:\n{commands}\nRun them now? [y/N] ");
    let mut answer = String::new();
    let read = io::stdout().flush().and_then(|()| io::stdin().read_line(&mut answer));
    read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

struct Install {
    line: Vec<String>,
    /// The next command may work nevertheless.
    may_fail: bool,
}

impl Install {
    fn new(words: &[&str], packages: &[&str]) -> Self {
        Self { line: words.iter().chain(packages).map(|&word| word.to_owned()).collect(), may_fail: false }
    }
}

/// The commands that install these packages with this system's package manager.
fn plan(packages: &[&str]) -> Result<Vec<Install>, Failure> {
    let found = |program: &str| program::works(&[program, "--version"], "");
    let by_hand = format!("install these with your own means, then run this again: {}", packages.join(" "));
    match std::env::consts::OS {
        "macos" if found("brew") => Ok(vec![Install::new(&["brew", "install"], packages)]),
        "macos" => {
            Err(Failure::CannotInstall { reason: "Homebrew is not installed (brew.sh)".into(), by_hand })
        }
        "windows" if found("winget") => {
            const WINGET: &[&str] = &[
                "winget",
                "install",
                "--exact",
                "--accept-package-agreements",
                "--accept-source-agreements",
                "--id",
            ];
            Ok(packages.iter().map(|&package| Install::new(WINGET, &[package])).collect())
        }
        "windows" => Err(Failure::CannotInstall { reason: "winget is not installed".into(), by_hand }),
        _ if found("apt-get") => {
            const INSTALL: &[&str] =
                &["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"];
            let apt = apt_get(packages)?;
            // One broken third-party source must not stop packages that other sources have.
            let update = Install { may_fail: true, ..Install::new(&[apt, &["update"]].concat(), &[]) };
            Ok(vec![update, Install::new(&[apt, INSTALL].concat(), packages)])
        }
        _ => Err(Failure::CannotInstall {
            reason: "only apt-get is known on Linux, and it is not here".into(),
            by_hand,
        }),
    }
}

/// How apt-get is started with the rights that it needs.
fn apt_get(packages: &[&str]) -> Result<&'static [&'static str], Failure> {
    if program::works(&["sh", "-c", "test \"$(id -u)\" = 0"], "") {
        Ok(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
    } else if program::works(&["sudo", "--version"], "") {
        // Inside, because sudo clears the environment.
        Ok(&["sudo", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
    } else {
        Err(Failure::CannotInstall {
            reason: "installing packages needs root, and sudo is not here".into(),
            by_hand: format!("run this as root: apt-get install -y {}", packages.join(" ")),
        })
    }
}

//! Why a task ended without success, in words that tell what to do next.

use std::fmt;
use std::io;

/// Why a task ended without success.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line is wrong; the usage follows.
    Usage { wrong: String },
    /// A program could not be started.
    NotStarted { command: String, source: io::Error },
    /// A program ended without success; it has said why on the terminal.
    Ended { command: String, how: String, advice: String },
    /// Something is missing and nobody agreed to install it.
    NoConsent { commands: String },
    /// Something is missing that cannot be installed from here.
    CannotInstall { reason: String, by_hand: String },
    /// The installation went well and the thing still does not work.
    StillMissing { names: String, advice: String },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { wrong } => f.write_str(wrong),
            Self::NotStarted { command, source } => {
                write!(f, "could not start `{command}`: {source}\nhint: is it installed and on the PATH?")
            }
            Self::Ended { command, how, advice } => write!(f, "`{command}` {how}\nhint: {advice}"),
            Self::NoConsent { commands } => {
                write!(f, "nothing was installed\nhint: run this yourself, or add --yes:\n{commands}")
            }
            Self::CannotInstall { reason, by_hand } => write!(f, "{reason}\nhint: {by_hand}"),
            Self::StillMissing { names, advice } => {
                write!(f, "installed, but still not usable: {names}\nhint: {advice}")
            }
        }
    }
}

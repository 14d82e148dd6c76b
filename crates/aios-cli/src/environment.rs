//! What only a host may ask: variables, folders, the clock, whether somebody sits at the terminal.

#![expect(clippy::disallowed_methods, reason = "a host is where the environment and the clock are read")]

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aios_app::AppConfig;
use aios_protocol::{ErrorCode, Problem, Timestamp};

/// The process's surroundings, read once.
// No `Debug`: the variables hold keys.
pub(crate) struct Environment {
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) current_dir: PathBuf,
    pub(crate) exe: PathBuf,
    /// Somebody watches stdout.
    pub(crate) stdout_is_terminal: bool,
    /// Somebody can type answers.
    pub(crate) stdin_is_terminal: bool,
    /// Somebody reads stderr.
    pub(crate) stderr_is_terminal: bool,
}

impl Environment {
    /// Reads them. Variables that are not Unicode are left out: none of ours is.
    pub(crate) fn read() -> Result<Self, Problem> {
        let failed = |what: &str, error: std::io::Error| {
            Problem::new(ErrorCode::Storage, format!("{what} cannot be found: {error}"))
        };
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Ok(Self {
            variables: variables.collect(),
            current_dir: std::env::current_dir().map_err(|error| failed("the current folder", error))?,
            exe: std::env::current_exe().map_err(|error| failed("the program's own file", error))?,
            stdout_is_terminal: std::io::stdout().is_terminal(),
            stdin_is_terminal: std::io::stdin().is_terminal(),
            stderr_is_terminal: std::io::stderr().is_terminal(),
        })
    }

    /// A variable that is set and not empty.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Whether a variable switches something on.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        let value = self.variable(name).map(|value| value.trim().to_ascii_lowercase());
        value.is_some_and(|value| !matches!(value.as_str(), "" | "0" | "false" | "no" | "off"))
    }

    /// What the product needs to know of this machine and its user; `data` stands for `AIOS_HOME`.
    pub(crate) fn config(&self, data: Option<&Path>) -> Result<AppConfig, Problem> {
        AppConfig::read(data, self.variables.clone(), &self.current_dir, self.exe.clone())
    }

    /// A path of the command line, against the current folder.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        self.current_dir.join(path)
    }

    /// Whether cursor movements work on stdout.
    pub(crate) fn can_redraw(&self) -> bool {
        self.stdout_is_terminal && self.variable("TERM") != Some("dumb")
    }

    /// Whether colour is welcome where a terminal is.
    pub(crate) fn colour(&self, is_terminal: bool) -> bool {
        is_terminal && self.variable("NO_COLOR").is_none() && self.variable("TERM") != Some("dumb")
    }
}

/// The time by the machine's clock.
pub(crate) fn now() -> Timestamp {
    SystemTime::now().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Environment {
        Environment {
            variables: variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            current_dir: "/work".into(),
            exe: "/bin/aios".into(),
            stdout_is_terminal: true,
            stdin_is_terminal: true,
            stderr_is_terminal: true,
        }
    }

    #[test]
    fn colour_and_redrawing_are_asked_for_by_the_terminal() {
        let check = |variables: &[(&str, &str)], redraw, colour| {
            let environment = with(variables);
            assert_eq!(
                (environment.can_redraw(), environment.colour(true)),
                (redraw, colour),
                "{variables:?}"
            );
        };
        check(&[("TERM", "xterm-256color")], true, true);
        check(&[("TERM", "dumb")], false, false);
        check(&[("NO_COLOR", "1")], true, false);
        check(&[("NO_COLOR", "")], true, true);
        assert!(!with(&[]).colour(false));
    }
}

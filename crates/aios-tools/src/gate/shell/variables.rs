//! What variables hold, as far as the command line itself says.

use std::collections::HashMap;

use super::{UNKNOWN, Word, assignment};

/// Set by the sandbox or by the shell itself; every other variable is empty until the command line sets it.
const FROM_OUTSIDE: [&str; 27] = [
    "_",
    "BASH",
    "BASHPID",
    "BASH_VERSION",
    "EUID",
    "HOME",
    "HOSTNAME",
    "LANG",
    "LC_ALL",
    "LINENO",
    "LOGNAME",
    "OLDPWD",
    "OPTARG",
    "OPTIND",
    "PATH",
    "PPID",
    "PS1",
    "PS4",
    "PWD",
    "RANDOM",
    "REPLY",
    "SECONDS",
    "SHELL",
    "SHLVL",
    "TERM",
    "TMPDIR",
    "UID",
];

/// More or longer ones are not kept.
const MOST: usize = 64;
const LONGEST: usize = 256;

/// Variables and positional parameters by name: `x`, `1`, `@`.
#[derive(Debug, Clone, Default)]
pub(in crate::gate) struct Variables(HashMap<String, String>);

impl Variables {
    /// The value; nothing when it was never set.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let name = if name == "*" { "@" } else { name };
        let from_outside = || FROM_OUTSIDE.contains(&name).then(|| UNKNOWN.to_string());
        self.0.get(name).cloned().or_else(from_outside)
    }

    pub(in crate::gate) fn set(&mut self, name: &str, value: &str) {
        if self.0.len() < MOST || self.0.contains_key(name) {
            let value = if value.len() > LONGEST { UNKNOWN.to_string() } else { value.to_owned() };
            self.0.insert(name.to_owned(), value);
        }
    }

    /// Sets `$1`, `$2`, … and `$@`.
    pub(in crate::gate) fn set_positional<'a>(&mut self, words: impl Iterator<Item = &'a str>) {
        let words: Vec<&str> = words.collect();
        for (number, word) in (1..10).zip(&words) {
            self.set(&number.to_string(), word);
        }
        self.set("@", &words.join(" "));
    }

    /// Learns from a command that sets variables.
    pub(super) fn learn(&mut self, words: &[Word]) {
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        match texts.as_slice() {
            ["export" | "declare" | "local" | "readonly" | "typeset", rest @ ..] => self.assign(rest),
            ["read" | "mapfile" | "readarray" | "getopts", names @ ..] => {
                names.iter().for_each(|name| self.set(name, &UNKNOWN.to_string()));
            }
            ["set", "--", values @ ..] => self.set_positional(values.iter().copied()),
            ["unset", names @ ..] => names.iter().for_each(|name| drop(self.0.remove(*name))),
            // In front of a command they are for that command alone.
            all if all.iter().all(|text| assignment(text).is_some()) => self.assign(all),
            _ => {}
        }
    }

    fn assign(&mut self, texts: &[&str]) {
        for (name, value) in texts.iter().filter_map(|text| assignment(text)) {
            self.set(name, value);
        }
    }
}

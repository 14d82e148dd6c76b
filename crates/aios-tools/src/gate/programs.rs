//! Programs that start other programs: where in their arguments the other one stands.

use super::shell::assignment;

/// A program that runs the command in its arguments: `nice -n 5 make` runs `make`.
pub(super) struct Wrapper {
    name: &'static str,
    /// Short options whose value is the next word, if it is not attached.
    short: &'static str,
    /// Long options whose value is the next word, if no `=` follows.
    long: &'static [&'static str],
    /// Words of its own that come before the command, such as the duration of `timeout`.
    operands: usize,
    /// Short options with which it runs nothing.
    inert: &'static str,
}

const fn wrapper(
    name: &'static str,
    short: &'static str,
    long: &'static [&'static str],
    operands: usize,
) -> Wrapper {
    Wrapper { name, short, long, operands, inert: "" }
}

const WRAPPERS: [Wrapper; 37] = [
    wrapper(
        "sudo",
        "CDghpRrTtUu",
        &[
            "user",
            "group",
            "host",
            "prompt",
            "chdir",
            "chroot",
            "role",
            "type",
            "close-from",
            "other-user",
            "command-timeout",
        ],
        0,
    ),
    wrapper("doas", "Cu", &[], 0),
    wrapper("pkexec", "", &["user"], 0),
    wrapper("env", "uC", &["unset", "chdir"], 0),
    wrapper("nice", "n", &["adjustment"], 0),
    wrapper("ionice", "cnpPu", &["class", "classdata", "pid", "pgid", "uid"], 0),
    wrapper("chrt", "TPD", &["sched-runtime", "sched-period", "sched-deadline"], 1),
    wrapper("taskset", "", &[], 1),
    wrapper("timeout", "ks", &["kill-after", "signal"], 1),
    wrapper("gtimeout", "ks", &["kill-after", "signal"], 1),
    wrapper("nohup", "", &[], 0),
    wrapper("setsid", "", &[], 0),
    wrapper("exec", "a", &[], 0),
    Wrapper { inert: "vV", ..wrapper("command", "", &[], 0) },
    wrapper("builtin", "", &[], 0),
    wrapper("time", "fo", &["format", "output"], 0),
    wrapper("stdbuf", "ioe", &["input", "output", "error"], 0),
    wrapper("unbuffer", "", &[], 0),
    wrapper(
        "xargs",
        "adEILnPs",
        &["arg-file", "delimiter", "max-args", "max-chars", "max-lines", "max-procs", "replace", "eof"],
        0,
    ),
    wrapper("parallel", "jISNna", &["jobs", "arg-file", "max-args"], 0),
    wrapper("watch", "n", &["interval"], 0),
    wrapper("strace", "abeEIoOpPsSuX", &["output", "trace", "attach"], 0),
    wrapper("ltrace", "abeFlnopsuwx", &["output"], 0),
    wrapper("chroot", "", &[], 1),
    wrapper("unshare", "RSGwr", &["root", "wd", "setuid", "setgid"], 0),
    wrapper("nsenter", "tSGrw", &["target", "setuid", "setgid"], 0),
    wrapper("flock", "wEx", &["wait", "timeout", "conflict-exit-code"], 1),
    wrapper("fakeroot", "lsib", &["lib", "faked"], 0),
    wrapper("runuser", "ugGs", &["user", "group", "supp-group", "shell"], 0),
    wrapper("setpriv", "", &["reuid", "regid", "groups"], 0),
    wrapper("systemd-run", "Mpug", &["unit", "property", "uid", "gid", "slice", "machine"], 0),
    wrapper("dbus-run-session", "", &["config-file"], 0),
    wrapper("busybox", "", &[], 0),
    wrapper("toybox", "", &[], 0),
    wrapper("caffeinate", "tw", &[], 0),
    wrapper("torsocks", "", &[], 0),
    wrapper("prlimit", "op", &["output", "pid"], 0),
];

/// Shells that take a script with `-c` or on standard input.
const SHELLS: [&str; 12] =
    ["sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "rbash", "csh", "tcsh", "yash"];

/// Whether a program is a shell.
pub(super) fn is_shell(program: &str) -> bool {
    SHELLS.contains(&program)
}

/// The last part of a path, as programs are called by name.
pub(super) fn base_name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    name.strip_suffix(".exe").map(str::to_owned).unwrap_or(name)
}

/// Where the command begins in a wrapper's arguments; nothing when the program is no wrapper or runs nothing.
pub(super) fn wrapped_from(program: &str, arguments: &[&str]) -> Option<usize> {
    let wrapper = WRAPPERS.iter().find(|wrapper| wrapper.name == program)?;
    let (mut at, mut operands) = (0, wrapper.operands);
    while let Some(&word) = arguments.get(at) {
        at += 1;
        if word == "--" {
            return Some(at + operands);
        }
        match (word.strip_prefix("--"), word.strip_prefix('-')) {
            // Long options may be shortened.
            (Some(long), _) => at += usize::from(wrapper.long.iter().any(|option| option.starts_with(long))),
            (None, Some(flags)) => {
                if flags.contains(|flag| wrapper.inert.contains(flag)) {
                    return None;
                }
                // The value is the next word when the flag that takes one stands last.
                let takes_value = flags.find(|flag| wrapper.short.contains(flag));
                at += usize::from(takes_value.is_some_and(|found| found + 1 == flags.len()));
            }
            (None, None) if operands > 0 => operands -= 1,
            (None, None) if assignment(word).is_some() => {}
            (None, None) => return Some(at - 1),
        }
    }
    None
}

/// The script in a shell's arguments (`-c`, also in `-lc`), by its place; nothing when there is none.
pub(super) fn script_of_shell(arguments: &[&str]) -> Option<usize> {
    let operand = first_operand_of_shell(arguments)?;
    let is_command = |word: &&str| word.starts_with('-') && !word.starts_with("--") && word.contains('c');
    arguments[..operand].iter().any(|word| is_command(word) || *word == "--command").then_some(operand)
}

/// The first word that is neither an option of a shell nor an option's value.
pub(super) fn first_operand_of_shell(arguments: &[&str]) -> Option<usize> {
    let mut at = 0;
    while let Some(&word) = arguments.get(at) {
        match word {
            "--" | "-" => return (at + 1 < arguments.len()).then_some(at + 1),
            "--rcfile" | "--init-file" => at += 1,
            _ if word.starts_with("--") => {}
            _ if word.starts_with(['-', '+']) => {
                if word.ends_with(['o', 'O']) {
                    at += 1;
                }
            }
            _ => return Some(at),
        }
        at += 1;
    }
    None
}

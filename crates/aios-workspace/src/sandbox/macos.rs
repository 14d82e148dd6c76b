//! Seatbelt, the sandbox of macOS, driven by the system's own `sandbox-exec` program and a profile.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::SANDBOX_EXEC;
use super::launch::{Launch, Launcher};
use super::toolchains::Visible;
use super::wire::{Protected, Protection, Request};

const PROGRAM: &str = "/usr/bin/sandbox-exec";

/// The one way to confine commands on macOS.
pub(super) struct Mode;

/// What to do when it does not work.
pub(super) const REMEDY: &str = "start the product outside of another sandbox";

/// What every program reads: the system, its libraries, its tools.
const SYSTEM: &[&str] = &[
    "/System",
    "/usr",
    "/bin",
    "/sbin",
    "/Library/Apple",
    "/Library/Developer",
    "/Applications/Xcode.app",
    "/opt/homebrew",
    "/private/etc/passwd",
    "/private/etc/group",
    "/private/etc/hosts",
    "/private/etc/resolv.conf",
    "/private/etc/services",
    "/private/etc/ssl",
    "/private/var/db/timezone",
    "/private/var/db/dyld",
    "/private/var/select",
    "/private/var/run/resolv.conf",
    "/dev",
];

impl Mode {
    pub(super) fn candidates(_: Option<PathBuf>) -> Vec<Result<Self, String>> {
        vec![if Path::new(PROGRAM).exists() { Ok(Self) } else { Err(format!("{PROGRAM} is missing")) }]
    }

    pub(super) fn kind(&self) -> &'static str {
        "seatbelt"
    }

    pub(super) fn advice(&self, _: &[String]) -> Option<String> {
        Some("a command's process that starts its own session may outlive a cancel".to_owned())
    }

    pub(super) fn launch(
        &self,
        launcher: &Launcher,
        visible: &Visible,
        protected: Vec<Protected>,
        mut request: Request,
    ) -> io::Result<Launch> {
        let scratch = tempfile::Builder::new().prefix("command-").tempdir_in(&launcher.settings.scratch)?;
        let folder = scratch.path().canonicalize()?;
        for name in ["HOME", "TMPDIR"] {
            request.env.push((name.to_owned(), folder.to_string_lossy().into_owned()));
        }
        let mut read_only: Vec<&Path> = SYSTEM.iter().map(Path::new).collect();
        read_only.extend(visible.read_only.iter().map(PathBuf::as_path));
        read_only.push(&launcher.settings.helper);
        let profile = profile(&read_only, &[&request.workspace, &folder], &request, &protected);
        let mut command = Command::new(PROGRAM);
        command.arg("-p").arg(profile).arg(&launcher.settings.helper).arg(SANDBOX_EXEC);
        Ok(Launch { command, request, scratch: Some(scratch) })
    }
}

/// The profile's text; a later rule overrides an earlier one.
fn profile(read_only: &[&Path], read_write: &[&Path], request: &Request, protected: &[Protected]) -> String {
    let mut rules = vec![
        "(version 1)".to_owned(),
        "(deny default)".to_owned(),
        "(allow process-fork process-exec sysctl-read mach-lookup file-read-metadata)".to_owned(),
        "(allow signal process-info* (target same-sandbox))".to_owned(),
        "(allow file-read* (literal \"/\"))".to_owned(),
        "(allow file-write-data (literal \"/dev/null\") (literal \"/dev/zero\") (literal \"/dev/tty\"))"
            .to_owned(),
    ];
    let on = |action: &str, path: &Path| format!("({action} (subpath {}))", quoted(path));
    rules.extend(read_only.iter().map(|path| on("allow file-read*", path)));
    rules.extend(read_write.iter().map(|path| on("allow file-read* file-write*", path)));
    for part in protected {
        let action = match part.protection {
            Protection::ReadOnly => "deny file-write*",
            Protection::HiddenFile | Protection::HiddenFolder => "deny file-read* file-write*",
        };
        rules.push(on(action, &request.workspace.join(&part.path)));
        // Nor may a folder above be renamed, which would take the part out of its rule.
        for folder in part.path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
            let folder = quoted(&request.workspace.join(folder));
            rules.push(format!("(deny file-write-unlink (literal {folder}))"));
        }
    }
    if request.network {
        rules.push("(allow network* system-socket)".to_owned());
    }
    rules.join("\n")
}

fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.to_string_lossy().replace('\\', "\\\\").replace('"', "\\\""))
}

//! The ways to confine a command on Linux, strongest first.

use std::io;
use std::path::PathBuf;
use std::process::Command;

use super::exec::Level;
use super::launch::{Launch, Launcher};
use super::toolchains::{SYSTEM, Visible, etc};
use super::wire::{Protected, Request};
use super::{HOME, SANDBOX_EXEC, bubblewrap};

/// A way to confine commands.
pub(super) enum Mode {
    /// Namespaces made by bubblewrap, with Landlock (where the kernel has it) and seccomp inside.
    Bubblewrap(PathBuf),
    /// Landlock and seccomp alone, in the machine's own namespaces.
    Landlock,
}

/// What to do when nothing works.
pub(super) const REMEDY: &str =
    "install bubblewrap (for example `sudo apt install bubblewrap`) or use Linux 6.2 or newer with Landlock";

impl Mode {
    /// What can be tried here, and why others cannot.
    pub(super) fn candidates(bubblewrap: Option<PathBuf>) -> Vec<Result<Self, String>> {
        let first = bubblewrap.map(Self::Bubblewrap).ok_or("bubblewrap is not installed".to_owned());
        let second = match Level::of_this_kernel() {
            Level::Insufficient => {
                Err("the kernel has no Landlock, or only one from before Linux 6.2".to_owned())
            }
            _ => Ok(Self::Landlock),
        };
        vec![first, second]
    }

    pub(super) fn kind(&self) -> &'static str {
        match (self, Level::of_this_kernel()) {
            (Self::Bubblewrap(_), Level::Insufficient) => "bubblewrap + seccomp",
            (Self::Bubblewrap(_), _) => "bubblewrap + landlock + seccomp",
            (Self::Landlock, _) => "landlock + seccomp",
        }
    }

    /// What is weaker than it could be; `failed` says why a stronger way does not work.
    pub(super) fn advice(&self, failed: &[String]) -> Option<String> {
        let Self::Landlock = self else { return None };
        let signals = match Level::of_this_kernel() {
            Level::FilesAndSignals => "",
            _ => ", and can send signals to your other processes",
        };
        Some(format!(
            "{}; without it commands cannot use the loopback network, cannot create files directly in folders that hold \
             hidden files or a git repository, and see the names of your other processes{signals}; \
             install bubblewrap (`sudo apt install bubblewrap`) and allow user namespaces",
            failed.join("; ")
        ))
    }

    pub(super) fn launch(
        &self,
        launcher: &Launcher,
        visible: &Visible,
        protected: Vec<Protected>,
        mut request: Request,
    ) -> io::Result<Launch> {
        let helper = &launcher.settings.helper;
        match self {
            Self::Bubblewrap(bubblewrap) => {
                request.namespaces = true;
                // The namespace shows nothing else.
                request.read_only = vec![PathBuf::from("/")];
                request.read_write = ["/tmp", "/dev/shm"].map(PathBuf::from).into();
                request.env = variables(HOME, "/tmp");
                let view = bubblewrap::View {
                    bubblewrap,
                    helper,
                    read_only: &visible.read_only,
                    protected: &protected,
                };
                Ok(Launch { command: bubblewrap::command(&view, &request), request, scratch: None })
            }
            Self::Landlock => {
                let scratch =
                    tempfile::Builder::new().prefix("command-").tempdir_in(&launcher.settings.scratch)?;
                let folder = scratch.path().to_string_lossy();
                request.env = variables(&folder, &folder);
                request.read_write = vec![scratch.path().to_owned()];
                // All of them: refused is worse than absent, some programs give up on it.
                let system = SYSTEM.iter().copied().chain(etc(true)).chain(["/proc"]);
                request.read_only = system.map(PathBuf::from).collect();
                request.read_only.extend(visible.read_only.iter().cloned());
                request.protected = protected;
                let mut command = Command::new(helper);
                command.arg(SANDBOX_EXEC);
                Ok(Launch { command, request, scratch: Some(scratch) })
            }
        }
    }
}

fn variables(home: &str, temporary: &str) -> Vec<(String, String)> {
    vec![("HOME".to_owned(), home.to_owned()), ("TMPDIR".to_owned(), temporary.to_owned())]
}

//! From a command and a way to confine it to the process that is started and what it is told.

use std::io;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use aios_core::{CommandLine, CommandSpec};

use super::toolchains::Visible;
use super::wire::Request;
use super::{Mode, SandboxSettings, protected};
use crate::disk::{Caller, Hidden};

/// What stays the same from command to command.
pub(super) struct Launcher {
    pub(super) workspace: PathBuf,
    pub(super) hidden: Arc<Hidden>,
    pub(super) settings: SandboxSettings,
    pub(super) visible: std::sync::OnceLock<Visible>,
}

/// A process about to be started.
pub(super) struct Launch {
    pub(super) command: Command,
    pub(super) request: Request,
    /// Removed when the command has ended.
    pub(super) scratch: Option<tempfile::TempDir>,
}

impl Launcher {
    pub(super) fn prepare(&self, mode: &Mode, spec: &CommandSpec, caller: Caller) -> io::Result<Launch> {
        let settings = &self.settings;
        let visible = self.visible.get_or_init(|| {
            settings.toolchains.visible(&settings.path_first, &settings.read_only, &self.workspace)
        });
        let protected = protected::find(&self.workspace, &self.hidden, caller)?;
        let request = Request {
            argv: argv(&spec.line),
            env: Vec::new(),
            workspace: self.workspace.clone(),
            folder: spec.folder.as_ref().map(|folder| folder.as_str().to_owned()),
            read_only: Vec::new(),
            read_write: Vec::new(),
            protected: Vec::new(),
            network: spec.network,
            namespaces: false,
            memory_bytes: spec.limits.memory_bytes,
            file_bytes: spec.limits.file_bytes,
            processes: spec.limits.processes,
        };
        let mut launch = mode.launch(self, visible, protected, request)?;
        let own = [
            ("PATH", visible.path.as_str()),
            ("LANG", "C.UTF-8"),
            ("TERM", "dumb"),
            ("NO_COLOR", "1"),
            ("CI", "1"),
            ("PYTHONDONTWRITEBYTECODE", "1"),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        // The last of a name counts.
        launch.request.env.extend(own.into_iter().chain(visible.env.clone()).chain(spec.env.clone()));
        Ok(launch)
    }
}

fn argv(line: &CommandLine) -> Vec<String> {
    match line {
        CommandLine::Argv(argv) => argv.clone(),
        CommandLine::Shell(line) => {
            let shell = if std::path::Path::new("/bin/bash").exists() { "/bin/bash" } else { "/bin/sh" };
            vec![shell.to_owned(), "-c".to_owned(), line.clone()]
        }
    }
}

//! An empty command in the product's sandbox: what no product can do without.

use std::path::Path;
use std::time::{Duration, Instant};

use aios_core::{CommandLine, CommandSpec, Exit, Limits, Runner};
use aios_workspace::{DiskWorkspace, SandboxRunner, SandboxSettings, Toolchains};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// The sandbox with the product's program as its helper.
pub(crate) struct Sandbox {
    runner: SandboxRunner,
    runtime: Runtime,
    _folders: [TempDir; 2],
}

impl Sandbox {
    pub(crate) fn open(program: &Path) -> Self {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let path = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
        let toolchains = Toolchains { path, home: std::env::home_dir() };
        let settings = SandboxSettings {
            helper: program.to_owned(),
            bubblewrap: toolchains.find("bwrap"),
            toolchains,
            read_only: Vec::new(),
            path_first: Vec::new(),
            scratch: folders[1].path().to_owned(),
        };
        let runner = SandboxRunner::new(&DiskWorkspace::open(folders[0].path()).unwrap(), settings);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let sandbox = Self { runner, runtime, _folders: folders };
        // The first command finds out which confinement works here.
        sandbox.run_nothing();
        sandbox
    }

    pub(crate) fn kind(&self) -> String {
        self.runner.sandbox().kind
    }

    /// Runs a shell that does nothing, as an agent's command does.
    pub(crate) fn run_nothing(&self) -> Duration {
        let spec = CommandSpec {
            line: CommandLine::Shell("exit 0".into()),
            folder: None,
            env: Vec::new(),
            network: false,
            limits: Limits::default(),
        };
        let begun = Instant::now();
        let output = self.runtime.block_on(self.runner.run(&spec, &CancellationToken::new())).unwrap();
        assert_eq!(output.exit, Exit::Code(0), "{}", output.output);
        begun.elapsed()
    }
}

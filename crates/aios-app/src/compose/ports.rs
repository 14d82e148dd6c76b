//! The ports of one run: its folder, opened for agents and for the harness.

use std::path::Path;
use std::sync::Arc;

use aios_core::{Clock, Model, Policy, Runner};
use aios_engine::{Meter, RunPorts};
use aios_protocol::Problem;
use aios_tools::ToolRegistry;
use aios_workspace::{DiskWorkspace, Git, OpenError, RecordedWorkspace, SandboxRunner, SandboxSettings};

use super::home::Home;
use super::toolbox::Toolbox;
use crate::problem;

/// A run's folder with everything that works in it.
pub(crate) struct Workplace {
    workspace: DiskWorkspace,
    runner: SandboxRunner,
}

impl Workplace {
    /// Opens the folder; starts nothing and writes nothing.
    pub(crate) fn open(folder: &Path, exe: &Path, home: &Home, toolbox: &Toolbox) -> Result<Self, Problem> {
        let workspace = DiskWorkspace::open(folder).map_err(|error| problem::workspace(&error))?;
        Ok(Self::on(workspace, exe, home, toolbox))
    }

    /// The same; nothing where there is no folder yet.
    pub(crate) fn existing(
        folder: &Path,
        exe: &Path,
        home: &Home,
        toolbox: &Toolbox,
    ) -> Result<Option<Self>, Problem> {
        match DiskWorkspace::open(folder) {
            Ok(workspace) => Ok(Some(Self::on(workspace, exe, home, toolbox))),
            Err(OpenError::Missing(_)) => Ok(None),
            Err(error) => Err(problem::workspace(&error)),
        }
    }

    /// Makes the folder, and opens it.
    pub(crate) fn create(folder: &Path, exe: &Path, home: &Home, toolbox: &Toolbox) -> Result<Self, Problem> {
        let workspace = DiskWorkspace::create(folder).map_err(|error| problem::workspace(&error))?;
        Ok(Self::on(workspace, exe, home, toolbox))
    }

    fn on(workspace: DiskWorkspace, exe: &Path, home: &Home, toolbox: &Toolbox) -> Self {
        let settings = SandboxSettings {
            helper: exe.to_owned(),
            bubblewrap: toolbox.toolchains().find("bwrap"),
            toolchains: toolbox.toolchains().clone(),
            read_only: vec![home.toolbox().to_owned()],
            path_first: vec![toolbox.bin()],
            scratch: home.scratch(),
        };
        let runner = SandboxRunner::new(&workspace, settings);
        Self { workspace, runner }
    }

    /// How commands are confined here; tries it out at the first call.
    pub(crate) fn sandbox(&self) -> aios_core::SandboxReport {
        self.runner.sandbox()
    }

    /// Where the folder lies, links resolved.
    pub(crate) fn path(&self) -> &Path {
        self.workspace.path()
    }

    pub(crate) fn ports(
        self,
        originals: &Path,
        model: Arc<dyn Model>,
        policy: Policy,
        budget: Arc<Meter>,
        toolbox: Arc<Toolbox>,
        clock: Arc<dyn Clock>,
    ) -> RunPorts {
        RunPorts {
            vcs: Arc::new(Git::new(&self.workspace)),
            harness_workspace: Arc::new(self.workspace.for_harness()),
            harness_runner: Arc::new(self.runner.for_harness()),
            workspace: Arc::new(RecordedWorkspace::new(self.workspace, originals)),
            runner: Arc::new(self.runner),
            model,
            policy: Arc::new(policy),
            budget,
            tools: Arc::new(ToolRegistry::standard()),
            programs: toolbox,
            clock,
        }
    }
}

//! Platforms without a sandbox: no command is run.

use aios_core::{CommandOutput, CommandSpec, Runner, RunnerError, SandboxReport};
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::SandboxSettings;
use crate::DiskWorkspace;

/// Refuses every command, with the reason.
#[derive(Clone)]
pub struct SandboxRunner;

const REASON: &str = "this system offers no confinement of files and network that the product supports";
const REMEDY: &str = "run the product in WSL 2, where the Linux sandbox works";

impl SandboxRunner {
    /// A runner for the workspace.
    pub fn new(_: &DiskWorkspace, _: SandboxSettings) -> Self {
        Self
    }

    /// The same runner for the harness.
    pub fn for_harness(&self) -> Self {
        Self
    }
}

#[async_trait]
impl Runner for SandboxRunner {
    async fn run(&self, _: &CommandSpec, _: &CancellationToken) -> Result<CommandOutput, RunnerError> {
        Err(RunnerError::NoSandbox { reason: REASON.to_owned(), remedy: REMEDY.to_owned() })
    }

    fn sandbox(&self) -> SandboxReport {
        SandboxReport { kind: "none".to_owned(), advice: Some(format!("{REASON}; {REMEDY}")) }
    }
}

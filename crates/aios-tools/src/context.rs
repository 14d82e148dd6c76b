//! What tools may use, and what they remember between two calls.

use std::sync::{Arc, Mutex, PoisonError};

use aios_core::{Clock, CommandOutput, EventSink, Human, Policy, Runner, Vcs, Workspace};
use aios_protocol::AgentName;
use tokio_util::sync::CancellationToken;

/// What tools may use, for one agent of one run. Cheap to clone.
#[derive(Clone)]
pub struct ToolContext {
    /// The agent that calls.
    pub agent: AgentName,
    /// Its files.
    pub workspace: Arc<dyn Workspace>,
    /// Runs its commands.
    pub runner: Arc<dyn Runner>,
    /// Version control of the workspace.
    pub vcs: Arc<dyn Vcs>,
    /// The person, for questions and approvals.
    pub human: Arc<dyn Human>,
    /// What the run may do.
    pub policy: Arc<Policy>,
    /// Where calls and results are recorded.
    pub events: Arc<dyn EventSink>,
    /// Measures how long calls take.
    pub clock: Arc<dyn Clock>,
    /// The output of the last command, for `read_test_output`; the harness records its checks here too.
    pub last_output: Arc<LastOutput>,
    /// Ends the call, with the whole process tree of a command.
    pub stop: CancellationToken,
}

/// The last command that ran in the workspace, with all of its output that was kept.
#[derive(Debug, Default)]
pub struct LastOutput(Mutex<Option<(String, CommandOutput)>>);

impl LastOutput {
    /// Replaces what was there. Called by `run_command`, and by the harness after a check of its own.
    pub fn record(&self, command: &str, output: CommandOutput) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((command.to_owned(), output));
    }

    /// The command as it was written and what it did; nothing before the first one.
    pub fn get(&self) -> Option<(String, CommandOutput)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

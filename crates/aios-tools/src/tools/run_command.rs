//! Runs a shell command in the workspace.

use aios_core::{CommandLine, CommandSpec, Exit, Limits};
use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::clip;
use crate::context::ToolContext;
use crate::error::{ToolError, ToolFatal};
use crate::gate::Permit;
use crate::tool::{Effect, Reply, Tool};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunCommand {
    command: String,
}

#[async_trait]
impl Tool for RunCommand {
    const NAME: &'static str = "run_command";
    const DESCRIPTION: &'static str = "Run a shell command in the workspace root and wait for it (limit 120 s, no input). Answers exit code and output.";
    const READ_ONLY: bool = false;

    fn effect(&self) -> Effect<'_> {
        Effect::Runs(&self.command)
    }

    async fn run(&self, _permit: Permit, cx: &ToolContext) -> Result<Reply, ToolError> {
        if self.command.trim().is_empty() {
            return Err(ToolError::TellModel("the command is empty".into()));
        }
        let spec = CommandSpec {
            line: CommandLine::Shell(self.command.clone()),
            folder: None,
            env: Vec::new(),
            network: cx.policy.spec().network,
            limits: Limits::default(),
        };
        let output = cx.runner.run(&spec, &cx.stop).await?;
        let exit = output.exit;
        let answer = describe(exit, &output.output, Self::BUDGET);
        cx.last_output.record(&self.command, output);
        if exit == Exit::Cancelled && cx.stop.is_cancelled() {
            return Err(ToolError::Fatal(ToolFatal::Stopped));
        }
        Ok(Reply { ok: exit.is_success(), ..Reply::ok(answer) })
    }
}

/// How a command ended, and what it printed, within a budget.
pub(super) fn describe(exit: Exit, output: &str, budget: usize) -> String {
    let ended = match exit {
        Exit::TimedOut => {
            let wall = Limits::default().wall.as_secs();
            format!("exit timeout: stopped after {wall} s; a server must not be waited for")
        }
        other => format!("exit {other}"),
    };
    let output = if output.is_empty() { "(no output)" } else { output };
    let output = clip::middle(output.to_owned(), budget.saturating_sub(ended.len() + 1));
    format!("{ended}\n{output}")
}

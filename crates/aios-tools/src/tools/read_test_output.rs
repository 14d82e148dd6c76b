//! Shows the output of the last command again, in full.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Deserialize;

use super::run_command;
use crate::clip;
use crate::context::ToolContext;
use crate::error::ToolError;
use crate::gate::Permit;
use crate::tool::{Reply, Tool};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadTestOutput {}

#[async_trait]
impl Tool for ReadTestOutput {
    const NAME: &'static str = "read_test_output";
    const DESCRIPTION: &'static str = "Show the full output of the last test run or command.";
    const READ_ONLY: bool = true;
    /// All that a runner keeps, and the lines about it.
    const BUDGET: usize = 66 * 1024;

    async fn run(&self, _permit: Permit, cx: &ToolContext) -> Result<Reply, ToolError> {
        let Some((command, output)) = cx.last_output.get() else {
            return Err(ToolError::TellModel(
                "no command has run yet; run the tests with run_command".into(),
            ));
        };
        let command = format!("$ {}\n", clip::head(&command, 500));
        let output = run_command::describe(output.exit, &output.output, Self::BUDGET - command.len());
        Ok(Reply::ok(command + &output))
    }
}

//! Asks the person; the run waits for the answer.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::ToolContext;
use crate::error::ToolError;
use crate::gate::Permit;
use crate::tool::{Reply, Tool};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskHuman {
    question: String,
}

#[async_trait]
impl Tool for AskHuman {
    const NAME: &'static str = "ask_human";
    const DESCRIPTION: &'static str = "Ask the user when only they can decide. The run waits for the answer.";
    const READ_ONLY: bool = false;

    async fn run(&self, _permit: Permit, cx: &ToolContext) -> Result<Reply, ToolError> {
        if self.question.trim().is_empty() {
            return Err(ToolError::TellModel("the question is empty".into()));
        }
        Ok(Reply::ok(cx.human.ask(&self.question, &cx.stop).await?))
    }
}

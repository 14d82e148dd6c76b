//! Makes the workspace a repository.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::ToolContext;
use crate::error::ToolError;
use crate::gate::Permit;
use crate::tool::{Reply, Tool};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GitInit {
    message: Option<String>,
}

#[async_trait]
impl Tool for GitInit {
    const NAME: &'static str = "git_init";
    const DESCRIPTION: &'static str =
        "Make the workspace a git repository if it is none, and commit all files.";
    const READ_ONLY: bool = false;

    async fn run(&self, _permit: Permit, cx: &ToolContext) -> Result<Reply, ToolError> {
        let message = self.message.as_deref().map(str::trim).filter(|message| !message.is_empty());
        let commit = cx.vcs.init(message.unwrap_or("Initial commit")).await?;
        Ok(Reply::ok(format!("committed {commit}")))
    }
}

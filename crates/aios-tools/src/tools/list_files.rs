//! Lists the workspace.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::ToolContext;
use crate::error::ToolError;
use crate::gate::Permit;
use crate::tool::{Reply, Tool};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListFiles {}

#[async_trait]
impl Tool for ListFiles {
    const NAME: &'static str = "list_files";
    const DESCRIPTION: &'static str = "List all files of the workspace.";
    const READ_ONLY: bool = true;

    async fn run(&self, _permit: Permit, cx: &ToolContext) -> Result<Reply, ToolError> {
        const MOST: usize = 500;
        let listing = cx.workspace.list(MOST).await?;
        if listing.files.is_empty() {
            return Ok(Reply::ok("the workspace has no files yet"));
        }
        let mut answer = String::new();
        for file in &listing.files {
            answer.push_str(file.path.as_str());
            answer.push('\n');
        }
        if listing.truncated {
            answer.push_str("[… there are more files; search_files finds them …]\n");
        }
        Ok(Reply::ok(answer))
    }
}

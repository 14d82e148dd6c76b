//! Shows what changed since the last commit.

use std::fmt::Write as _;

use aios_core::VcsStatus;
use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::ToolContext;
use crate::error::ToolError;
use crate::gate::Permit;
use crate::tool::{Reply, Tool};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GitStatus {}

#[async_trait]
impl Tool for GitStatus {
    const NAME: &'static str = "git_status";
    const DESCRIPTION: &'static str = "Show the branch, changed files and last five commits.";
    const READ_ONLY: bool = true;

    async fn run(&self, _permit: Permit, cx: &ToolContext) -> Result<Reply, ToolError> {
        Ok(Reply::ok(describe(&cx.vcs.status().await?)))
    }
}

fn describe(status: &VcsStatus) -> String {
    let branch = status.branch.as_deref().unwrap_or("(no branch)");
    let mut text = format!("branch {branch}\n");
    if status.changes.is_empty() {
        text.push_str("nothing changed since the last commit\n");
    }
    for change in &status.changes {
        let _ = writeln!(text, "{change}");
    }
    if !status.commits.is_empty() {
        text.push_str("last commits:\n");
    }
    for commit in &status.commits {
        let _ = writeln!(text, "{} {}", commit.id, commit.subject);
    }
    text
}

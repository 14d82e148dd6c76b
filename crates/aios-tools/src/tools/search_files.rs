//! Finds lines in the files of the workspace.

use std::fmt::Write as _;

use aios_core::SearchQuery;
use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::ToolContext;
use crate::error::ToolError;
use crate::gate::Permit;
use crate::tool::{Reply, Tool};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchFiles {
    /// regular expression
    pattern: String,
    /// such as src/**/*.py
    glob: Option<String>,
}

#[async_trait]
impl Tool for SearchFiles {
    const NAME: &'static str = "search_files";
    const DESCRIPTION: &'static str = "Find lines in files; answers path:line: text.";
    const READ_ONLY: bool = true;

    async fn run(&self, _permit: Permit, cx: &ToolContext) -> Result<Reply, ToolError> {
        if self.pattern.is_empty() {
            return Err(ToolError::TellModel("the pattern is empty; list_files lists all files".into()));
        }
        let query = SearchQuery {
            pattern: self.pattern.clone(),
            regex: true,
            case_sensitive: true,
            glob: self.glob.clone().filter(|glob| !glob.is_empty()),
            limit: 100,
        };
        let found = cx.workspace.search(&query, &cx.stop).await?;
        if found.hits.is_empty() {
            return Ok(Reply::ok("no line matches"));
        }
        let mut answer = String::new();
        for hit in &found.hits {
            let _ = writeln!(answer, "{}:{}: {}", hit.path, hit.line, hit.text);
        }
        if found.truncated {
            answer.push_str("[… there are more; narrow the pattern or the glob …]\n");
        }
        Ok(Reply::ok(answer))
    }
}

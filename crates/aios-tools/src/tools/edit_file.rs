//! Replaces a piece of a file.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Deserialize;

use super::read_file::read_text;
use crate::context::ToolContext;
use crate::edit;
use crate::error::ToolError;
use crate::gate::Permit;
use crate::tool::{Effect, PathArgument, Reply, Tool, WrittenFile};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EditFile {
    path: PathArgument,
    /// text as it stands in the file, whole lines, unique
    search: String,
    replace: String,
    /// replace every occurrence
    all: Option<bool>,
}

#[async_trait]
impl Tool for EditFile {
    const NAME: &'static str = "edit_file";
    const DESCRIPTION: &'static str = "Replace a piece of an existing file.";
    const READ_ONLY: bool = false;

    fn effect(&self) -> Effect<'_> {
        Effect::Writes(&self.path.0)
    }

    async fn run(&self, _permit: Permit, cx: &ToolContext) -> Result<Reply, ToolError> {
        let path = &self.path.0;
        let before = read_text(path, cx).await?;
        let edited = edit::replace(&before, &self.search, &self.replace, self.all.unwrap_or(false))
            .map_err(|refused| ToolError::TellModel(format!("{path} was not changed: {refused}")))?;
        cx.workspace.write(path, edited.text.as_bytes()).await?;
        Ok(Reply {
            written: Some(WrittenFile { path: path.clone(), bytes: edited.text.len() }),
            ..Reply::ok(format!("changed {path}: {edited}"))
        })
    }
}

//! Creates or overwrites a file.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::ToolContext;
use crate::error::ToolError;
use crate::gate::Permit;
use crate::tool::{Effect, PathArgument, Reply, Tool, WrittenFile};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteFile {
    path: PathArgument,
    content: String,
}

#[async_trait]
impl Tool for WriteFile {
    const NAME: &'static str = "write_file";
    const DESCRIPTION: &'static str = "Create or overwrite a file with the whole content given.";
    const READ_ONLY: bool = false;

    fn effect(&self) -> Effect<'_> {
        Effect::Writes(&self.path.0)
    }

    async fn run(&self, _permit: Permit, cx: &ToolContext) -> Result<Reply, ToolError> {
        let path = &self.path.0;
        let written = cx.workspace.write(path, self.content.as_bytes()).await?;
        let lines = self.content.lines().count();
        let lines = format!("{lines} {}", if lines == 1 { "line" } else { "lines" });
        let said = match written.before {
            None => format!("created {path} ({lines})"),
            Some(before) if before == written.after => format!("{path} already has this content ({lines})"),
            Some(_) => format!("changed {path} ({lines})"),
        };
        // Also told when it was the same before: a crash may have come between the file and its event.
        Ok(Reply {
            written: Some(WrittenFile { path: path.clone(), bytes: self.content.len() }),
            ..Reply::ok(said)
        })
    }
}

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
        let verb = match written.before {
            None => "created",
            Some(before) if before == written.after => {
                return Ok(Reply::ok(format!("{path} already has this content ({lines})")));
            }
            Some(_) => "changed",
        };
        Ok(Reply {
            written: Some(WrittenFile { path: path.clone(), bytes: self.content.len() }),
            ..Reply::ok(format!("{verb} {path} ({lines})"))
        })
    }
}

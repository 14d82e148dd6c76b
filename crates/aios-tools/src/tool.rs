//! What a tool is: arguments, a description of them for models, and what a call does.

use std::future::Future;
use std::pin::Pin;

use aios_core::{InvalidPath, ToolSchema, WorkspacePath};
use async_trait::async_trait;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::context::ToolContext;
use crate::error::ToolError;
use crate::gate::Permit;
use crate::schema;

/// A tool. The type that implements it holds its arguments, so that a value of the type is a call that was understood.
#[async_trait]
pub(crate) trait Tool: DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// Its name, for models and policies.
    const NAME: &'static str;
    /// What it does, for models.
    const DESCRIPTION: &'static str;
    /// Whether it changes nothing, so that its calls may run side by side and need no record before they run.
    const READ_ONLY: bool;
    /// The longest answer to the model, in bytes.
    const BUDGET: usize = 16 * 1024;

    /// What the gate must look at before the call runs.
    fn effect(&self) -> Effect<'_> {
        Effect::Plain
    }

    /// Does it. The permit shows that the gate let the call through.
    async fn run(&self, permit: Permit, cx: &ToolContext) -> Result<Reply, ToolError>;
}

/// What a call is about to do, as far as policies care.
#[derive(Debug)]
pub(crate) enum Effect<'a> {
    /// Nothing that a policy forbids.
    Plain,
    /// It writes this file.
    Writes(&'a WorkspacePath),
    /// It runs this command line.
    Runs(&'a str),
}

/// What a call answers.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) ok: bool,
    pub(crate) content: String,
    pub(crate) written: Option<WrittenFile>,
}

/// A file that a call changed.
#[derive(Debug)]
pub(crate) struct WrittenFile {
    pub(crate) path: WorkspacePath,
    pub(crate) bytes: usize,
}

impl Reply {
    /// A call that did what it was asked.
    pub(crate) fn ok(content: impl Into<String>) -> Self {
        Self { ok: true, content: content.into(), written: None }
    }
}

/// A call of any tool.
pub(crate) trait Call: Send + Sync {
    fn effect(&self) -> Effect<'_>;
    fn run<'a>(
        &'a self,
        permit: Permit,
        cx: &'a ToolContext,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, ToolError>> + Send + 'a>>;
}

impl<T: Tool> Call for T {
    fn effect(&self) -> Effect<'_> {
        Tool::effect(self)
    }

    fn run<'a>(
        &'a self,
        permit: Permit,
        cx: &'a ToolContext,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, ToolError>> + Send + 'a>> {
        Tool::run(self, permit, cx)
    }
}

/// A tool as the registry holds it.
pub(crate) struct ToolEntry {
    pub(crate) schema: ToolSchema,
    pub(crate) read_only: bool,
    pub(crate) budget: usize,
    pub(crate) understand: fn(&Value) -> Result<Box<dyn Call>, serde_json::Error>,
}

impl ToolEntry {
    pub(crate) fn of<T: Tool>() -> Self {
        Self {
            schema: ToolSchema {
                name: T::NAME,
                description: T::DESCRIPTION,
                parameters: schema::parameters::<T>(),
            },
            read_only: T::READ_ONLY,
            budget: T::BUDGET,
            understand: |arguments| Ok(Box::new(T::deserialize(arguments)?)),
        }
    }
}

/// A path as an argument.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub(crate) struct PathArgument(pub(crate) WorkspacePath);

impl TryFrom<String> for PathArgument {
    type Error = InvalidPath;

    fn try_from(text: String) -> Result<Self, InvalidPath> {
        WorkspacePath::new(&text).map(Self)
    }
}

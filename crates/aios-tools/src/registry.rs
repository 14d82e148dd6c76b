//! The tools there are.

use std::sync::{Arc, LazyLock};

use aios_core::{Policy, ToolSchema, nearest};

use crate::tool::ToolEntry;
use crate::tools;

/// The tools that agents can be offered.
#[derive(Clone)]
pub struct ToolRegistry {
    tools: Arc<[ToolEntry]>,
    schemas: Arc<[ToolSchema]>,
}

/// Built once per process: it lies on the way to the first model request.
static STANDARD: LazyLock<ToolRegistry> = LazyLock::new(|| {
    let tools: Arc<[ToolEntry]> = tools::standard().into();
    ToolRegistry { schemas: tools.iter().map(|tool| tool.schema.clone()).collect(), tools }
});

impl ToolRegistry {
    /// The tools of the product.
    pub fn standard() -> Self {
        STANDARD.clone()
    }

    /// The tools that a policy lets agents use, as models are told of them.
    pub fn schemas(&self, policy: &Policy) -> Arc<[ToolSchema]> {
        if self.schemas.iter().all(|schema| policy.allows_tool(schema.name)) {
            return Arc::clone(&self.schemas);
        }
        self.schemas.iter().filter(|schema| policy.allows_tool(schema.name)).cloned().collect()
    }

    /// All names; policies are checked against them.
    pub fn names(&self) -> Vec<&'static str> {
        self.tools.iter().map(|tool| tool.schema.name).collect()
    }

    /// Whether calls of a tool may run side by side. An unknown tool is not read-only.
    pub fn is_read_only(&self, name: &str) -> bool {
        self.find(name).is_some_and(|tool| tool.read_only)
    }

    pub(crate) fn find(&self, name: &str) -> Option<&ToolEntry> {
        self.tools.iter().find(|tool| tool.schema.name == name)
    }

    /// The names that a policy allows.
    pub(crate) fn allowed(&self, policy: &Policy) -> Vec<&'static str> {
        self.names().into_iter().filter(|name| policy.allows_tool(name)).collect()
    }

    /// The allowed names most like one that nothing has.
    pub(crate) fn nearest(&self, name: &str, policy: &Policy) -> Vec<String> {
        nearest(name, self.allowed(policy))
    }
}

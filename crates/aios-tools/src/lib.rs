//! The agent tools, one file each, and the gate that every call passes.
//!
//! Tools reach files, processes, git and the person through the ports of `aios-core` only, and only with a permit that
//! the gate makes. Must not know: any adapter, any model, the engine.

mod arguments;
mod clip;
mod context;
mod edit;
mod error;
mod gate;
mod registry;
mod schema;
mod tool;
mod tools;

pub use context::{LastOutput, ToolContext};
pub use error::ToolFatal;
pub use gate::{ToolAnswer, ToolGate};
pub use registry::ToolRegistry;

//! The agents: what one node is given, how it talks to its model, and the loop of those that call tools.

mod caller;
mod compact;
mod context;
mod prompt;
pub(crate) mod tool_loop;

pub(crate) use context::{NodeBrief, NodeContext, runner_fault};
pub use context::{ProgramMissing, Programs, RunPorts};

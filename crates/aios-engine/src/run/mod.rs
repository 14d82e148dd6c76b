//! A run: its state, the pure decider, and the actor that carries the decisions out.

mod actor;
mod channel;
mod decide;
mod state;

pub(crate) use actor::{CHECKPOINT_VERSION, LEASE, NodeJob, NodeWorker, launch};
pub use actor::{Ended, EnginePorts, RunHandle};
pub(crate) use channel::RunChannel;
pub(crate) use decide::{NodeFault, Verdict};
pub use state::MAX_ATTEMPTS;
pub(crate) use state::RunState;

#[cfg(test)]
mod tests;

//! Runs the agent graph: planner, then backend and frontend side by side, then QA, with self-debugging, questions to
//! the human, limits and checkpoints.
//!
//! A pure decider (`run::decide`) with one actor per run around it; agents work at its behest. Knows the ports of
//! `aios-core` and the tools, nothing else: no HTTP, no SQL, no disk, no processes, no clock, no environment.

mod agent;
mod agents;
mod engine;
mod graph;
mod guided;
mod memory;
mod meter;
mod run;
mod validate;

pub use agent::{ProgramMissing, Programs, RunPorts};
pub use engine::{Engine, EngineError};
pub use graph::{
    Catalogue, Checks, Graph, GraphError, GraphNode, Persona, PersonaKind, Role, catalogue, graph,
};
pub use meter::{Meter, Reservation};
pub use run::{Ended, EnginePorts, MAX_ATTEMPTS, RunHandle};

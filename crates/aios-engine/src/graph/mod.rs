//! The graph of a run: who takes part, who waits for whom. Pure; its data stands in `data/*.toml`.

mod catalogue;
mod waves;

pub use catalogue::{Catalogue, Checks, Persona, PersonaKind, Role, catalogue};
pub use waves::{Graph, GraphError, GraphNode, graph};

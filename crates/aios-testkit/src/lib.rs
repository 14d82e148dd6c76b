//! Test support: scripted model servers, in-memory ports, fake clock, run transcripts.
//!
//! Only ever a dev-dependency. What it plays is data; what it is asked it checks as a provider would. Must not know: the
//! engine, any adapter.
#![expect(clippy::panic, clippy::expect_used, reason = "it exists to make tests fail")]

pub mod account_suite;
mod clock;
mod conversation;
pub mod http;
mod mem_store;
mod model;
mod script;
mod server;
mod shape;
mod stable;
pub mod store_suite;
mod tool_schema;
mod transcript;
mod turn;
pub mod work_suite;

pub use clock::FakeClock;
pub use mem_store::MemStore;
pub use model::ScriptedModel;
pub use script::Script;
pub use server::{ModelServer, Recorded};
pub use stable::stable;
pub use transcript::RunTranscript;
pub use turn::{Turn, turn};

//! Model providers over HTTP: requests, replies, catalogue, prices, retries, fail-over.
//!
//! Implements the port `aios_core::Model`. Must not know: agents, tools, the environment, where keys are kept. The wires of
//! most providers (OpenAI's chat completions, Anthropic's messages) are our own; a few go through the crate genai, whose types
//! stay in one module.

mod call_id;
mod cancel;
mod catalog;
mod chat;
mod failover;
mod fault;
mod http;
mod http_model;
mod keys;
mod line;
mod messages;
mod name;
mod provider;
mod retry;
mod sse;
mod through_genai;
mod timeouts;
mod turn;

pub use catalog::{Catalog, catalog};
pub use failover::{Failover, Health};
pub use http::Http;
pub use http_model::{HttpModel, SetupError};
pub use keys::Keys;
pub use name::{ModelRef, UnknownModel, parse_model};
pub use provider::{PROVIDERS, Provider, provider};
pub use retry::{RetryPolicy, Retrying};
pub use timeouts::Timeouts;

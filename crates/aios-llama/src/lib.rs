//! The embedded model: llama.cpp in a worker process of the same executable, and the weights it needs.
//!
//! Two halves that meet only in [`wire`]: the host's (weights, supervisor, the `Model` port) and the worker's
//! (feature `llama`, the only place that links C++).

pub mod wire;
#[cfg(feature = "llama")]
mod worker;

#[cfg(feature = "llama")]
pub use worker::worker_main;

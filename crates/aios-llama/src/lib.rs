//! The embedded model: llama.cpp in a worker process of the same executable, and the weights it needs.
//!
//! Two halves that meet only in [`wire`]: the host's (weights, supervisor, the `Model` port) and the worker's
//! (feature `llama`, the only place that links C++). A host calls [`worker_main`] when its first argument is
//! [`WORKER_ARGUMENT`].

mod local_model;
mod self_test;
mod supervisor;
pub mod weights;
pub mod wire;
#[cfg(any(test, feature = "llama"))]
mod worker;

pub use local_model::{CONTEXT, LocalModel, LocalModelOptions};
pub use supervisor::{Crash, Replies, Supervisor, WORKER_ARGUMENT, WorkerEvent, WorkerOptions};
#[cfg(feature = "llama")]
pub use worker::worker_main;

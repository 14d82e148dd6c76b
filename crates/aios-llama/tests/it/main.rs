//! The crate's parts with real files, sockets and processes.

mod hub_server;
mod supervisor;
mod weights;

#[cfg(feature = "llama")]
mod real_model;

//! The typed client of the API: every command of `aios-protocol` over HTTP, and the events of a run over a WebSocket.
//!
//! A [`Client`] is an `Api` like the application itself; the places of its requests come from the same table as the server's
//! routes. Must not know: how a command is answered, where keys are kept, the environment, what a terminal is.

mod address;
mod client;
mod fault;
mod follow;
mod parcel;
mod socket;

pub use address::Address;
pub use client::Client;

//! The models against a real server on loopback.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod ask;
mod chain;
mod faults;
mod genai;
mod hostile;
mod requests;
mod retries;
mod server;
mod wires;

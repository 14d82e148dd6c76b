//! The crate's parts with real files, sockets and processes.

#![expect(
    clippy::disallowed_methods,
    reason = "tests are hosts: they own files, processes and the environment"
)]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

mod hub_server;
mod supervisor;
mod weights;

#[cfg(feature = "llama")]
mod real_model;

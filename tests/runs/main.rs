//! Whole runs against scripted models: real store, files, sandbox and tests.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests look at files and may fail")]

mod endings;
mod graphs;
mod humans;
mod limits;
mod memory;
mod mending;
mod outputs;
mod play;
mod review;
mod work;

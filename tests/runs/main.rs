//! Whole runs against scripted models: real store, files, sandbox and tests.

mod endings;
mod graphs;
mod humans;
mod limits;
mod memory;
mod mending;
mod outputs;
mod play;
mod work;

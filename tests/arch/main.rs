//! The rules of `crates/ARCHITECTURE.md`, kept by a machine.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests that read the tree and ask cargo about it"
)]

mod documents;
mod edges;
mod lock;
mod modules;
mod sources;
mod tree;

//! Organisations on one server: their people, their keys, their runs, and what they never reach.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests look at files and clocks, and may fail"
)]

mod guests;
mod inline;
mod money;
mod people;
mod runs;
mod vault;

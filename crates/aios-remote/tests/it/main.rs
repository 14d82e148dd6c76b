//! The client against far ends that say exactly what a test tells them to.

#![expect(clippy::unwrap_used, reason = "tests may fail")]

mod asking;
mod downloads;
mod following;
mod peer;
mod strangers;

//! The words as they stand on the wire.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, their helpers too")]

#[cfg(feature = "schema")]
mod bindings;
mod events;

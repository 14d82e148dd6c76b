//! The words as they stand on the wire.

#[cfg(feature = "schema")]
mod bindings;
mod events;

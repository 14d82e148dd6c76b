//! The scripted models as their users see them: over a socket and through the port.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]

mod client;
mod faults;
mod port;
mod strict;
mod wires;

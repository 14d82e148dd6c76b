//! The scripted models as their users see them: over a socket and through the port.

mod client;
mod faults;
mod port;
mod strict;
mod wires;

//! How long a provider may let us wait.

use std::time::Duration;

/// How long a provider may let us wait, by phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// From the request to the first byte of the reply's body, the connection included.
    pub first_byte: Duration,
    /// Between two pieces of the reply.
    pub between_bytes: Duration,
    /// For the whole reply, however lively it is.
    pub whole: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_byte: Duration::from_secs(60),
            between_bytes: Duration::from_secs(30),
            whole: Duration::from_secs(900),
        }
    }
}

//! The port that tells the time.

use aios_protocol::Timestamp;

/// Tells the time of day. Hosts pass the real one, tests a fake.
pub trait Clock: Send + Sync {
    /// The current moment.
    fn now(&self) -> Timestamp;
}

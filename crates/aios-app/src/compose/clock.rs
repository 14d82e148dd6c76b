//! The machine's clock.
#![expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]

use aios_core::Clock;
use aios_protocol::Timestamp;

/// Tells the machine's time.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        std::time::SystemTime::now().into()
    }
}

//! A clock that a test sets.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use aios_core::Clock;
use aios_protocol::Timestamp;

/// A clock that stands still until a test moves it. Starts at 2026-01-01T00:00:00Z.
#[derive(Debug)]
pub struct FakeClock {
    micros: AtomicI64,
}

impl FakeClock {
    /// A clock at its start.
    pub fn new() -> Self {
        Self { micros: AtomicI64::new(1_767_225_600_000_000) }
    }

    /// Moves it forward.
    pub fn advance(&self, duration: Duration) {
        let now = self.now().plus(duration);
        self.micros.store(now.as_micros(), Ordering::SeqCst);
    }
}

impl Default for FakeClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.micros.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_moves_when_it_is_told() {
        let clock = FakeClock::new();
        assert_eq!(clock.now().to_string(), "2026-01-01T00:00:00Z");
        clock.advance(Duration::from_millis(1_500));
        assert_eq!(clock.now().to_string(), "2026-01-01T00:00:01.5Z");
    }
}

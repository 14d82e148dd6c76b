//! The meter: counts money before and after each model call, whatever the provider reports.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aios_core::MicroUsd;
use tokio::sync::Notify;

/// Money that may be spent: of one run, or of all that an organisation does in a month. At most one call is under way once
/// the limit could be passed by those under way, so it is passed by one call at most.
#[derive(Debug)]
pub struct Meter {
    sums: Mutex<Sums>,
    settled: Notify,
}

#[derive(Debug, Default)]
struct Sums {
    limit: Option<MicroUsd>,
    spent: MicroUsd,
    reserved: MicroUsd,
}

/// Leave for one call. Settled with what the call came to; dropped unsettled, nothing was spent.
#[derive(Debug)]
pub struct Reservation {
    meter: Arc<Meter>,
    amount: MicroUsd,
}

impl Meter {
    /// A meter with a limit, or without one, of which this much is spent already.
    pub fn new(limit: Option<MicroUsd>, spent: MicroUsd) -> Arc<Self> {
        let sums = Sums { limit, spent, reserved: MicroUsd::default() };
        Arc::new(Self { sums: Mutex::new(sums), settled: Notify::new() })
    }

    /// Replaces the limit, for calls from now on.
    pub fn set_limit(&self, limit: Option<MicroUsd>) {
        self.sums().limit = limit;
        self.settled.notify_waiters();
    }

    /// What is left before the limit, where there is one.
    pub fn left(&self) -> Option<MicroUsd> {
        let sums = self.sums();
        sums.limit.map(|limit| MicroUsd(limit.0.saturating_sub(sums.spent.0)))
    }

    /// Waits for leave to make a call that costs at most this much; nothing when the limit is reached.
    pub async fn reserve(self: &Arc<Self>, worst: MicroUsd) -> Option<Reservation> {
        loop {
            let settled = self.settled.notified();
            match self.try_reserve(worst) {
                Leave::Granted => return Some(Reservation { meter: self.clone(), amount: worst }),
                Leave::Refused => return None,
                Leave::Wait => settled.await,
            }
        }
    }

    fn try_reserve(&self, worst: MicroUsd) -> Leave {
        let mut sums = self.sums();
        if let Some(limit) = sums.limit.filter(|_| worst > MicroUsd::default()) {
            if sums.spent >= limit {
                return Leave::Refused;
            }
            if sums.reserved > MicroUsd::default() && sums.spent + sums.reserved >= limit {
                return Leave::Wait;
            }
        }
        sums.reserved += worst;
        Leave::Granted
    }

    fn sums(&self) -> MutexGuard<'_, Sums> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reservation {
    /// The call ended; `cost` is what it came to.
    pub fn settle(self, cost: MicroUsd) {
        self.meter.sums().spent += cost;
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut sums = self.meter.sums();
        sums.reserved = MicroUsd(sums.reserved.0.saturating_sub(self.amount.0));
        drop(sums);
        self.meter.settled.notify_waiters();
    }
}

enum Leave {
    Granted,
    Refused,
    Wait,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(limit: Option<u64>) -> Arc<Meter> {
        Meter::new(limit.map(MicroUsd), MicroUsd::default())
    }

    #[tokio::test]
    async fn the_limit_is_passed_by_one_call_at_most() {
        let meter = meter(Some(100));
        for _ in 0..2 {
            meter.reserve(MicroUsd(60)).await.unwrap().settle(MicroUsd(60));
        }
        assert!(meter.reserve(MicroUsd(60)).await.is_none(), "120 of 100 are spent");
        assert_eq!(meter.left(), Some(MicroUsd(0)));
        meter.set_limit(Some(MicroUsd(200)));
        assert!(meter.reserve(MicroUsd(60)).await.is_some());
        assert_eq!(meter.left(), Some(MicroUsd(80)));
    }

    #[tokio::test]
    async fn a_second_call_waits_while_the_first_could_reach_the_limit() {
        let meter = meter(Some(100));
        let first = meter.reserve(MicroUsd(100)).await.unwrap();
        let second = meter.reserve(MicroUsd(100));
        tokio::pin!(second);
        assert!(futures::poll!(second.as_mut()).is_pending());
        first.settle(MicroUsd(10));
        let second = second.await.expect("only 10 were spent");
        let third = meter.reserve(MicroUsd(100));
        tokio::pin!(third);
        assert!(futures::poll!(third.as_mut()).is_pending());
        drop(second);
        assert!(third.await.is_some(), "a call that never ended cost nothing");
    }

    #[tokio::test]
    async fn what_is_free_is_never_refused() {
        let meter = meter(Some(0));
        assert!(meter.reserve(MicroUsd(0)).await.is_some());
        assert!(meter.reserve(MicroUsd(1)).await.is_none());
        assert_eq!(self::meter(None).left(), None);
    }
}

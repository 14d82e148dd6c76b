//! The meter: counts money before and after each model call, whatever the provider reports.

use std::sync::Mutex;

use aios_core::MicroUsd;
use tokio::sync::Notify;

/// The money of one run. At most one call is under way once the limit could be passed by those under way, so a run
/// never spends more than its limit and one call.
#[derive(Debug)]
pub(crate) struct Meter {
    limit: Option<MicroUsd>,
    sums: Mutex<Sums>,
    settled: Notify,
}

#[derive(Debug, Default)]
struct Sums {
    spent: MicroUsd,
    reserved: MicroUsd,
}

/// Leave for one call; must be settled.
#[derive(Debug)]
pub(crate) struct Reservation {
    amount: MicroUsd,
}

impl Meter {
    pub(crate) fn new(limit: Option<MicroUsd>, spent: MicroUsd) -> Self {
        Self {
            limit,
            sums: Mutex::new(Sums { spent, reserved: MicroUsd::default() }),
            settled: Notify::new(),
        }
    }

    /// Waits for leave to make a call that costs at most this much; nothing when the limit is reached.
    pub(crate) async fn reserve(&self, worst: MicroUsd) -> Option<Reservation> {
        loop {
            let settled = self.settled.notified();
            match self.try_reserve(worst) {
                Leave::Granted => return Some(Reservation { amount: worst }),
                Leave::Refused => return None,
                Leave::Wait => settled.await,
            }
        }
    }

    fn try_reserve(&self, worst: MicroUsd) -> Leave {
        let Ok(mut sums) = self.sums.lock() else { return Leave::Refused };
        if let Some(limit) = self.limit.filter(|_| worst > MicroUsd::default()) {
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

    /// The call ended; `cost` is what it came to.
    pub(crate) fn settle(&self, reservation: Reservation, cost: MicroUsd) {
        if let Ok(mut sums) = self.sums.lock() {
            sums.reserved = MicroUsd(sums.reserved.0.saturating_sub(reservation.amount.0));
            sums.spent += cost;
        }
        self.settled.notify_waiters();
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

    fn meter(limit: Option<u64>) -> Meter {
        Meter::new(limit.map(MicroUsd), MicroUsd::default())
    }

    #[tokio::test]
    async fn the_limit_is_passed_by_one_call_at_most() {
        let meter = meter(Some(100));
        for _ in 0..2 {
            let leave = meter.reserve(MicroUsd(60)).await.unwrap();
            meter.settle(leave, MicroUsd(60));
        }
        assert!(meter.reserve(MicroUsd(60)).await.is_none(), "120 of 100 are spent");
    }

    #[tokio::test]
    async fn a_second_call_waits_while_the_first_could_reach_the_limit() {
        let meter = meter(Some(100));
        let first = meter.reserve(MicroUsd(100)).await.unwrap();
        let second = meter.reserve(MicroUsd(100));
        tokio::pin!(second);
        assert!(futures::poll!(second.as_mut()).is_pending());
        meter.settle(first, MicroUsd(10));
        assert!(second.await.is_some(), "only 10 were spent");
    }

    #[tokio::test]
    async fn what_is_free_is_never_refused() {
        let meter = meter(Some(0));
        assert!(meter.reserve(MicroUsd(0)).await.is_some());
        assert!(meter.reserve(MicroUsd(1)).await.is_none());
    }
}

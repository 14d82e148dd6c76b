//! What each organisation may still spend in this month, shared by all that it does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aios_core::MicroUsd;
use aios_engine::Meter;
use aios_protocol::{OrgId, Timestamp};

/// The meters of organisations that spend.
#[derive(Default)]
pub(crate) struct Budgets {
    months: Mutex<HashMap<OrgId, Month>>,
}

struct Month {
    begin: Timestamp,
    meter: Arc<Meter>,
}

impl Budgets {
    /// The meter of a month, where it was begun; with the limit of now, since plans change.
    pub(crate) fn meter(&self, org: &OrgId, begin: Timestamp, limit: MicroUsd) -> Option<Arc<Meter>> {
        let months = self.months.lock().unwrap_or_else(PoisonError::into_inner);
        let month = months.get(org).filter(|month| month.begin == begin)?;
        month.meter.set_limit(Some(limit));
        Some(month.meter.clone())
    }

    /// Begins a month of which this much is spent already. Who was faster has begun it.
    pub(crate) fn begin(
        &self,
        org: &OrgId,
        begin: Timestamp,
        limit: MicroUsd,
        spent: MicroUsd,
    ) -> Arc<Meter> {
        let mut months = self.months.lock().unwrap_or_else(PoisonError::into_inner);
        // What nobody spends from is read again when somebody does.
        months.retain(|_, month| Arc::strong_count(&month.meter) > 1);
        let known = months.get(org).filter(|month| month.begin == begin).map(|month| month.meter.clone());
        known.unwrap_or_else(|| {
            let meter = Meter::new(Some(limit), spent);
            months.insert(org.clone(), Month { begin, meter: meter.clone() });
            meter
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: MicroUsd = MicroUsd(100);

    #[tokio::test]
    async fn all_of_an_organisation_spend_from_one_meter_until_the_month_is_over() {
        let budgets = Budgets::default();
        let (acme, globex): (OrgId, OrgId) = ("acme".parse().unwrap(), "globex".parse().unwrap());
        let (june, july) = (Timestamp::from_micros(6), Timestamp::from_micros(7));
        assert!(budgets.meter(&acme, june, LIMIT).is_none());
        let first = budgets.begin(&acme, june, LIMIT, MicroUsd(40));
        let second = budgets.begin(&acme, june, LIMIT, MicroUsd(40));
        first.reserve(MicroUsd(30)).await.unwrap().settle(MicroUsd(30));
        assert_eq!(second.left(), Some(MicroUsd(30)));
        assert_eq!(budgets.begin(&globex, june, LIMIT, MicroUsd(0)).left(), Some(LIMIT));
        let larger = budgets.meter(&acme, june, MicroUsd(500)).unwrap();
        assert_eq!(larger.left(), Some(MicroUsd(430)));
        assert!(budgets.meter(&acme, july, LIMIT).is_none());
        assert_eq!(budgets.begin(&acme, july, LIMIT, MicroUsd(0)).left(), Some(LIMIT));
    }
}

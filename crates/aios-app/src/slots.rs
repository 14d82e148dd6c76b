//! How many runs of an organisation are at work at the same time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aios_engine::RunHandle;
use aios_protocol::OrgId;
use futures::FutureExt;

/// The places that runs take.
#[derive(Default)]
pub(crate) struct Slots {
    places: Mutex<HashMap<OrgId, Vec<Arc<OnceLock<RunHandle>>>>>,
}

/// A place for a run that is about to start. Given back when it is dropped before the run took it.
pub(crate) struct Slot(Arc<OnceLock<RunHandle>>);

impl Slots {
    /// Takes a place, if fewer than `most` are taken.
    pub(crate) fn take(&self, org: &OrgId, most: u32) -> Option<Slot> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if !places.contains_key(org) {
            places.retain(|_, taken| taken.iter().any(is_taken));
        }
        let taken = places.entry(org.clone()).or_default();
        taken.retain(is_taken);
        if taken.len() >= most as usize {
            return None;
        }
        let place = Arc::new(OnceLock::new());
        taken.push(place.clone());
        Some(Slot(place))
    }
}

impl Slot {
    /// The run that the place is for; it keeps it until it is over.
    pub(crate) fn hold(self, handle: &RunHandle) {
        // It is set nowhere else, so there is nothing to lose.
        let _ = self.0.set(handle.clone());
    }
}

fn is_taken(place: &Arc<OnceLock<RunHandle>>) -> bool {
    match place.get() {
        Some(handle) => handle.done().now_or_never().is_none(),
        // Whoever is about to start holds the other one.
        None => Arc::strong_count(place) > 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_run_out_for_each_organisation_and_come_back() {
        let slots = Slots::default();
        let (acme, globex): (OrgId, OrgId) = ("acme".parse().unwrap(), "globex".parse().unwrap());
        let first = slots.take(&acme, 2).unwrap();
        let _second = slots.take(&acme, 2).unwrap();
        assert!(slots.take(&acme, 2).is_none());
        assert!(slots.take(&globex, 2).is_some());
        drop(first);
        assert!(slots.take(&acme, 2).is_some());
        assert!(slots.take(&acme, 0).is_none());
    }
}

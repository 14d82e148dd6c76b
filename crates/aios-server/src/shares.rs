//! What an organisation may have open at the same time, so that none takes all that there is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aios_protocol::OrgId;

type Taken = Arc<Mutex<HashMap<OrgId, usize>>>;

/// Counts what is open, for each organisation.
pub(crate) struct Shares {
    most: usize,
    taken: Taken,
}

/// One that is open; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    org: OrgId,
    taken: Taken,
}

impl Shares {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, taken: Taken::default() }
    }

    /// One more, unless the organisation has as many as it may.
    pub(crate) fn take(&self, org: &OrgId) -> Option<Share> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.get(org).copied().unwrap_or_default();
        if count >= self.most {
            return None;
        }
        taken.insert(org.clone(), count + 1);
        Some(Share { org: org.clone(), taken: self.taken.clone() })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.org) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.org);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_own_and_nothing_is_remembered_of_those_who_left() {
        let shares = Shares::new(2);
        let (acme, globex): (OrgId, OrgId) = ("acme".parse().unwrap(), "globex".parse().unwrap());
        let first = shares.take(&acme).unwrap();
        let second = shares.take(&acme).unwrap();
        assert!(shares.take(&acme).is_none());
        let other = shares.take(&globex).unwrap();
        drop(first);
        assert!(shares.take(&acme).is_some());
        drop((second, other));
        assert!(shares.taken.lock().unwrap().is_empty());
    }
}

//! One at a time, for each thing.

use std::hash::{BuildHasher, Hash, RandomState};

use tokio::sync::Mutex;

/// Locks by what they are for. There are a few for all things, so some things wait for each other without need.
pub(crate) struct Turns {
    hasher: RandomState,
    locks: [Mutex<()>; 32],
}

impl Default for Turns {
    fn default() -> Self {
        Self { hasher: RandomState::new(), locks: std::array::from_fn(|_| Mutex::new(())) }
    }
}

impl Turns {
    /// The lock of a thing.
    pub(crate) fn of(&self, thing: &impl Hash) -> &Mutex<()> {
        let [first, rest @ ..] = &self.locks;
        let index = self.hasher.hash_one(thing) as usize % self.locks.len();
        index.checked_sub(1).and_then(|index| rest.get(index)).unwrap_or(first)
    }
}

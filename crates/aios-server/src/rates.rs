//! Token buckets, one for each key or address, in bounded memory.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::options::Rate;

/// Clients that are remembered at the same time. Those beyond share one bucket.
const MOST: usize = 10_000;

/// The buckets of clients that are told apart by `K`.
pub(crate) struct TokenBuckets<K> {
    rate: Rate,
    buckets: Mutex<HashMap<Option<K>, Bucket>>,
}

struct Bucket {
    tokens: f64,
    at: Instant,
}

impl<K: Hash + Eq + Clone> TokenBuckets<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, buckets: Mutex::default() }
    }

    /// Takes a token, or tells how long to wait for one.
    pub(crate) fn take(&self, client: &K) -> Result<(), Duration> {
        self.at(Instant::now(), client)
    }

    fn at(&self, now: Instant, client: &K) -> Result<(), Duration> {
        let rate = self.rate;
        let filled = |bucket: &Bucket| {
            (bucket.tokens + (now - bucket.at).as_secs_f64() * rate.per_second).min(rate.burst)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut client = Some(client.clone());
        if buckets.len() >= MOST && !buckets.contains_key(&client) {
            // A full bucket says nothing that a new one would not.
            buckets.retain(|_, bucket| filled(bucket) < rate.burst);
            if buckets.len() >= MOST {
                client = None;
            }
        }
        let bucket = buckets.entry(client).or_insert(Bucket { tokens: rate.burst, at: now });
        bucket.tokens = filled(bucket);
        bucket.at = now;
        if bucket.tokens < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - bucket.tokens) / rate.per_second));
        }
        bucket.tokens -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_burst_then_a_pace_for_each_client() {
        let buckets = TokenBuckets::new(Rate { burst: 3.0, per_second: 2.0 });
        let start = Instant::now();
        let taken = |client: u32, now| (0..10).take_while(|_| buckets.at(now, &client).is_ok()).count();
        assert_eq!(taken(1, start), 3);
        assert_eq!(buckets.at(start, &1), Err(SECOND / 2));
        assert_eq!(taken(2, start), 3);
        assert_eq!(taken(1, start + SECOND), 2);
        assert_eq!(taken(1, start + 60 * SECOND), 3);
    }

    #[test]
    fn memory_is_bounded_and_strangers_share() {
        let buckets = TokenBuckets::new(Rate { burst: 2.0, per_second: 1.0 });
        let start = Instant::now();
        for client in 0..MOST {
            buckets.at(start, &client).unwrap();
        }
        let strangers = (MOST..MOST + 100).filter(|client| buckets.at(start, client).is_ok()).count();
        assert_eq!(strangers, 2);
        assert!(buckets.buckets.lock().unwrap().len() <= MOST + 1);
        assert!(buckets.at(start + 2 * SECOND, &(MOST + 7)).is_ok(), "those who left made room");
    }
}

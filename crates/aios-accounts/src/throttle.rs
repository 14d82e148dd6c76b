//! How often somebody may try: a bucket of tokens for each account and each origin, in memory.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aios_protocol::{Timestamp, UserId};

use crate::AccountError;

/// Where a request comes from, as far as throttling goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Somebody without a key.
    Address(IpAddr),
    /// The holder of a key.
    Person(UserId),
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    /// Tries to log in as this account, whether it exists or not.
    Login(String),
    /// New organisations from there: each brings runs that cost the host.
    Register(Origin),
    /// Mails to this address.
    Mail(String),
    /// Everything that costs a password's hash, or guesses.
    From(Origin),
}

impl Subject {
    pub(crate) fn from(origin: &Origin) -> Self {
        Self::From(network(origin))
    }

    pub(crate) fn register(origin: &Origin) -> Self {
        Self::Register(network(origin))
    }

    /// How many at once, and how long until the next.
    fn rate(&self) -> (f64, Duration) {
        match self {
            Self::Login(_) => (10.0, Duration::from_secs(30)),
            Self::Register(_) => (20.0, Duration::from_secs(180)),
            Self::Mail(_) => (3.0, Duration::from_secs(600)),
            Self::From(_) => (100.0, Duration::from_secs(1)),
        }
    }
}

/// A customer of a provider has at least a /64 to take addresses from.
fn network(origin: &Origin) -> Origin {
    match origin {
        Origin::Address(IpAddr::V6(address)) => {
            Origin::Address(IpAddr::V6((address.to_bits() >> 64 << 64).into()))
        }
        origin => origin.clone(),
    }
}

/// Buckets that are remembered; beyond that the fullest are forgotten, which lets at worst a few more tries through.
const MOST: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Timestamp,
}

/// The buckets.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    buckets: Mutex<HashMap<Subject, Bucket>>,
}

impl Throttle {
    /// Takes a token, or says when there will be one.
    pub(crate) fn take(&self, subject: Subject, now: Timestamp) -> Result<(), AccountError> {
        let (most, every) = subject.rate();
        let mut buckets = self.lock();
        if buckets.len() >= MOST && !buckets.contains_key(&subject) {
            forget_the_fullest(&mut buckets, now);
        }
        let bucket = buckets.entry(subject).or_insert(Bucket { tokens: most, at: now });
        let tokens = refilled(bucket, most, every, now);
        if tokens < 1.0 {
            return Err(AccountError::TooMany { retry_after: every.mul_f64(1.0 - tokens) });
        }
        *bucket = Bucket { tokens: tokens - 1.0, at: now };
        Ok(())
    }

    /// Gives a token back, after a try that turned out to be right.
    pub(crate) fn give_back(&self, subject: &Subject) {
        let (most, _) = subject.rate();
        if let Some(bucket) = self.lock().get_mut(subject) {
            bucket.tokens = (bucket.tokens + 1.0).min(most);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Subject, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refilled(bucket: &Bucket, most: f64, every: Duration, now: Timestamp) -> f64 {
    (bucket.tokens + now.since(bucket.at).div_duration_f64(every)).min(most)
}

fn forget_the_fullest(buckets: &mut HashMap<Subject, Bucket>, now: Timestamp) {
    let missing = |(subject, bucket): (&Subject, &Bucket)| {
        let (most, every) = subject.rate();
        most - refilled(bucket, most, every, now)
    };
    let mut all: Vec<f64> = buckets.iter().map(missing).collect();
    let (_, median, _) = all.select_nth_unstable_by(MOST / 2, f64::total_cmp);
    let median = *median;
    let mut room = MOST / 4;
    buckets.retain(|subject, bucket| {
        let goes = room > 0 && missing((subject, &*bucket)) <= median;
        room -= usize::from(goes);
        !goes
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    fn login(name: &str) -> Subject {
        Subject::Login(name.into())
    }

    fn wait(throttle: &Throttle, subject: Subject, now: Timestamp) -> Option<Duration> {
        match throttle.take(subject, now) {
            Ok(()) => None,
            Err(AccountError::TooMany { retry_after }) => Some(retry_after),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn tries_run_out_and_come_back() {
        let throttle = Throttle::default();
        for n in 0..10 {
            assert_eq!(wait(&throttle, login("ada"), after(0)), None, "{n}");
        }
        assert_eq!(wait(&throttle, login("ada"), after(0)), Some(Duration::from_secs(30)));
        assert_eq!(wait(&throttle, login("ada"), after(10)), Some(Duration::from_secs(20)));
        assert_eq!(wait(&throttle, login("bob"), after(10)), None);
        assert_eq!(wait(&throttle, login("ada"), after(30)), None);
        assert!(wait(&throttle, login("ada"), after(30)).is_some());
        throttle.give_back(&login("ada"));
        assert_eq!(wait(&throttle, login("ada"), after(30)), None);
        assert!(wait(&throttle, login("ada"), after(29)).is_some(), "the clock went backwards");
    }

    #[test]
    fn addresses_of_one_customer_count_together() {
        let from = |text: &str| Subject::from(&Origin::Address(text.parse().unwrap()));
        assert_eq!(from("2001:db8:1:2::1"), from("2001:db8:1:2:ffff::9"));
        assert_ne!(from("2001:db8:1:2::1"), from("2001:db8:1:3::1"));
        assert_ne!(from("192.0.2.1"), from("192.0.2.2"));
    }

    #[test]
    fn a_flood_of_names_frees_no_account_that_is_under_attack() {
        let throttle = Throttle::default();
        while wait(&throttle, login("ada"), after(0)).is_none() {}
        for n in 0..3 * MOST {
            wait(&throttle, login(&format!("nobody{n}")), after(0));
        }
        assert!(throttle.lock().len() <= MOST);
        assert!(wait(&throttle, login("ada"), after(0)).is_some());
    }
}

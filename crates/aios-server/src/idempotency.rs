//! `Idempotency-Key`: a POST that is sent again, because its answer was lost, is answered again and not done again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aios_protocol::{ErrorCode, OrgId};
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::access::KeyTag;
use crate::failure::Failure;

const HEADER: &str = "idempotency-key";
/// Answers that are kept for one organisation; the oldest go first.
const MOST: usize = 500;
/// Answers that are kept for all of them.
const MOST_OF_ALL: usize = 10_000;
/// How long an answer is kept.
const KEEP: Duration = Duration::from_secs(24 * 60 * 60);
const LONGEST_KEY: usize = 255;

/// Which request it is: whose, and how they call it.
type Name = (KeyTag, String);
/// An answer that went out.
pub(crate) type Answer = (StatusCode, Bytes);
type Entries = Arc<Mutex<HashMap<Name, Entry>>>;

/// The answers of this process.
#[derive(Default)]
pub(crate) struct Kept(Entries);

struct Entry {
    org: OrgId,
    request: [u8; 32],
    answer: Arc<OnceCell<Answer>>,
    since: Instant,
}

/// A request that is done at most once.
pub(crate) struct Once {
    name: Name,
    answer: Arc<OnceCell<Answer>>,
    entries: Entries,
}

/// Who asks: their key, and the organisation that it is of.
pub(crate) type Asker<'a> = (&'a OrgId, KeyTag);

impl Kept {
    /// What is known of a request that carries the header. `request` is what was asked for: method, path and body.
    pub(crate) fn find(
        &self,
        headers: &HeaderMap,
        (org, tag): Asker<'_>,
        request: [&[u8]; 3],
    ) -> Result<Option<Once>, Failure> {
        let Some(key) = headers.get(HEADER) else { return Ok(None) };
        let is_key = |key: &&str| {
            (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let key = key.to_str().ok().filter(is_key).ok_or_else(|| {
            let rule =
                format!("Idempotency-Key must be 1 to {LONGEST_KEY} printable characters without blanks");
            Failure::unreadable(rule)
        })?;
        let mut digest = Sha256::new();
        for part in request {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
        let (request, now) = (digest.finalize().into(), Instant::now());
        let name = (tag, key.to_owned());
        let mut entries = lock(&self.0);
        let answer = match entries.get(&name) {
            Some(entry) if entry.request == request => entry.answer.clone(),
            Some(_) => {
                return Err(Failure::new(
                    ErrorCode::InvalidRequest,
                    "this Idempotency-Key was sent before with another request",
                )
                .with_hint("use a new key for each new request"));
            }
            None => {
                make_room(&mut entries, org, now)?;
                let answer = Arc::default();
                let entry = Entry { org: org.clone(), request, answer: Arc::clone(&answer), since: now };
                entries.insert(name.clone(), entry);
                answer
            }
        };
        Ok(Some(Once { name, answer, entries: self.0.clone() }))
    }
}

/// Forgets the oldest answer where there are too many; never a request that is being answered.
fn make_room(entries: &mut HashMap<Name, Entry>, org: &OrgId, now: Instant) -> Result<(), Failure> {
    let own = entries.values().filter(|entry| entry.org == *org).count();
    if own < MOST && entries.len() < MOST_OF_ALL {
        return Ok(());
    }
    entries.retain(|_, entry| now - entry.since < KEEP);
    let answered = entries.iter().filter(|(_, entry)| entry.answer.initialized());
    let oldest = answered
        .filter(|(_, entry)| own < MOST || entry.org == *org)
        .min_by_key(|(_, entry)| entry.since)
        .map(|(name, _)| name.clone());
    match oldest {
        Some(name) => _ = entries.remove(&name),
        None if entries.len() >= MOST => return Err(Failure::too_often(Duration::from_secs(5))),
        None => {}
    }
    Ok(())
}

/// Does what was asked, unless it was done before.
pub(crate) async fn answer(
    once: Option<Once>,
    act: impl Future<Output = Result<Answer, Failure>>,
) -> Result<Answer, Failure> {
    match once {
        Some(once) => once.answer(act).await,
        None => act.await,
    }
}

impl Once {
    /// The answer of before, or that of `act`. Whoever asks meanwhile waits for it. A failure is not kept: the next one tries
    /// again, with another request if need be.
    async fn answer(&self, act: impl Future<Output = Result<Answer, Failure>>) -> Result<Answer, Failure> {
        let answer = self.answer.get_or_try_init(|| act).await.cloned();
        if answer.is_err() {
            let mut entries = lock(&self.entries);
            // Ours and the table's: nobody else is at it.
            let is_over = |entry: &Entry| {
                Arc::ptr_eq(&entry.answer, &self.answer)
                    && !entry.answer.initialized()
                    && Arc::strong_count(&self.answer) == 2
            };
            if entries.get(&self.name).is_some_and(is_over) {
                entries.remove(&self.name);
            }
        }
        answer
    }
}

fn lock(entries: &Entries) -> MutexGuard<'_, HashMap<Name, Entry>> {
    entries.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(key: &str) -> HeaderMap {
        HeaderMap::from_iter([(HEADER.parse().unwrap(), key.parse().unwrap())])
    }

    fn org(name: &str) -> OrgId {
        name.parse().unwrap()
    }

    const DONE: Result<Answer, Failure> = Ok((StatusCode::OK, Bytes::new()));

    #[tokio::test]
    async fn the_same_is_done_once_and_another_is_refused() {
        let (kept, acme) = (Kept::default(), org("acme"));
        let ask = async |key: &str, tag: u8, body: &str, answer: &'static str| {
            let asker = (&acme, [tag; 32]);
            let once = kept.find(&headers(key), asker, [b"POST", b"/runs", body.as_bytes()])?.unwrap();
            let act = async { Ok((StatusCode::CREATED, Bytes::from_static(answer.as_bytes()))) };
            once.answer(act).await.map(|(_, body)| body)
        };
        assert_eq!(ask("a", 1, "{}", "first").await.unwrap(), "first");
        assert_eq!(ask("a", 1, "{}", "second").await.unwrap(), "first");
        assert_eq!(ask("b", 1, "{}", "other key").await.unwrap(), "other key");
        assert_eq!(ask("a", 2, "{}", "other caller").await.unwrap(), "other caller");
        let refused = ask("a", 1, "{ }", "other body").await.unwrap_err().into_problem();
        assert_eq!(refused.code, ErrorCode::InvalidRequest);
    }

    #[tokio::test]
    async fn failures_are_tried_again_with_what_was_mended() {
        let (kept, acme) = (Kept::default(), org("acme"));
        let once = |body: &str| kept.find(&headers("a"), (&acme, [1; 32]), [b"POST", b"/", body.as_bytes()]);
        let failed = once("wrong").unwrap().unwrap().answer(async { Err(Failure::unreadable("no")) }).await;
        assert!(failed.is_err());
        assert!(once("right").unwrap().unwrap().answer(async { DONE }).await.is_ok());
        assert!(once("wrong").is_err(), "that key has its answer");
    }

    #[tokio::test]
    async fn memory_is_bounded_and_nobody_loses_what_is_under_way_or_another_has() {
        let (kept, acme, globex) = (Kept::default(), org("acme"), org("globex"));
        let find = |number: usize, org| {
            kept.find(&headers(&number.to_string()), (org, [1; 32]), [b"", b"", b""]).map(Option::unwrap)
        };
        find(MOST + 99, &globex).unwrap().answer(async { DONE }).await.unwrap();
        let under_way = find(0, &acme).unwrap();
        for number in 1..MOST + 50 {
            find(number, &acme).unwrap().answer(async { DONE }).await.unwrap();
        }
        assert_eq!(lock(&kept.0).len(), MOST + 1);
        assert!(Arc::ptr_eq(&under_way.answer, &find(0, &acme).unwrap().answer));
        assert!(find(MOST + 99, &globex).unwrap().answer.initialized());
    }
}

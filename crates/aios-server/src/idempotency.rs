//! `Idempotency-Key`: a POST that is sent again, because its answer was lost, is answered again and not done again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aios_protocol::ErrorCode;
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::access::KeyTag;
use crate::failure::Failure;

const HEADER: &str = "idempotency-key";
/// Answers that are kept at the same time; the oldest go first.
const MOST: usize = 1_000;
/// How long an answer is kept.
const KEEP: Duration = Duration::from_secs(24 * 60 * 60);
const LONGEST_KEY: usize = 255;

/// Which request it is: whose, and how they call it.
type Name = (KeyTag, String);
/// An answer that went out.
pub(crate) type Answer = (StatusCode, Bytes);

/// The answers of this process.
#[derive(Default)]
pub(crate) struct Kept(Mutex<HashMap<Name, Entry>>);

struct Entry {
    request: [u8; 32],
    answer: Arc<OnceCell<Answer>>,
    since: Instant,
}

/// A request that is done at most once.
pub(crate) struct Once(Arc<OnceCell<Answer>>);

impl Kept {
    /// What is known of a request that carries the header. `request` is what was asked for: method, path and body.
    pub(crate) fn find(
        &self,
        headers: &HeaderMap,
        tag: KeyTag,
        request: [&[u8]; 3],
    ) -> Result<Option<Once>, Failure> {
        let Some(key) = headers.get(HEADER) else { return Ok(None) };
        let key = key.to_str().ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
        let key = key.ok_or_else(|| {
            Failure::unreadable(format!("Idempotency-Key must be 1 to {LONGEST_KEY} printable characters"))
        })?;
        let mut digest = Sha256::new();
        for part in request {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
        let (request, now) = (digest.finalize().into(), Instant::now());
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut entries, now);
        let entry = entries.entry((tag, key.to_owned())).or_insert_with(|| Entry {
            request,
            answer: Arc::default(),
            since: now,
        });
        if entry.request != request {
            return Err(Failure::new(
                ErrorCode::InvalidRequest,
                "this Idempotency-Key was sent before with another request",
            )
            .with_hint("use a new key for each new request"));
        }
        Ok(Some(Once(entry.answer.clone())))
    }
}

fn make_room(entries: &mut HashMap<Name, Entry>, now: Instant) {
    if entries.len() < MOST {
        return;
    }
    entries.retain(|_, entry| now - entry.since < KEEP);
    if entries.len() >= MOST
        && let Some(oldest) =
            entries.iter().min_by_key(|(_, entry)| entry.since).map(|(name, _)| name.clone())
    {
        entries.remove(&oldest);
    }
}

impl Once {
    /// The answer of before, or that of `act`. Whoever asks meanwhile waits for it. A failure is not kept: the next one tries
    /// again.
    pub(crate) async fn answer(
        &self,
        act: impl Future<Output = Result<Answer, Failure>>,
    ) -> Result<Answer, Failure> {
        self.0.get_or_try_init(|| act).await.cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(key: &str) -> HeaderMap {
        HeaderMap::from_iter([(HEADER.parse().unwrap(), key.parse().unwrap())])
    }

    #[tokio::test]
    async fn the_same_is_done_once_and_another_is_refused() {
        let kept = Kept::default();
        let ask = async |key: &str, tag: u8, body: &str, answer: &'static str| {
            let once = kept.find(&headers(key), [tag; 32], [b"POST", b"/runs", body.as_bytes()])?.unwrap();
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
    async fn failures_are_tried_again() {
        let kept = Kept::default();
        let once = || kept.find(&headers("a"), [1; 32], [b"POST", b"/", b""]).unwrap().unwrap();
        let failed = once().answer(async { Err(Failure::unreadable("no")) }).await;
        assert!(failed.is_err());
        assert!(once().answer(async { Ok((StatusCode::OK, Bytes::new())) }).await.is_ok());
    }

    #[test]
    fn memory_is_bounded() {
        let kept = Kept::default();
        for number in 0..MOST + 50 {
            kept.find(&headers(&number.to_string()), [1; 32], [b"", b"", b""]).unwrap();
        }
        assert_eq!(kept.0.lock().unwrap().len(), MOST);
    }
}

//! Second attempts at the same model.

use std::sync::Arc;
use std::time::Duration;

use aios_core::{Model, ModelError, ModelEvent, ModelInfo, ModelRequest, ModelStream};
use async_stream::stream;
use futures::StreamExt;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often and how soon a request is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all.
    pub attempts: u32,
    /// Before the second attempt; it doubles with each further one, give or take a quarter.
    pub first_wait: Duration,
    /// Longest wait, also when the provider wants more.
    pub longest_wait: Duration,
    /// No attempt begins later than this after the first one began.
    pub within: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(60),
            within: Duration::from_secs(180),
        }
    }
}

impl RetryPolicy {
    /// How long to wait after `failed` attempts; nothing when it is to be the last word.
    fn wait(&self, failed: u32, error: &ModelError, begun: Instant) -> Option<Duration> {
        if failed >= self.attempts || !error.is_retryable() {
            return None;
        }
        let wait = match error {
            ModelError::RateLimited { retry_after: Some(wish), .. } => *wish,
            _ => {
                let doubled = self.first_wait.saturating_mul(1 << (failed - 1).min(16));
                doubled.mul_f64(rand::random_range(0.75..1.25))
            }
        };
        let wait = wait.min(self.longest_wait);
        (begun.elapsed() + wait <= self.within).then_some(wait)
    }
}

/// A model that is asked again when it fails before its reply began. Once an event was passed on, a fault is final: a second
/// attempt would repeat text.
///
/// In a chain it goes around the chain, not into it: the next model is faster than a wait.
pub struct Retrying {
    model: Arc<dyn Model>,
    policy: RetryPolicy,
}

impl Retrying {
    /// Asks `model` again as `policy` says.
    pub fn new(model: Arc<dyn Model>, policy: RetryPolicy) -> Self {
        Self { model, policy }
    }
}

impl Model for Retrying {
    fn info(&self) -> &ModelInfo {
        self.model.info()
    }

    fn stream(&self, request: ModelRequest, stop: CancellationToken) -> ModelStream {
        let (model, policy) = (Arc::clone(&self.model), self.policy);
        Box::pin(stream! {
            let begun = Instant::now();
            for failed in 1.. {
                let mut events = model.stream(request.clone(), stop.clone());
                let mut passed_on = false;
                let error = loop {
                    match events.next().await {
                        Some(Ok(event)) => {
                            // A change of models is no part of the reply.
                            passed_on |= !matches!(event, ModelEvent::Failover { .. });
                            let done = matches!(event, ModelEvent::Done(_));
                            yield Ok(event);
                            if done {
                                return;
                            }
                        }
                        Some(Err(error)) => break error,
                        None => break ended_silently(model.info()),
                    }
                };
                drop(events);
                let wait = policy.wait(failed, &error, begun).filter(|_| !passed_on);
                let Some(wait) = wait else {
                    yield Err(error);
                    return;
                };
                tracing::debug!(attempt = failed, wait_ms = wait.as_millis() as u64, model = model.info().name, "the model is asked again");
                let cancelled = tokio::select! {
                    biased;
                    () = stop.cancelled() => true,
                    () = tokio::time::sleep(wait) => false,
                };
                if cancelled {
                    yield Err(ModelError::Cancelled);
                    return;
                }
            }
        })
    }
}

/// A model must not do this; if one does, callers still get an end.
pub(crate) fn ended_silently(info: &ModelInfo) -> ModelError {
    ModelError::BadReply { model: info.full_name(), detail: "it ended without saying so".to_owned() }
}

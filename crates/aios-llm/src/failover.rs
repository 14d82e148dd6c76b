//! A chain of models: when one fails, the next takes over.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aios_core::{Model, ModelError, ModelEvent, ModelInfo, ModelRequest, ModelStream};
use async_stream::stream;
use futures::StreamExt;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::retry::ended_silently;

/// Which models failed lately. Cheap to clone; the chains that share one skip what another chain saw failing.
#[derive(Clone, Default)]
pub struct Health(Arc<Mutex<HashMap<String, Instant>>>);

impl Health {
    /// How long a model that failed is skipped.
    const REST: Duration = Duration::from_secs(30);

    fn is_resting(&self, model: &str) -> bool {
        let until = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(model).copied();
        until.is_some_and(|until| Instant::now() < until)
    }

    fn failed(&self, model: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(model, Instant::now() + Self::REST);
    }

    fn answered(&self, model: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(model);
    }
}

/// A chain of models that looks like one.
///
/// A reply must not begin twice, and the port has no way to take text back. So a turn of a model that another could still
/// replace is held until it is finished; only the last model of the chain, having nobody behind it, is passed on as it
/// comes. A chain of one therefore streams. The price of fail-over is that text shows up a turn at a time.
///
/// Usage and price are those of the model that answered: what failed attempts cost is not known, as errors carry no usage.
pub struct Failover {
    chain: Arc<[Arc<dyn Model>]>,
    info: ModelInfo,
    health: Health,
}

impl Failover {
    /// `first`, and when it fails those of `rest` in order. They should agree in style: requests are made for the first.
    pub fn new(first: Arc<dyn Model>, rest: Vec<Arc<dyn Model>>, health: Health) -> Self {
        let mut info = first.info().clone();
        for model in &rest {
            // What is promised must hold whoever answers.
            info.context = info.context.min(model.info().context);
            info.max_output = info.max_output.min(model.info().max_output);
        }
        let chain = std::iter::once(first).chain(rest).collect();
        Self { chain, info, health }
    }

    /// Those that did not fail lately; everyone when all did, since a try is better than none.
    fn order(&self) -> Vec<Arc<dyn Model>> {
        let rested = |model: &&Arc<dyn Model>| !self.health.is_resting(&model.info().full_name());
        let fit: Vec<_> = self.chain.iter().filter(rested).cloned().collect();
        if fit.is_empty() { self.chain.to_vec() } else { fit }
    }
}

impl Model for Failover {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn stream(&self, request: ModelRequest, stop: CancellationToken) -> ModelStream {
        let (order, health) = (self.order(), self.health.clone());
        Box::pin(stream! {
            for (place, model) in order.iter().enumerate() {
                let name = model.info().full_name();
                let next = order.get(place + 1);
                let mut held = Vec::new();
                let mut events = model.stream(request.clone(), stop.clone());
                let error = loop {
                    match events.next().await {
                        Some(Ok(event)) => {
                            let done = matches!(event, ModelEvent::Done(_));
                            held.push(event);
                            if done || next.is_none() {
                                for event in held.drain(..) {
                                    yield Ok(event);
                                }
                            }
                            if done {
                                health.answered(&name);
                                return;
                            }
                        }
                        Some(Err(error)) => break error,
                        None => break ended_silently(model.info()),
                    }
                };
                drop(events);
                if tells_of_ill_health(&error) {
                    health.failed(name.clone());
                }
                match next {
                    Some(next) if error.is_worth_another_model() => {
                        let (to, reason) = (next.info().full_name(), error.to_string());
                        yield Ok(ModelEvent::Failover { from: name, to, reason });
                    }
                    _ => {
                        yield Err(error);
                        return;
                    }
                }
            }
        })
    }
}

/// Whether the next request would likely fail in the same way. A refused request or a garbled reply says little of the next.
fn tells_of_ill_health(error: &ModelError) -> bool {
    matches!(
        error,
        ModelError::Unauthorised { .. }
            | ModelError::RateLimited { .. }
            | ModelError::Unavailable { .. }
            | ModelError::TimedOut { .. }
            | ModelError::Crashed { .. }
            | ModelError::NotReady { .. }
    )
}

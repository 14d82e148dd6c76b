//! Following runs: stored events first, then live ones, none twice and none lost.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aios_core::{EventStore, RunStore};
use aios_engine::{Ended, RunHandle};
use aios_protocol::{ErrorCode, EventFrame, Problem, RunId};
use async_stream::stream;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};
use tokio::sync::broadcast::error::RecvError;

use super::Session;
use crate::hub::{Channel, ENDED_RUNS};
use crate::problem;

/// Events that are read from the store at once.
const PAGE: usize = 500;
/// Runs whose place a reader remembers before those that ended long ago are forgotten.
const MOST_RUNS: usize = 4 * ENDED_RUNS as usize;
/// How long a store that failed is left alone.
const RETRY: Duration = Duration::from_secs(1);
/// How often another process's run is looked at.
const POLL: Duration = Duration::from_millis(150);

impl Session {
    /// The events of a run after `after`: first the stored ones, then live ones with `token_chunk`s. Ends when nobody works
    /// on the run and everything was told.
    pub fn subscribe(&self, run_id: RunId, after: u64) -> BoxStream<'static, Result<EventFrame, Problem>> {
        let session = self.clone();
        match self.app.run(&self.scope, run_id) {
            Some(handle) => live(session, handle, after),
            None => stored(session, run_id, after),
        }
    }

    /// The events, from now on, of all runs of the organisation that this process works on. Never ends by itself.
    ///
    /// A reader who falls behind gets what it missed from the store: stored events come all and in order within their
    /// run, `token_chunk`s of that time do not. Whoever is too far behind even for that gets a problem as the last item.
    pub fn feed(&self) -> BoxStream<'static, Result<Arc<EventFrame>, Problem>> {
        let channel = self.app.hub.channel(&self.scope.org);
        feed(self.clone(), channel)
    }

    async fn page(&self, run_id: RunId, after: u64) -> Result<Vec<EventFrame>, Problem> {
        let page = self.app.store.after(&self.scope, run_id, after, PAGE).await;
        page.map_err(|error| problem::store(&error))
    }
}

/// The live events of an organisation; on lag, what each run told in between is read from the store.
fn feed(session: Session, channel: Arc<Channel>) -> BoxStream<'static, Result<Arc<EventFrame>, Problem>> {
    // Subscribed before the first poll: what happens from this call on is part of it.
    let (mut frames, told) = channel.subscribe();
    stream! {
        let mut ended = told.ended;
        let mut last: HashMap<RunId, u64> = told.runs.iter().map(|(run, span)| (*run, span.to)).collect();
        loop {
            match frames.recv().await {
                Ok(live) => {
                    let frame = live.frame;
                    let next = |last: &u64| last + u64::from(frame.event.is_durable());
                    match last.get(&frame.run_id).map_or(Ordering::Equal, |last| frame.seq.cmp(&next(last))) {
                        // It was read from the store already, or is a chunk from before that.
                        Ordering::Less => continue,
                        Ordering::Equal => {
                            if last.len() > MOST_RUNS {
                                let told = channel.told();
                                last.retain(|run_id, _| told.runs.contains_key(run_id));
                            }
                            last.insert(frame.run_id, frame.seq);
                            ended = live.ended;
                            yield Ok(frame);
                            continue;
                        }
                        Ordering::Greater => {}
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
            let missed = channel.told();
            if missed.ended - ended > ENDED_RUNS {
                yield Err(too_far_behind());
                return;
            }
            for (run_id, span) in missed.runs {
                let mut after = last.get(&run_id).copied().unwrap_or(span.from);
                while after < span.to {
                    match session.page(run_id, after).await {
                        Ok(page) if page.is_empty() => break,
                        Ok(page) => for frame in page {
                            after = frame.seq;
                            yield Ok(Arc::new(frame));
                        }
                        Err(problem) => {
                            yield Err(problem);
                            return;
                        }
                    }
                }
                last.insert(run_id, after);
            }
        }
    }
    .boxed()
}

fn too_far_behind() -> Problem {
    Problem::new(ErrorCode::Conflict, "the reader is too far behind to be caught up")
        .with_hint("connect again, and read each run from its last seq")
}

/// Tells the events of a run to everybody who follows its organisation, until nobody works on it any more.
pub(crate) async fn tell(session: Session, handle: RunHandle) {
    let channel = session.app.hub.channel(&session.scope.org);
    let mut last = handle.begun_after;
    channel.begin(handle.run_id, last);
    loop {
        let mut frames = live(session.clone(), handle.clone(), last);
        let failed = loop {
            match frames.next().await {
                Some(Ok(frame)) => {
                    last = last.max(frame.seq);
                    session.app.hub.publish(&channel, frame);
                }
                Some(Err(problem)) => break Some(problem),
                None => break None,
            }
        };
        let Some(problem) = failed else { break };
        // Whose state could not be stored tells nothing more.
        if handle.done().now_or_never().is_some_and(|ended| ended.is_err()) {
            break;
        }
        tracing::warn!(run_id = %handle.run_id, %problem, "events could not be read and are tried again");
        tokio::time::sleep(RETRY).await;
    }
    channel.end(handle.run_id);
}

/// Subscribe, replay, drop what was seen; on lag replay again.
fn live(session: Session, handle: RunHandle, after: u64) -> BoxStream<'static, Result<EventFrame, Problem>> {
    stream! {
        let mut frames = handle.subscribe();
        let mut last = after;
        let mut replay = true;
        let mut done: Option<Ended> = None;
        loop {
            while replay {
                match session.page(handle.run_id, last).await {
                    Ok(page) => {
                        replay = page.len() == PAGE;
                        for frame in page {
                            last = frame.seq;
                            yield Ok(frame);
                        }
                    }
                    Err(problem) => {
                        yield Err(problem);
                        return;
                    }
                }
            }
            match done {
                Some(Ok(_)) => return,
                Some(Err(error)) => {
                    yield Err(problem::stopped(handle.run_id, &error));
                    return;
                }
                None => {}
            }
            tokio::select! {
                biased;
                frame = frames.recv() => match frame {
                    Ok(frame) if frame.event.is_durable() && frame.seq <= last => {}
                    Ok(frame) => {
                        // A gap means that something was published before this subscription saw it.
                        if frame.event.is_durable() && frame.seq > last + 1 {
                            replay = true;
                        } else {
                            if frame.event.is_durable() {
                                last = frame.seq;
                            }
                            yield Ok((*frame).clone());
                        }
                    }
                    Err(RecvError::Lagged(_)) => replay = true,
                    Err(RecvError::Closed) => (replay, done) = (true, Some(handle.done().await)),
                },
                ended = handle.done() => (replay, done) = (true, Some(ended)),
            }
        }
    }
    .boxed()
}

/// Another process's run, or one that nobody works on: the store tells.
fn stored(session: Session, run_id: RunId, after: u64) -> BoxStream<'static, Result<EventFrame, Problem>> {
    stream! {
        let app = &session.app;
        if let Err(error) = RunStore::get(&*app.store, &session.scope, run_id).await {
            yield Err(problem::store(&error));
            return;
        }
        let mut last = after;
        loop {
            // Asked before reading, so that what its holder wrote last is not missed.
            let held = match app.holder(&session.scope, run_id).await {
                Ok(holder) => holder.is_some(),
                Err(error) => {
                    yield Err(problem::store(&error));
                    return;
                }
            };
            match session.page(run_id, last).await {
                Ok(page) if page.is_empty() && !held => return,
                Ok(page) if page.is_empty() => tokio::time::sleep(POLL).await,
                Ok(page) => {
                    for frame in page {
                        last = frame.seq;
                        yield Ok(frame);
                    }
                }
                Err(problem) => {
                    yield Err(problem);
                    return;
                }
            }
        }
    }
    .boxed()
}

//! Following a run: stored events first, then live ones, none twice and none lost.

use std::time::Duration;

use aios_core::{EventStore, RunStore};
use aios_engine::{Ended, RunHandle};
use aios_protocol::{EventFrame, Problem, RunId};
use async_stream::stream;
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::sync::broadcast::error::RecvError;

use super::Session;
use crate::problem;

/// Events that are read from the store at once.
const PAGE: usize = 500;
/// How often another process's run is looked at.
const POLL: Duration = Duration::from_millis(150);

impl Session {
    /// The events of a run after `after`: first the stored ones, then live ones with `token_chunk`s. Ends when nobody works
    /// on the run and everything was told.
    pub fn subscribe(&self, run_id: RunId, after: u64) -> BoxStream<'static, Result<EventFrame, Problem>> {
        let session = self.clone();
        match self.app.run(run_id) {
            Some(handle) => live(session, handle, after),
            None => stored(session, run_id, after),
        }
    }

    async fn page(&self, run_id: RunId, after: u64) -> Result<Vec<EventFrame>, Problem> {
        let page = self.app.store.after(&self.scope, run_id, after, PAGE).await;
        page.map_err(|error| problem::store(&error))
    }
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

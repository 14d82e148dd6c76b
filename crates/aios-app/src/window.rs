//! The streams of a window, many over one connection, whoever carries them: a socket or the desktop's own channel.
//!
//! What is on its way is bounded, per stream by the room that the window gives, and for all together by the outbox. A
//! stream that tells much waits for its turn like every other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aios_protocol::{CREDIT, ErrorCode, FromStreams, Guarded, Items, Problem, ToStreams, open_stream};
use futures::StreamExt;
use serde_json::Value;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::Session;

/// Streams that a window may have open.
const MOST_OPEN: usize = 256;
/// Items of all streams that wait to be sent.
const WAITING: usize = 64;
/// Items that are sent together.
const BATCH: usize = 256;
/// The shortest time between two batches; shorter than a picture is shown.
const PAUSE: Duration = Duration::from_millis(8);

/// The streams of one window. They end when it is dropped.
pub struct Window {
    access: Guarded<Session>,
    open: Arc<Mutex<HashMap<u32, Stream>>>,
    outbox: mpsc::Sender<(u32, Told)>,
    stop: CancellationToken,
}

/// What the streams of a window tell, in the order in which it happened.
pub struct Outbox {
    told: mpsc::Receiver<(u32, Told)>,
    taken: Vec<(u32, Told)>,
    last: Instant,
}

/// An open stream, as its window sees it.
struct Stream {
    room: Arc<Semaphore>,
    stop: CancellationToken,
}

enum Told {
    Item(Value),
    End(Option<Problem>),
}

impl Window {
    /// A window of whoever this is, and what its streams will tell.
    pub fn new(access: Guarded<Session>) -> (Self, Outbox) {
        let (outbox, told) = mpsc::channel(WAITING);
        let window = Self { access, open: Arc::default(), outbox, stop: CancellationToken::new() };
        (window, Outbox { told, taken: Vec::new(), last: Instant::now() - PAUSE })
    }

    /// Takes what the window says. What is wrong with a stream is told as its end.
    pub fn receive(&self, said: ToStreams) {
        match said {
            ToStreams::Open { open, stream, request } => self.open(open, &stream, request),
            ToStreams::Close { close } => {
                if let Some(stream) = lock(&self.open).get(&close) {
                    stream.stop.cancel();
                }
            }
            ToStreams::Ack { ack, items } => {
                if let Some(stream) = lock(&self.open).get(&ack) {
                    let taken = (CREDIT as usize).saturating_sub(stream.room.available_permits());
                    stream.room.add_permits(taken.min(items as usize));
                }
            }
        }
    }

    fn open(&self, id: u32, name: &str, request: Value) {
        let (room, stop) = (Arc::new(Semaphore::new(CREDIT as usize)), self.stop.child_token());
        let opened = {
            let mut open = lock(&self.open);
            if open.contains_key(&id) {
                // Its number already means another stream, whose end must not be told twice.
                tracing::debug!(id, "a window opened a stream under a number that is in use");
                return;
            }
            match open.len() {
                0..MOST_OPEN => {
                    open.insert(id, Stream { room: room.clone(), stop: stop.clone() });
                    drop(open);
                    open_stream(&self.access, name, request, stop.clone())
                }
                _ => Err(Problem::new(
                    ErrorCode::RateLimited,
                    format!("a window has at most {MOST_OPEN} streams open"),
                )
                .with_hint("close those that are not looked at")),
            }
        };
        let (open, outbox) = (self.open.clone(), self.outbox.clone());
        tokio::spawn(async move {
            let end = match opened {
                Ok(items) => carry(id, items, &room, &stop, &outbox).await,
                Err(problem) => Some(problem),
            };
            lock(&open).remove(&id);
            // Nobody is there any more when it cannot be told.
            _ = outbox.send((id, Told::End(end))).await;
        });
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Passes items on, as far as there is room; answers why it ended.
async fn carry(
    id: u32,
    mut items: Items<Value>,
    room: &Semaphore,
    stop: &CancellationToken,
    outbox: &mpsc::Sender<(u32, Told)>,
) -> Option<Problem> {
    let all = async {
        loop {
            let Ok(place) = room.acquire().await else { return None };
            place.forget();
            match items.next().await {
                Some(Ok(item)) => outbox.send((id, Told::Item(item))).await.ok()?,
                Some(Err(problem)) => return Some(problem),
                None => return None,
            }
        }
    };
    tokio::select! {
        end = all => end,
        () = stop.cancelled() => None,
    }
}

impl Outbox {
    /// The next messages for the window, as JSON: at once after a pause, else with what comes in a moment. Nothing when the
    /// window is gone. May be dropped while it waits; nothing is lost.
    pub async fn next(&mut self) -> Option<Vec<String>> {
        if self.taken.is_empty() {
            self.taken.push(self.told.recv().await?);
        }
        tokio::time::sleep_until(self.last + PAUSE).await;
        while self.taken.len() < BATCH
            && let Ok(told) = self.told.try_recv()
        {
            self.taken.push(told);
        }
        self.last = Instant::now();
        Some(messages(std::mem::take(&mut self.taken)))
    }
}

/// One message for the items of each stream that come together, and one for each end.
fn messages(told: Vec<(u32, Told)>) -> Vec<String> {
    let mut messages: Vec<FromStreams> = Vec::new();
    for (of, told) in told {
        match told {
            Told::End(end) => messages.push(FromStreams::End { id: of, end }),
            Told::Item(item) => {
                let same = messages.iter_mut().find_map(|message| match message {
                    FromStreams::Items { id, items } if *id == of => Some(items),
                    _ => None,
                });
                match same {
                    Some(items) => items.push(item),
                    None => messages.push(FromStreams::Items { id: of, items: vec![item] }),
                }
            }
        }
    }
    messages.iter().filter_map(|message| serde_json::to_string(message).ok()).collect()
}

fn lock(open: &Mutex<HashMap<u32, Stream>>) -> MutexGuard<'_, HashMap<u32, Stream>> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

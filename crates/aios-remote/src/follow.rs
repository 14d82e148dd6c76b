//! Following a run over connections that may break: from the last event on, until nothing more happens.

use std::time::Duration;

use aios_protocol::{EventFrame, Problem, RunEvent, RunId};
use async_stream::stream;
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::time::Instant;

use crate::Client;
use crate::socket::{Goodbye, Socket};

/// The first wait before coming again; each is twice as long as the one before.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(3);
/// How long a server may be away.
const AWAY: Duration = Duration::from_secs(90);
/// A connection that held so long was a good one, even if it had nothing to tell.
const GOOD: Duration = Duration::from_secs(10);
/// How often a run is looked at that has not ended and that nobody works on.
const LOOK: Duration = Duration::from_millis(500);
/// How long somebody may take to go on with such a run: a server that stops is soon away, …
const SETTLED: Duration = Duration::from_secs(2);
/// … and one that came back takes up what it left.
const TAKEN_UP: Duration = Duration::from_secs(30);

impl Client {
    /// The events of a run after `after`: first the stored ones, then live ones with `token_chunk`s. Ends when the run is over,
    /// or when nobody works on it. Goes on where it was when the connection breaks or the server restarts.
    pub fn subscribe(&self, run_id: RunId, after: u64) -> BoxStream<'static, Result<EventFrame, Problem>> {
        let client = self.clone();
        stream! {
            let mut told = Told { seq: after, over: false };
            let mut away = Away::default();
            loop {
                let goodbye = match Socket::open(&client, run_id, told.seq).await {
                    Ok(mut socket) => {
                        let opened = Instant::now();
                        let goodbye = loop {
                            match socket.next().await {
                                Ok(frame) if told.take(&frame) => {
                                    away.heard(&frame.event);
                                    yield Ok(frame);
                                }
                                Ok(_) => {}
                                Err(goodbye) => break goodbye,
                            }
                        };
                        if opened.elapsed() > GOOD {
                            away.lost = None;
                        }
                        goodbye
                    }
                    Err(fault) if fault.passes() && away.may_wait() => Goodbye::Lost,
                    Err(fault) => Goodbye::Refused(fault.into()),
                };
                let wait = match goodbye {
                    Goodbye::Told if told.over || away.has_settled() => return,
                    Goodbye::Told => LOOK,
                    Goodbye::Lost if told.over => return,
                    Goodbye::Lost => away.wait(),
                    Goodbye::Refused(problem) => {
                        yield Err(problem);
                        return;
                    }
                };
                tokio::time::sleep(wait).await;
            }
        }
        .boxed()
    }
}

/// What the reader knows.
struct Told {
    seq: u64,
    /// The run will never go on.
    over: bool,
}

impl Told {
    /// Whether it is news.
    fn take(&mut self, frame: &EventFrame) -> bool {
        if frame.event.is_durable() && frame.seq <= self.seq {
            return false;
        }
        self.seq = self.seq.max(frame.seq);
        self.over = frame.event.is_final() && !matches!(frame.event, RunEvent::RunInterrupted { .. });
        true
    }
}

/// How long the server, or whoever works on the run, has been away.
#[derive(Default)]
struct Away {
    lost: Option<Instant>,
    next_wait: Duration,
    /// Since when nobody works on the run.
    idle: Option<Instant>,
    /// The server was away and may have left runs.
    came_back: bool,
}

impl Away {
    fn heard(&mut self, event: &RunEvent) {
        self.lost = None;
        if !matches!(event, RunEvent::RunInterrupted { .. }) {
            (self.idle, self.came_back) =
                (None, self.came_back && !matches!(event, RunEvent::RunResumed { .. }));
        }
    }

    fn may_wait(&self) -> bool {
        self.lost.is_none_or(|lost| lost.elapsed() < AWAY)
    }

    /// How long to wait before coming again.
    fn wait(&mut self) -> Duration {
        if self.lost.is_none() {
            (self.lost, self.next_wait) = (Some(Instant::now()), FIRST_WAIT);
        }
        (self.idle, self.came_back) = (None, true);
        let wait = self.next_wait;
        self.next_wait = (2 * wait).min(LONGEST_WAIT);
        wait
    }

    /// Whether nobody went on with the run for long enough to say that nobody will.
    fn has_settled(&mut self) -> bool {
        self.lost = None;
        let idle = *self.idle.get_or_insert_with(Instant::now);
        idle.elapsed() > if self.came_back { TAKEN_UP } else { SETTLED }
    }
}

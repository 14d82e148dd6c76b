//! What goes out next: frames in their order, with the pieces of a model's reply put together for a moment.

use std::sync::Arc;
use std::time::Duration;

use aios_protocol::{EventFrame, RunEvent};
use axum::extract::ws::Message;
use tokio::time::Instant;

/// How long pieces wait for more of the same; shorter than an eye notices.
const WAIT: Duration = Duration::from_millis(40);
/// Pieces that are not held back for longer, in bytes.
const LARGE: usize = 16 * 1024;

/// Messages for one client.
#[derive(Default)]
pub(super) struct Merge {
    out: Vec<Message>,
    held: Vec<EventFrame>,
    held_bytes: usize,
    due: Option<Instant>,
}

impl Merge {
    /// When what is held back must go out.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    pub(super) fn push(&mut self, frame: Arc<EventFrame>) {
        let RunEvent::TokenChunk { agent, chunk } = &frame.event else {
            self.flush();
            self.out.extend(message(&frame));
            return;
        };
        self.held_bytes += chunk.len();
        let same = |held: &&mut EventFrame| {
            held.run_id == frame.run_id
                && matches!(&held.event, RunEvent::TokenChunk { agent: known, .. } if known == agent)
        };
        match self.held.iter_mut().find(same) {
            Some(held) => {
                if let RunEvent::TokenChunk { chunk: text, .. } = &mut held.event {
                    text.push_str(chunk);
                }
                (held.seq, held.at) = (frame.seq, frame.at);
            }
            None => self.held.push((*frame).clone()),
        }
        self.due.get_or_insert_with(|| Instant::now() + WAIT);
        if self.held_bytes > LARGE {
            self.flush();
        }
    }

    /// Holds nothing back any more.
    pub(super) fn flush(&mut self) {
        self.out.extend(self.held.drain(..).filter_map(|frame| message(&frame)));
        (self.held_bytes, self.due) = (0, None);
    }

    pub(super) fn ping(&mut self) {
        self.out.push(Message::Ping(axum::body::Bytes::new()));
    }

    /// What is to be sent now.
    pub(super) fn take(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.out)
    }
}

/// A frame as its documented JSON. A frame that is only data always has one.
fn message(frame: &EventFrame) -> Option<Message> {
    serde_json::to_string(frame).ok().map(Message::text)
}

#[cfg(test)]
mod tests {
    use aios_protocol::{RunId, Timestamp};

    use super::*;

    fn texts(merge: &mut Merge) -> Vec<String> {
        let texts = merge.take().into_iter().map(|message| message.into_text().unwrap().to_string());
        texts
            .map(|text| {
                let frame: serde_json::Value = serde_json::from_str(&text).unwrap();
                format!("{} {} {}", frame["seq"], frame["event"].as_str().unwrap(), frame["chunk"])
            })
            .collect()
    }

    #[test]
    fn chunks_are_put_together_and_never_overtaken() {
        let run_id = RunId::generate();
        let frame = |seq, event| Arc::new(EventFrame { run_id, seq, at: Timestamp::from_micros(0), event });
        let chunk = |agent: &str, text: &str| RunEvent::TokenChunk {
            agent: agent.parse().unwrap(),
            chunk: text.into(),
        };
        let mut merge = Merge::default();
        merge.push(frame(3, chunk("backend", "def ")));
        merge.push(frame(3, chunk("frontend", "<p>")));
        merge.push(frame(3, chunk("backend", "f():")));
        assert!(texts(&mut merge).is_empty());
        assert!(merge.due().is_some());
        merge.push(frame(4, RunEvent::RunPaused {}));
        assert_eq!(
            texts(&mut merge),
            [r#"3 token_chunk "def f():""#, r#"3 token_chunk "<p>""#, "4 run_paused null"]
        );
        assert_eq!(merge.due(), None);
        merge.push(frame(4, chunk("backend", &"x".repeat(LARGE + 1))));
        assert_eq!(texts(&mut merge).len(), 1, "large pieces do not wait");
    }
}

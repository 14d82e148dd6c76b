//! Playing a turn on a connection, with what the script says should go wrong.

use std::io;

use super::http::Connection;
use super::wire::{Answer, Wire};
use crate::turn::{Fault, Turn};

impl Connection {
    /// Plays one turn; gives the connection back if it can be used again.
    pub(super) async fn reply(
        mut self,
        wire: Wire,
        stream: bool,
        answer: &Answer<'_>,
    ) -> io::Result<Option<Self>> {
        match &answer.turn.fault {
            Some(Fault::HangBeforeHeaders) => self.fall_silent().await.map(|()| None),
            Some(Fault::Status { code, retry_after }) => {
                let wait =
                    retry_after.map(|seconds| format!("retry-after: {seconds}\r\n")).unwrap_or_default();
                let body = wire.error(*code, "scripted fault").to_string();
                self.answer(*code, &wait, &body).await.map(|()| Some(self))
            }
            Some(Fault::Body { content_type, body }) => {
                self.answer_with(content_type, body).await.map(|()| Some(self))
            }
            fault if stream => self.play_stream(&wire.stream(answer), answer.turn, fault.as_ref()).await,
            fault => self.play_whole(&wire.whole(answer).to_string(), answer.turn, fault.as_ref()).await,
        }
    }

    async fn play_stream(
        mut self,
        events: &[String],
        turn: &Turn,
        fault: Option<&Fault>,
    ) -> io::Result<Option<Self>> {
        let sent = if fault.is_some() { &events[..events.len() / 2] } else { events };
        if turn.pause.is_zero() {
            self.begin_stream(&sent.concat()).await?;
        } else {
            self.begin_stream("").await?;
            for event in sent {
                tokio::time::sleep(turn.pause).await;
                self.piece(event).await?;
            }
        }
        if fault == Some(&Fault::InvalidJson) {
            self.piece("data: {\"choices\": [{\"delta\": {\"content\": \"cut of\n\n").await?;
        }
        self.end(fault, true).await
    }

    async fn play_whole(
        mut self,
        body: &str,
        turn: &Turn,
        fault: Option<&Fault>,
    ) -> io::Result<Option<Self>> {
        tokio::time::sleep(turn.pause).await;
        let half = body.floor_char_boundary(body.len() / 2);
        match fault {
            None => self.answer(200, "", body).await?,
            Some(Fault::InvalidJson) => self.answer(200, "", &body[..half]).await?,
            Some(_) => self.answer_part(200, "", body, half).await?,
        }
        self.end(fault, false).await
    }

    /// What comes after the last byte of a reply.
    async fn end(mut self, fault: Option<&Fault>, stream: bool) -> io::Result<Option<Self>> {
        match fault {
            Some(Fault::Reset) => self.reset().map(|()| None),
            Some(Fault::HangMidStream) => self.fall_silent().await.map(|()| None),
            Some(Fault::Truncate) if !stream => Ok(None),
            _ if stream => self.end_stream().await.map(|()| Some(self)),
            _ => Ok(Some(self)),
        }
    }
}

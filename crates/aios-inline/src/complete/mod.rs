//! Tab: what could be typed next.
//!
//! Models that fill holes get the hole itself, so that only what was typed since is computed; others are asked in words.
//! Either way a completion ends where the statement or block does, never repeats what stands there already, and is rather
//! nothing than nonsense.

mod ending;
mod place;
mod quality;
mod recent;
mod words;

use aios_core::{Finish, Infill, Model, ModelRequest, Scope};
use aios_protocol::{InlineComplete, InlineCompletion};
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use crate::pieces::{Piece, Pieces, Reader, ask, known};
use ending::ending;
use place::{Budget, Place, Shape};
use quality::is_worth_showing;
use recent::Recent;

/// A small model computes each byte while somebody waits.
const FOR_HOLES: Budget = Budget { before: 2_048, after: 512 };
const FOR_WORDS: Budget = Budget { before: 12_000, after: 4_000 };
const LINE_TOKENS: u32 = 48;
const BLOCK_TOKENS: u32 = 128;
/// Models that think first need room for it.
const WORDS_TOKENS: u32 = 2_048;

/// Completes what is typed. Cheap to clone; clones share what they suggested lately.
#[derive(Debug, Clone, Default)]
pub struct Completer {
    recent: Recent,
}

impl Completer {
    /// What could be typed next; empty when nothing good is found. No model is asked for the rest of what was suggested to the
    /// same person a moment ago.
    pub fn complete(
        &self,
        who: &Scope,
        model: &dyn Model,
        request: &InlineComplete,
        stop: CancellationToken,
    ) -> Pieces<InlineCompletion> {
        let info = model.info();
        let place = Place::of(request, if info.infill { FOR_HOLES } else { FOR_WORDS });
        if place.is_blank() {
            return known("", InlineCompletion { completion: String::new() });
        }
        let name = info.full_name();
        if let Some(rest) = self.recent.rest(who, &name, &place) {
            let completion = place.line_end.put(rest);
            return known(&completion.clone(), InlineCompletion { completion });
        }
        let asked = if info.infill {
            hole(&place)
        } else {
            words::request(&place, WORDS_TOKENS.min(info.max_output))
        };
        let reader = Reading { place: place.clone(), in_words: !info.infill };
        let (recent, who) = (self.recent.clone(), who.clone());
        ask(model, asked, reader, stop)
            .inspect(move |piece| {
                if let Ok(Piece::Done(answer, _)) = piece {
                    recent.remember(&who, &name, &place, &answer.completion);
                }
            })
            .boxed()
    }
}

fn hole(place: &Place) -> ModelRequest {
    let (max_tokens, stop) = match place.shape() {
        Shape::Line => (LINE_TOKENS, "\n"),
        Shape::Block => (BLOCK_TOKENS, "\n\n"),
    };
    ModelRequest {
        infill: Some(Infill { prefix: place.before.as_str().into(), suffix: place.after.as_str().into() }),
        prefill: Some(place.typed.clone()),
        max_tokens: Some(max_tokens),
        temperature: Some(0.0),
        stop: vec![stop.to_owned()],
        ..ModelRequest::default()
    }
}

struct Reading {
    place: Place,
    in_words: bool,
}

impl Reading {
    /// What the reply inserts.
    fn inserted(&self, reply: &str, is_over: bool) -> String {
        if self.in_words { words::inserted(&self.place, reply, is_over) } else { reply.replace("\r\n", "\n") }
    }
}

impl Reader for Reading {
    type Answer = InlineCompletion;

    fn certain(&self, reply: &str) -> String {
        let text = self.inserted(reply, false);
        let certain = &text[..ending(&self.place, &text, false).at];
        self.place.line_end.put(if certain.trim().is_empty() { String::new() } else { certain.to_owned() })
    }

    fn is_enough(&self, reply: &str) -> bool {
        ending(&self.place, &self.inserted(reply, false), false).is_final
    }

    fn answer(self, reply: &str, _: Finish) -> Result<InlineCompletion, String> {
        let text = self.inserted(reply, true);
        let completion = &text[..ending(&self.place, &text, true).at];
        let is_good = is_worth_showing(&self.place, completion);
        let completion = if is_good { completion.to_owned() } else { String::new() };
        Ok(InlineCompletion { completion: self.place.line_end.put(completion) })
    }

    fn text(answer: &InlineCompletion) -> &str {
        &answer.completion
    }
}

#[cfg(test)]
mod tests;

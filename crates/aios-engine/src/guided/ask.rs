//! Asks the model: one reply, or several candidates at once.

use aios_core::{Message, ModelRequest};
use futures::future::join_all;

use super::prompts::Prompt;
use super::reply;
use crate::agent::NodeContext;
use crate::run::NodeFault;

/// Candidates that are drawn beside each other: what the embedded model decodes in one batch.
pub(super) const CANDIDATES: u32 = 4;

/// What came back, with what was forced in front of it.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) forced: String,
    pub(super) text: String,
}

impl Reply {
    /// The code in it.
    pub(super) fn code(&self) -> String {
        reply::code(&self.forced, &self.text)
    }
}

/// How a reply is drawn: the likeliest one, or by a seed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Draw {
    Likeliest,
    /// The number of the draw; the temperature rises with it.
    Seeded(u32),
}

impl Draw {
    /// The first draw of an attempt: the likeliest reply at first, another one when that did not do.
    pub(super) fn first(attempt: u32) -> Self {
        if attempt <= 1 { Self::Likeliest } else { Self::Seeded(attempt * 100) }
    }

    /// The same with a seed that lies further on.
    pub(super) fn after(self, seeds: u32) -> Self {
        match self {
            Self::Likeliest => Self::Seeded(seeds),
            Self::Seeded(number) => Self::Seeded(number + seeds),
        }
    }

    /// Further draws of an attempt.
    pub(super) fn further(attempt: u32, count: u32) -> impl Iterator<Item = Self> {
        (1..=count).map(move |number| Self::Seeded(attempt * 100 + number))
    }
}

/// Asks once.
pub(super) async fn one(cx: &NodeContext, prompt: &Prompt, draw: Draw) -> Result<Reply, NodeFault> {
    let (temperature, seed) = match draw {
        Draw::Likeliest => (0.0, 0),
        // 0.4, 0.6, 0.8, 1.0 and around again.
        Draw::Seeded(number) => (0.4 + 0.2 * (number % 4) as f32, number),
    };
    let request = ModelRequest {
        messages: vec![Message::system(prompt.system), Message::user(prompt.user.as_str())].into(),
        max_tokens: Some(prompt.max_tokens),
        temperature: Some(temperature),
        seed: Some(seed.into()),
        stop: prompt.stop.clone(),
        prefill: Some(prompt.forced.clone()),
        grammar: prompt.grammar.clone(),
        ..ModelRequest::default()
    };
    let turn = cx.call(request).await?;
    Ok(Reply { forced: prompt.forced.clone(), text: turn.text })
}

/// Asks all of these side by side. Fails only when none is answered.
pub(super) async fn all(cx: &NodeContext, asked: &[(Prompt, Draw)]) -> Result<Vec<Option<Reply>>, NodeFault> {
    let answers = join_all(asked.iter().map(|(prompt, draw)| one(cx, prompt, *draw))).await;
    if answers.iter().all(Result::is_err) {
        if let Some(Err(fault)) = answers.into_iter().next() {
            return Err(fault);
        }
        return Ok(Vec::new());
    }
    Ok(answers.into_iter().map(Result::ok).collect())
}

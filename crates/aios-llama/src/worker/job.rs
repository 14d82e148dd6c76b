//! One request inside the worker: what it has been fed, what it said, what it took.

use std::time::Instant;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::token::LlamaToken;

use super::choice::{Choice, logprob};
use super::text::TextStream;
use super::vocabulary::{Prompt, Vocabulary};
use crate::wire::{Failure, Finish, Usage};

/// A request that is waiting or running.
pub(super) struct Job {
    pub(super) id: u64,
    /// The prompt and every token chosen since: what has to be in the cache before the next choice.
    pub(super) tokens: Vec<LlamaToken>,
    /// Length at which the reply ends.
    limit: usize,
    choice: Choice,
    text: TextStream,
    /// What the reply still has to begin with; not shown.
    due: Vec<u8>,
    wants_logprob: bool,
    usage: Usage,
    started: Option<Instant>,
    first_token: Option<Instant>,
}

/// What one more token meant.
#[derive(Debug)]
pub(super) struct Step {
    /// Text to show; may be empty.
    pub(super) text: String,
    /// Set when the reply is over.
    pub(super) finish: Option<Finish>,
}

impl Job {
    pub(super) fn new(
        id: u64,
        prompt: Prompt,
        choice: Choice,
        text: TextStream,
        limit: usize,
        wants_logprob: bool,
    ) -> Self {
        let usage = Usage { prompt_tokens: prompt.tokens.len() as u32, ..Usage::default() };
        Self {
            id,
            tokens: prompt.tokens,
            limit,
            choice,
            text,
            due: prompt.heal,
            wants_logprob,
            usage,
            started: None,
            first_token: None,
        }
    }

    /// Notes that work on it begins.
    pub(super) fn start(&mut self) {
        self.started.get_or_insert_with(Instant::now);
    }

    /// Notes prompt tokens that another request had left in the cache.
    pub(super) fn found_cached(&mut self, tokens: usize) {
        if self.first_token.is_none() {
            self.usage.cached_tokens += tokens as u32;
        }
    }

    /// Chooses the next token from the logits at `index` of the last batch.
    pub(super) fn step(
        &mut self,
        context: &LlamaContext<'_>,
        index: i32,
        vocabulary: &Vocabulary<'_>,
    ) -> Result<Step, Failure> {
        let token = self.choice.next(context, index, vocabulary, &self.due)?;
        if self.first_token.is_none() {
            self.first_token = Some(Instant::now());
            if self.wants_logprob {
                self.usage.first_logprob = Some(logprob(context, index, token));
            }
        }
        if vocabulary.is_end(token) {
            return Ok(Step { text: self.text.rest(), finish: Some(Finish::Stop) });
        }
        self.usage.generated_tokens += 1;
        self.tokens.push(token);
        let bytes = vocabulary.bytes(token);
        let given = bytes.len().min(self.due.len());
        self.due.drain(..given);
        let mut text = self.text.push(&bytes[given..]);
        if self.text.stopped() {
            return Ok(Step { text, finish: Some(Finish::Stop) });
        }
        if self.tokens.len() >= self.limit {
            text.push_str(&self.text.rest());
            return Ok(Step { text, finish: Some(Finish::Length) });
        }
        Ok(Step { text, finish: None })
    }

    /// What it took, at its end.
    pub(super) fn usage(&self) -> Usage {
        let ms = |from: Option<Instant>, to: Option<Instant>| match (from, to) {
            (Some(from), Some(to)) => to.duration_since(from).as_secs_f64() * 1e3,
            _ => 0.0,
        };
        let now = Some(Instant::now());
        let prefill_ms = ms(self.started, self.first_token.or(now));
        Usage { prefill_ms, decode_ms: ms(self.first_token, now), ..self.usage }
    }
}

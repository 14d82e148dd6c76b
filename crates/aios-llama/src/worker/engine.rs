//! The loop that owns model and context: admits requests, feeds one batch after another, hands out tokens.
//!
//! Every batch takes one token of each request that is speaking, and fills up with prompt tokens of those that
//! are not. New requests, cancellations and the end of input are seen between batches.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, TryRecvError};

use llama_cpp_2::DecodeError;
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;

use super::choice::Choice;
use super::job::Job;
use super::process::{Reply, WorkerError};
use super::slots::{SlotView, cells, donor, place, worth_waiting};
use super::text::TextStream;
use super::vocabulary::{Prompt, Vocabulary};
use crate::wire::{Failure, Finish, FromWorker, Generation, ToWorker};

/// Tokens in a batch: so few that a cancellation is seen soon, and still as fast as more.
pub(super) const BATCH_TOKENS: usize = 64;

/// Cells that each request should have left when another one is admitted.
const HEADROOM: usize = 64;

/// Serves requests until the input ends.
pub(super) struct Engine<'m> {
    model: &'m LlamaModel,
    vocabulary: Vocabulary<'m>,
    context: LlamaContext<'m>,
    /// Tokens that one request may hold.
    context_tokens: usize,
    slots: Vec<Slot>,
    waiting: VecDeque<Job>,
    uses: u64,
    reply: Reply,
}

/// One sequence of the cache; its number is its place in `Engine::slots`.
#[derive(Default)]
struct Slot {
    /// Exactly the tokens whose cells are in the cache.
    cached: Vec<LlamaToken>,
    job: Option<Job>,
    last_used: u64,
}

/// Tokens of one slot in a batch.
struct Share {
    slot: usize,
    tokens: usize,
    /// Where its logits are, if the batch reaches the end of what the slot has to feed.
    logits: Option<i32>,
}

impl<'m> Engine<'m> {
    pub(super) fn new(
        model: &'m LlamaModel,
        context: LlamaContext<'m>,
        parallel: usize,
        context_tokens: usize,
        reply: Reply,
    ) -> Self {
        Self {
            model,
            vocabulary: Vocabulary::new(model),
            context,
            context_tokens,
            slots: std::iter::repeat_with(Slot::default).take(parallel).collect(),
            waiting: VecDeque::new(),
            uses: 0,
            reply,
        }
    }

    /// Runs until `requests` is closed.
    pub(super) fn run(mut self, requests: &Receiver<ToWorker>) -> Result<(), WorkerError> {
        let mut batch = LlamaBatch::new(BATCH_TOKENS, 1);
        loop {
            loop {
                let request = if self.idle() {
                    requests.recv().map_err(|_| TryRecvError::Disconnected)
                } else {
                    requests.try_recv()
                };
                match request {
                    Ok(request) => self.take(request)?,
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return Ok(()),
                }
            }
            self.admit()?;
            self.copy_shared_prefixes()?;
            let shares = self.fill(&mut batch)?;
            match self.context.decode(&mut batch) {
                Ok(()) => self.advance(&shares)?,
                Err(DecodeError::NoKvCacheSlot) => self.make_room()?,
                Err(error) => self.abandon(&shares, &error)?,
            }
        }
    }

    fn idle(&self) -> bool {
        self.waiting.is_empty() && self.slots.iter().all(|slot| slot.job.is_none())
    }

    fn take(&mut self, request: ToWorker) -> Result<(), WorkerError> {
        match request {
            ToWorker::Load(_) => Err(WorkerError::LoadedTwice),
            ToWorker::Cancel { id } => self.cancel(id),
            ToWorker::Chat { id, messages, prefill, generation } => {
                let prompt = self.vocabulary.chat(&messages, &prefill, generation.grammar.is_some());
                self.enqueue(id, Ok(prompt), &generation, false)
            }
            ToWorker::Complete { id, prefix, suffix, middle, generation } => {
                let prompt = self.vocabulary.infill(&prefix, &suffix, &middle).ok_or(Failure::NoInfill);
                self.enqueue(id, prompt, &generation, true)
            }
        }
    }

    fn enqueue(
        &mut self,
        id: u64,
        prompt: Result<Prompt, Failure>,
        generation: &Generation,
        wants_logprob: bool,
    ) -> Result<(), WorkerError> {
        match prompt.and_then(|prompt| self.job(id, prompt, generation, wants_logprob)) {
            Ok(job) => {
                self.waiting.push_back(job);
                Ok(())
            }
            Err(reason) => self.reply.send(&FromWorker::Failed { id, reason }),
        }
    }

    fn job(
        &self,
        id: u64,
        prompt: Prompt,
        generation: &Generation,
        wants_logprob: bool,
    ) -> Result<Job, Failure> {
        let tokens = prompt.tokens.len();
        if tokens >= self.context_tokens {
            return Err(Failure::PromptTooLong {
                tokens: tokens as u32,
                context: self.context_tokens as u32,
            });
        }
        let limit = self.context_tokens.min(tokens.saturating_add(generation.max_tokens.max(1) as usize));
        let choice = Choice::new(self.model, generation)?;
        Ok(Job::new(id, prompt, choice, TextStream::new(&generation.stop), limit, wants_logprob))
    }

    fn cancel(&mut self, id: u64) -> Result<(), WorkerError> {
        let waiting = self.waiting.iter().position(|job| job.id == id);
        let job = match waiting {
            Some(at) => self.waiting.remove(at),
            None => self.slots.iter_mut().find_map(|slot| slot.job.take_if(|job| job.id == id)),
        };
        match job {
            Some(job) => self.finish(&job, Finish::Cancelled),
            None => Ok(()),
        }
    }

    /// Gives waiting requests the free slots, oldest first.
    fn admit(&mut self) -> Result<(), WorkerError> {
        while let Some(mut job) = self.waiting.pop_front() {
            let views: Vec<SlotView<'_, LlamaToken>> = self
                .slots
                .iter()
                .map(|slot| SlotView {
                    cached: &slot.cached,
                    busy: slot.job.is_some(),
                    last_used: slot.last_used,
                })
                .collect();
            let placement = place(&views, &job.tokens).filter(|_| self.has_room_for(&job));
            let Some(placement) = placement else {
                self.waiting.push_front(job);
                return Ok(());
            };
            // The last token is computed again, for its logits.
            let keep = placement.keep.min(job.tokens.len() - 1);
            self.forget(placement.slot, keep)?;
            job.found_cached(keep);
            job.start();
            self.uses += 1;
            let slot = &mut self.slots[placement.slot];
            slot.last_used = self.uses;
            slot.job = Some(job);
        }
        Ok(())
    }

    /// Whether a request fits beside those that run, with a little for all to go on; alone it always does.
    fn has_room_for(&self, job: &Job) -> bool {
        let running = self.slots.iter().filter_map(|slot| slot.job.as_ref());
        let lists: Vec<&[LlamaToken]> = running.chain([job]).map(|job| &job.tokens[..]).collect();
        lists.len() == 1 || cells(&lists) + lists.len() * HEADROOM <= self.context.n_ctx() as usize
    }

    /// Removes all but the first `keep` tokens of a slot from the cache.
    fn forget(&mut self, slot: usize, keep: usize) -> Result<(), WorkerError> {
        if keep < self.slots[slot].cached.len() {
            self.context.kv_cache_seq_rm(slot as i32, Some(keep as u32), None).map_err(WorkerError::Cache)?;
            self.slots[slot].cached.truncate(keep);
        }
        Ok(())
    }

    /// Gives each request what another slot has computed of its prompt. The cells are shared, not copied.
    fn copy_shared_prefixes(&mut self) -> Result<(), WorkerError> {
        for to in 0..self.slots.len() {
            let Some(job) = &self.slots[to].job else { continue };
            let have = self.slots[to].cached.len();
            let others =
                self.slots.iter().enumerate().filter(|&(i, _)| i != to).map(|(i, s)| (i, &s.cached[..]));
            let Some((from, shared)) = donor(others, &job.tokens[..job.tokens.len() - 1], have) else {
                continue;
            };
            self.context
                .kv_cache_seq_cp(from as i32, to as i32, Some(have as u32), Some(shared as u32))
                .map_err(WorkerError::Cache)?;
            let slot = &mut self.slots[to];
            if let Some(job) = &mut slot.job {
                slot.cached.extend_from_slice(&job.tokens[have..shared]);
                job.found_cached(shared - have);
            }
        }
        Ok(())
    }

    /// Whether a slot should let an older request compute what both begin with.
    fn waits(&self, slot: usize) -> bool {
        let Some(job) = &self.slots[slot].job else { return false };
        let have = self.slots[slot].cached.len();
        self.slots.iter().any(|other| {
            other.job.as_ref().is_some_and(|older| {
                older.id < job.id
                    && worth_waiting(
                        &older.tokens,
                        other.cached.len(),
                        &job.tokens[..job.tokens.len() - 1],
                        have,
                    )
            })
        })
    }

    /// Fills the batch: first the speakers, one token each, then prompts.
    fn fill(&self, batch: &mut LlamaBatch<'_>) -> Result<Vec<Share>, WorkerError> {
        batch.clear();
        let mut shares = Vec::new();
        let mut order: Vec<usize> = (0..self.slots.len()).filter(|&i| self.slots[i].job.is_some()).collect();
        order.sort_by_key(|&i| {
            self.slots[i].job.as_ref().map(|job| (job.tokens.len() - self.slots[i].cached.len() > 1, job.id))
        });
        for slot in order {
            let Some(job) = &self.slots[slot].job else { continue };
            if self.waits(slot) {
                continue;
            }
            let have = self.slots[slot].cached.len();
            let room = BATCH_TOKENS - batch.n_tokens() as usize;
            let feed = &job.tokens[have..job.tokens.len().min(have + room)];
            for (position, &token) in (have..).zip(feed) {
                let last = position + 1 == job.tokens.len();
                batch.add(token, position as i32, &[slot as i32], last).map_err(WorkerError::Batch)?;
            }
            if !feed.is_empty() {
                let complete = have + feed.len() == job.tokens.len();
                shares.push(Share {
                    slot,
                    tokens: feed.len(),
                    logits: complete.then(|| batch.n_tokens() - 1),
                });
            }
        }
        Ok(shares)
    }

    /// Notes what the batch put into the cache, and chooses a token for each request that was fed completely.
    fn advance(&mut self, shares: &[Share]) -> Result<(), WorkerError> {
        for share in shares {
            let slot = &mut self.slots[share.slot];
            let Some(job) = &mut slot.job else { continue };
            let have = slot.cached.len();
            slot.cached.extend_from_slice(&job.tokens[have..have + share.tokens]);
            let Some(index) = share.logits else { continue };
            match job.step(&self.context, index, &self.vocabulary) {
                Err(reason) => {
                    let id = job.id;
                    slot.job = None;
                    self.reply.send(&FromWorker::Failed { id, reason })?;
                }
                Ok(step) => {
                    if !step.text.is_empty() {
                        self.reply.send(&FromWorker::Delta { id: job.id, text: step.text })?;
                    }
                    if let Some(finish) = step.finish
                        && let Some(job) = slot.job.take()
                    {
                        self.finish(&job, finish)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The cache is full: forgets what idle slots keep, oldest first, or else puts the youngest request back in
    /// the queue; it is computed again when there is room.
    fn make_room(&mut self) -> Result<(), WorkerError> {
        let idle = (0..self.slots.len())
            .filter(|&i| self.slots[i].job.is_none() && !self.slots[i].cached.is_empty())
            .min_by_key(|&i| self.slots[i].last_used);
        if let Some(slot) = idle {
            return self.forget(slot, 0);
        }
        let youngest = (0..self.slots.len()).max_by_key(|&i| self.slots[i].job.as_ref().map(|job| job.id));
        let Some(slot) = youngest else { return Ok(()) };
        let alone = self.slots.iter().filter(|slot| slot.job.is_some()).count() <= 1;
        self.forget(slot, 0)?;
        match self.slots[slot].job.take() {
            Some(job) if alone => {
                let detail = DecodeError::NoKvCacheSlot.to_string();
                self.reply.send(&FromWorker::Failed { id: job.id, reason: Failure::Decode { detail } })
            }
            Some(job) => {
                self.waiting.push_front(job);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Fails the requests of a batch that could not be decoded; what the cache holds of them is unknown.
    fn abandon(&mut self, shares: &[Share], error: &DecodeError) -> Result<(), WorkerError> {
        for share in shares {
            self.context.kv_cache_seq_rm(share.slot as i32, None, None).map_err(WorkerError::Cache)?;
            self.slots[share.slot].cached.clear();
            if let Some(job) = self.slots[share.slot].job.take() {
                let reason = Failure::Decode { detail: error.to_string() };
                self.reply.send(&FromWorker::Failed { id: job.id, reason })?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, job: &Job, finish: Finish) -> Result<(), WorkerError> {
        self.reply.send(&FromWorker::Finished { id: job.id, finish, usage: job.usage() })
    }
}

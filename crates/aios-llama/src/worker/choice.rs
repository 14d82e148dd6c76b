//! The choice of the next token: penalties, nucleus, temperature, seed, grammar.

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token::data::LlamaTokenData;
use llama_cpp_2::token::data_array::LlamaTokenDataArray;

use super::vocabulary::Vocabulary;
use crate::wire::{Failure, Generation};

/// Tokens that the repeat penalty looks back on.
const PENALTY_WINDOW: i32 = 64;

/// llama.cpp takes a new seed from the system for this one.
const ANY_SEED: u32 = u32::MAX;

/// How one request chooses its tokens, and what it remembers for that.
pub(super) struct Choice {
    /// None for the plain likeliest token, which needs no copy of the vocabulary.
    chain: Option<LlamaSampler>,
    grammar: Option<LlamaSampler>,
}

impl Choice {
    pub(super) fn new(model: &LlamaModel, generation: &Generation) -> Result<Self, Failure> {
        let grammar = match &generation.grammar {
            Some(text) => Some(LlamaSampler::grammar(model, text, "root").map_err(|_| Failure::BadGrammar)?),
            None => None,
        };
        Ok(Self { chain: chain(model, generation), grammar })
    }

    /// Chooses from the logits at `index` of the last batch. `due` is what the reply still has to begin with.
    pub(super) fn next(
        &mut self,
        context: &LlamaContext<'_>,
        index: i32,
        vocabulary: &Vocabulary<'_>,
        due: &[u8],
    ) -> Result<LlamaToken, Failure> {
        if !due.is_empty() {
            let fitting = context.candidates_ith(index).filter(|c| vocabulary.may_begin(c.id(), due));
            let token = self.pick(LlamaTokenDataArray::from_iter(fitting, false))?;
            return self.accept(token);
        }
        let token = match &self.chain {
            None => likeliest(context.get_logits_ith(index)),
            Some(_) => self.pick(context.token_data_array_ith(index))?,
        };
        if self.fits_grammar(token) {
            return self.accept(token);
        }
        let mut allowed = context.token_data_array_ith(index);
        if let Some(grammar) = &mut self.grammar {
            grammar.apply(&mut allowed);
        }
        allowed.data.retain(|candidate| candidate.logit().is_finite());
        let token = self.pick(allowed)?;
        self.accept(token)
    }

    /// Asks the grammar about one token. The first choice nearly always fits, and masking the whole vocabulary
    /// of 150,000 takes longer than asking about one.
    fn fits_grammar(&mut self, token: LlamaToken) -> bool {
        let Some(grammar) = &mut self.grammar else { return true };
        let mut one = LlamaTokenDataArray::new(vec![LlamaTokenData::new(token, 1.0, 0.0)], false);
        grammar.apply(&mut one);
        one.data.first().is_some_and(|candidate| candidate.logit().is_finite())
    }

    fn pick(&mut self, mut candidates: LlamaTokenDataArray) -> Result<LlamaToken, Failure> {
        if candidates.data.is_empty() {
            return Err(Failure::GrammarDeadEnd);
        }
        match &mut self.chain {
            Some(chain) => chain.apply(&mut candidates),
            None => LlamaSampler::greedy().apply(&mut candidates),
        }
        candidates.selected_token().ok_or(Failure::GrammarDeadEnd)
    }

    fn accept(&mut self, token: LlamaToken) -> Result<LlamaToken, Failure> {
        for sampler in self.grammar.iter_mut().chain(&mut self.chain) {
            sampler.try_accept(token).map_err(|_| Failure::GrammarDeadEnd)?;
        }
        Ok(token)
    }
}

/// Nothing for the plain likeliest token.
fn chain(model: &LlamaModel, generation: &Generation) -> Option<LlamaSampler> {
    let penalised = generation.repeat_penalty != 1.0;
    let greedy = generation.temperature <= 0.0;
    if greedy && !penalised {
        return None;
    }
    let mut steps = Vec::new();
    if penalised {
        steps.push(LlamaSampler::penalties(
            model.n_vocab(),
            PENALTY_WINDOW,
            generation.repeat_penalty,
            0.0,
            0.0,
        ));
    }
    if greedy {
        steps.push(LlamaSampler::greedy());
        return Some(LlamaSampler::chain(steps, true));
    }
    if generation.top_k > 0 {
        steps.push(LlamaSampler::top_k(i32::try_from(generation.top_k).unwrap_or(i32::MAX)));
    }
    steps.push(LlamaSampler::top_p(generation.top_p, 1));
    steps.push(LlamaSampler::min_p(generation.min_p, 1));
    steps.push(LlamaSampler::temp(generation.temperature));
    steps.push(LlamaSampler::dist(generation.seed.unwrap_or(ANY_SEED)));
    Some(LlamaSampler::chain(steps, true))
}

fn likeliest(logits: &[f32]) -> LlamaToken {
    let mut best = (0, f32::NEG_INFINITY);
    for (id, &logit) in (0..).zip(logits) {
        if logit > best.1 {
            best = (id, logit);
        }
    }
    LlamaToken::new(best.0)
}

/// The natural logarithm of a token's probability at `index` of the last batch.
pub(super) fn logprob(context: &LlamaContext<'_>, index: i32, token: LlamaToken) -> f32 {
    let logits = context.get_logits_ith(index);
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - highest).exp()).sum();
    let own =
        usize::try_from(token.0).ok().and_then(|id| logits.get(id)).copied().unwrap_or(f32::NEG_INFINITY);
    own - highest - sum.ln()
}

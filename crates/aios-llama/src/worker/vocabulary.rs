//! Text to tokens and back: conversations (ChatML), fill-in-the-middle, and the bytes of each token.
//!
//! Control tokens come from here alone; what a caller says is always plain text, so it cannot end its own turn.

use std::cell::OnceCell;

use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;

use crate::wire::{Message, Role};

/// A prompt as tokens.
#[derive(Debug)]
pub(super) struct Prompt {
    /// What is fed to the model.
    pub(super) tokens: Vec<LlamaToken>,
    /// Bytes that the reply has to begin with and that are not shown again: the last token of the given
    /// text, which the model might have cut elsewhere.
    pub(super) heal: Vec<u8>,
}

/// The vocabulary of a model.
pub(super) struct Vocabulary<'m> {
    model: &'m LlamaModel,
    turn_start: LlamaToken,
    turn_end: LlamaToken,
    pieces: OnceCell<Pieces>,
}

struct Pieces {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl<'m> Vocabulary<'m> {
    pub(super) fn new(model: &'m LlamaModel) -> Self {
        let control = |text: &str| model.vocab().tokenize(text.as_bytes(), false, true).first().copied();
        let eos = model.vocab().eos();
        Self {
            model,
            turn_start: control("<|im_start|>").unwrap_or(eos),
            turn_end: control("<|im_end|>").unwrap_or(eos),
            pieces: OnceCell::new(),
        }
    }

    /// Whether the model says with this token that it is done.
    pub(super) fn is_end(&self, token: LlamaToken) -> bool {
        self.model.vocab().is_eog(token)
    }

    /// The bytes that a token stands for; none for control tokens.
    pub(super) fn bytes(&self, token: LlamaToken) -> Vec<u8> {
        self.model.vocab().token_to_piece(token, false, None)
    }

    /// Whether a reply that has to begin with `due` may begin with this token.
    pub(super) fn may_begin(&self, token: LlamaToken, due: &[u8]) -> bool {
        let piece = self.piece(token);
        !piece.is_empty() && (piece.starts_with(due) || due.starts_with(piece))
    }

    /// A conversation, open at the model's turn, which begins with `prefill`. With `exact` the reply goes on right
    /// behind it, as a grammar wants.
    pub(super) fn chat(&self, messages: &[Message], prefill: &str, exact: bool) -> Prompt {
        let mut tokens = Vec::new();
        for message in messages {
            tokens.push(self.turn_start);
            tokens.extend(self.plain(&format!("{}\n{}", role_name(message.role), message.text)));
            tokens.push(self.turn_end);
            tokens.extend(self.plain("\n"));
        }
        tokens.push(self.turn_start);
        tokens.extend(self.plain(&format!("{}\n", role_name(Role::Assistant))));
        if exact {
            tokens.extend(self.plain(prefill));
            return Prompt { tokens, heal: Vec::new() };
        }
        let heal = self.extend_healed(&mut tokens, prefill);
        Prompt { tokens, heal }
    }

    /// Code before and after a hole, open at the hole, which begins with `middle`; none if the model cannot.
    pub(super) fn infill(&self, prefix: &str, suffix: &str, middle: &str) -> Option<Prompt> {
        let vocab = self.model.vocab();
        let (pre, suf, mid) = (vocab.fim_pre(), vocab.fim_suf(), vocab.fim_mid());
        if [pre, suf, mid].iter().any(|token| token.0 < 0) {
            return None;
        }
        let mut tokens = vec![pre];
        tokens.extend(self.plain(prefix));
        tokens.push(suf);
        tokens.extend(self.plain(suffix));
        tokens.push(mid);
        let heal = self.extend_healed(&mut tokens, middle);
        Some(Prompt { tokens, heal })
    }

    fn plain(&self, text: &str) -> Vec<LlamaToken> {
        self.model.vocab().tokenize(text.as_bytes(), false, false)
    }

    /// Appends `text` but for its last token, whose bytes are returned; text that ends a line is taken as it is.
    fn extend_healed(&self, tokens: &mut Vec<LlamaToken>, text: &str) -> Vec<u8> {
        let mut given = self.plain(text);
        let heal = match given.last() {
            Some(&last) if !text.ends_with('\n') => {
                given.pop();
                self.bytes(last)
            }
            _ => Vec::new(),
        };
        tokens.extend(given);
        heal
    }

    /// As [`Self::bytes`], from a table made at first use: healing asks for every token at once.
    fn piece(&self, token: LlamaToken) -> &[u8] {
        let pieces = self.pieces.get_or_init(|| {
            let mut pieces = Pieces { bytes: Vec::new(), ends: Vec::new() };
            for token in self.model.vocab().tokens() {
                pieces.bytes.extend(self.bytes(token));
                pieces.ends.push(pieces.bytes.len());
            }
            pieces
        });
        let index = usize::try_from(token.0).unwrap_or(usize::MAX);
        let start = index.checked_sub(1).map_or(0, |before| pieces.ends.get(before).copied().unwrap_or(0));
        pieces.ends.get(index).map_or(&[], |&end| &pieces.bytes[start..end])
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}

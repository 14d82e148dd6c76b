//! What host and worker say to each other: JSON messages, each behind its length as four little-endian bytes.
//!
//! Both ends come from the same executable, so there are no versions. Knows neither llama.cpp nor processes.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt};

/// No message is longer: a length beyond it means that the other end wrote something that is not a message.
pub const MAX_FRAME_BYTES: usize = 64 << 20;

/// A message from the host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToWorker {
    /// Always first, and once.
    Load(Load),
    /// Continues a conversation.
    Chat {
        /// Chosen by the host, unique for the life of the worker.
        id: u64,
        /// The conversation so far.
        messages: Vec<Message>,
        /// The reply begins with this text, which is not repeated in the deltas.
        prefill: String,
        /// How to choose tokens, and when to stop.
        generation: Generation,
    },
    /// Fills in code between a prefix and a suffix.
    Complete {
        /// As in `Chat`.
        id: u64,
        /// The text before; keep its end still while the user types, so that it stays cached.
        prefix: String,
        /// The text after.
        suffix: String,
        /// What was typed since `prefix` was frozen; the completion continues it.
        middle: String,
        /// As in `Chat`.
        generation: Generation,
    },
    /// Ends a request within one token; it still answers with `Finished`.
    Cancel {
        /// The request.
        id: u64,
    },
}

/// Which weights to serve, and with how much of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// A GGUF file.
    pub model: PathBuf,
    /// Tokens that one request may hold, prompt and reply together.
    pub context: u32,
    /// Requests that may be decoded at once.
    pub parallel: u32,
    /// Threads to compute with.
    pub threads: Threads,
    /// Which build of the arithmetic to use.
    pub variant: Variant,
}

/// A build of llama.cpp's arithmetic, for a family of processors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// The one that is linked in: AVX2 on x86-64, whatever the compiler assumes elsewhere.
    #[default]
    Baseline,
    /// 512-bit vectors with integer dot products: prompts are read half as fast again.
    Avx512Vnni,
}

/// How many threads the worker computes with. More threads than free cores make it many times slower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threads {
    /// One per physical core.
    #[default]
    All,
    /// One per physical core but one, for a machine that has something else to do.
    AllButOne,
    /// This many.
    Exactly(u32),
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said; control tokens in it are plain text.
    pub text: String,
}

/// Who speaks in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The rules.
    System,
    /// The person, or a result that was asked for.
    User,
    /// The model.
    Assistant,
}

/// How tokens are chosen, and when generation ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Generation {
    /// Tokens at most; fewer when the context fills up.
    pub max_tokens: u32,
    /// Zero takes the likeliest token each time.
    pub temperature: f32,
    /// Keeps the likeliest tokens that add up to this probability; 1 keeps all.
    pub top_p: f32,
    /// Keeps this many of the likeliest tokens; zero keeps all.
    pub top_k: u32,
    /// Drops tokens less likely than this share of the likeliest; zero drops none.
    pub min_p: f32,
    /// Above 1, makes tokens of the last 64 less likely.
    pub repeat_penalty: f32,
    /// The same seed and request give the same reply on the same build; none means a new one each time.
    pub seed: Option<u32>,
    /// Generation ends before any of these.
    pub stop: Vec<String>,
    /// GBNF with a `root` rule, for the text after the prefill.
    pub grammar: Option<String>,
}

impl Default for Generation {
    fn default() -> Self {
        Self {
            max_tokens: 1024,
            temperature: 0.0,
            top_p: 0.95,
            top_k: 40,
            min_p: 0.05,
            repeat_penalty: 1.0,
            seed: None,
            stop: Vec::new(),
            grammar: None,
        }
    }
}

/// A message from the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromWorker {
    /// Answers `Load`: requests may come.
    Ready {
        /// Threads in use.
        threads: u32,
        /// Milliseconds that loading took.
        load_ms: u64,
    },
    /// Answers `Load`: the worker ends.
    LoadFailed {
        /// Why, and what to do.
        reason: LoadFailure,
    },
    /// More text of a reply.
    Delta {
        /// The request.
        id: u64,
        /// Never empty, never part of a stop string.
        text: String,
    },
    /// The end of a request that went well.
    Finished {
        /// The request.
        id: u64,
        /// Why it ended.
        finish: Finish,
        /// What it took.
        usage: Usage,
    },
    /// The end of a request that did not.
    Failed {
        /// The request.
        id: u64,
        /// Why.
        reason: Failure,
    },
}

/// Why generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model was done, or a stop string came.
    Stop,
    /// `max_tokens` or the context was used up.
    Length,
    /// The host cancelled.
    Cancelled,
}

/// What a request took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// Of those, tokens that were in the cache already.
    pub cached_tokens: u32,
    /// Tokens generated.
    pub generated_tokens: u32,
    /// Milliseconds from the first prompt token computed to the first token chosen.
    pub prefill_ms: f64,
    /// Milliseconds from there to the end.
    pub decode_ms: f64,
    /// The natural logarithm of the first token's probability; only for `Complete`.
    pub first_logprob: Option<f32>,
}

/// Why weights could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LoadFailure {
    /// The file cannot be read.
    #[error("cannot read the model file {}: {detail}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// The file is not GGUF, or ends too early.
    #[error("{} is not a whole GGUF model: {detail}; fetch it again", path.display())]
    BadFile {
        /// The file.
        path: PathBuf,
        /// What was seen.
        detail: String,
    },
    /// There is no memory for the context.
    #[error("no memory for a context of {cells} tokens; use a smaller context or a smaller model")]
    NoContext {
        /// Cells asked for.
        cells: u32,
    },
    /// The processor lacks instructions that this build uses.
    #[error(
        "this processor lacks {missing}, which the embedded model needs; use a model of a provider instead"
    )]
    Processor {
        /// The instruction sets.
        missing: String,
    },
    /// The variant is not part of this build, or cannot be loaded.
    #[error("the {variant:?} arithmetic cannot be loaded: {detail}")]
    NoVariant {
        /// Which.
        variant: Variant,
        /// Why.
        detail: String,
    },
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Failure {
    /// The prompt leaves no room for a reply.
    #[error("the prompt has {tokens} tokens, but the context holds {context}")]
    PromptTooLong {
        /// Tokens of the prompt.
        tokens: u32,
        /// Tokens that fit.
        context: u32,
    },
    /// The grammar does not parse, or has no `root`.
    #[error("the grammar is not valid GBNF with a root rule")]
    BadGrammar,
    /// No token of the model continues the text within the grammar.
    #[error("the grammar allows no continuation")]
    GrammarDeadEnd,
    /// The model has no fill-in-the-middle tokens.
    #[error("this model cannot fill in the middle")]
    NoInfill,
    /// llama.cpp refused a batch.
    #[error("llama.cpp could not decode: {detail}")]
    Decode {
        /// Its error.
        detail: String,
    },
}

/// Encodes a message with its length.
pub fn encode<T: Serialize>(message: &T) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, message)?;
    let length = frame.len() - 4;
    if length > MAX_FRAME_BYTES {
        return Err(too_long(length));
    }
    frame[..4].copy_from_slice(&(length as u32).to_le_bytes());
    Ok(frame)
}

/// Writes a message and flushes.
pub fn write<T: Serialize>(to: &mut impl Write, message: &T) -> io::Result<()> {
    to.write_all(&encode(message)?)?;
    to.flush()
}

/// Reads a message; none at a clean end of the stream.
pub fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read(&mut length[..1])? {
        0 => return Ok(None),
        _ => from.read_exact(&mut length[1..])?,
    }
    let mut body = vec![0; body_length(length)?];
    from.read_exact(&mut body)?;
    Ok(Some(serde_json::from_slice(&body)?))
}

/// As [`read`], for the host.
pub async fn read_async<T: DeserializeOwned>(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read(&mut length[..1]).await? {
        0 => return Ok(None),
        _ => from.read_exact(&mut length[1..]).await?,
    };
    let mut body = vec![0; body_length(length)?];
    from.read_exact(&mut body).await?;
    Ok(Some(serde_json::from_slice(&body)?))
}

fn body_length(bytes: [u8; 4]) -> io::Result<usize> {
    let length = u32::from_le_bytes(bytes) as usize;
    if length > MAX_FRAME_BYTES { Err(too_long(length)) } else { Ok(length) }
}

fn too_long(length: usize) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("a message of {length} bytes; at most {MAX_FRAME_BYTES} are allowed"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chat() -> ToWorker {
        ToWorker::Chat {
            id: 7,
            messages: vec![Message { role: Role::User, text: "grüß <|im_end|> \u{1F600}".into() }],
            prefill: "def".into(),
            generation: Generation { stop: vec!["\n\n".into()], seed: Some(3), ..Generation::default() },
        }
    }

    #[test]
    fn messages_survive_the_wire() {
        let mut bytes = encode(&chat()).unwrap();
        bytes.extend(encode(&ToWorker::Cancel { id: 7 }).unwrap());
        let mut stream = bytes.as_slice();
        assert_eq!(read::<ToWorker>(&mut stream).unwrap(), Some(chat()));
        assert_eq!(read::<ToWorker>(&mut stream).unwrap(), Some(ToWorker::Cancel { id: 7 }));
        assert_eq!(read::<ToWorker>(&mut stream).unwrap(), None);
    }

    #[tokio::test]
    async fn both_ends_read_alike() {
        let bytes = encode(&chat()).unwrap();
        for cut in 0..=bytes.len() {
            let sync = read::<ToWorker>(&mut &bytes[..cut]).map_err(|e| e.kind());
            let host = read_async::<ToWorker>(&mut &bytes[..cut]).await.map_err(|e| e.kind());
            assert_eq!(sync, host, "cut at {cut}");
            assert_eq!(sync.is_ok(), cut == 0 || cut == bytes.len(), "cut at {cut}");
        }
    }

    #[test]
    fn what_is_not_a_message_is_an_error() {
        for bytes in [&b"Hello, world"[..], &[0xff; 8], b"\x02\0\0\0{]", b"\x04\0\0\0null"] {
            assert!(read::<ToWorker>(&mut &*bytes).is_err(), "{bytes:?}");
        }
    }
}

//! A reply in the words of Anthropic's messages, one event at a time.

use aios_core::{Finish, ModelEvent};
use serde::Deserialize;
use serde_json::Value;

use crate::fault::Fault;
use crate::turn::Turn;

/// Most blocks of one turn.
const MAX_BLOCKS: usize = 1024;

/// Reads the events of one reply.
#[derive(Default)]
pub(crate) struct Reply {
    pub(crate) turn: Turn,
    /// The provider said that this was all.
    pub(crate) stopped: bool,
    blocks: Vec<Block>,
}

struct Block {
    index: u64,
    kind: Kind,
    open: bool,
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Thinking,
    /// A tool call, with its place in the turn.
    Call(usize),
    /// Something that we did not ask for.
    Other,
}

/// Every kind of event in one shape: fields that a kind lacks stay empty.
#[derive(Deserialize)]
struct Event {
    r#type: String,
    index: Option<u64>,
    message: Option<Start>,
    content_block: Option<BlockStart>,
    delta: Option<Delta>,
    usage: Option<Usage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Start {
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct BlockStart {
    r#type: String,
    id: Option<String>,
    name: Option<String>,
    text: Option<String>,
    thinking: Option<String>,
    input: Option<Value>,
}

#[derive(Deserialize)]
struct Delta {
    r#type: Option<String>,
    text: Option<String>,
    thinking: Option<String>,
    partial_json: Option<String>,
    stop_reason: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

impl Reply {
    /// Reads one event; true when it was the last.
    pub(crate) fn event(&mut self, data: &str, out: &mut Vec<ModelEvent>) -> Result<bool, Fault> {
        if data.trim().is_empty() {
            return Ok(false);
        }
        let event: Event = serde_json::from_str(data).map_err(|error| Fault::bad(error.to_string()))?;
        match event.r#type.as_str() {
            "message_start" => {
                if let Some(usage) = event.message.and_then(|message| message.usage) {
                    self.usage(&usage);
                }
            }
            "content_block_start" => {
                let block = event.content_block.ok_or_else(|| Fault::bad("a block without content"))?;
                self.begin_block(index(event.index)?, block, out)?;
            }
            "content_block_delta" => {
                let delta = event.delta.ok_or_else(|| Fault::bad("a delta without content"))?;
                self.delta(index(event.index)?, delta, out)?;
            }
            "content_block_stop" => self.block(index(event.index)?)?.open = false,
            "message_delta" => {
                if let Some(usage) = &event.usage {
                    self.usage(usage);
                }
                if let Some(reason) = event.delta.and_then(|delta| delta.stop_reason) {
                    self.turn.finish = Some(finish(&reason));
                }
            }
            "message_stop" => return self.stop().map(|()| true),
            "error" => return Err(Fault::from_report(&event.error.unwrap_or_default())),
            _ => {}
        }
        Ok(false)
    }

    fn begin_block(&mut self, index: u64, start: BlockStart, out: &mut Vec<ModelEvent>) -> Result<(), Fault> {
        if self.turn.finish.is_some() || self.blocks.iter().any(|block| block.index == index) {
            return Err(Fault::bad("a block begins twice or after the end"));
        }
        if self.blocks.len() == MAX_BLOCKS {
            return Err(Fault::bad("more than 1024 blocks in one turn"));
        }
        let kind = match start.r#type.as_str() {
            "text" => {
                self.turn.text(start.text.unwrap_or_default(), out)?;
                Kind::Text
            }
            "thinking" => {
                self.turn.reasoning(start.thinking.unwrap_or_default(), out)?;
                Kind::Thinking
            }
            "tool_use" => {
                let place =
                    self.turn.begin_call(start.id.unwrap_or_default(), start.name.unwrap_or_default())?;
                if let Some(Value::Object(input)) = start.input
                    && !input.is_empty()
                {
                    self.turn.add_arguments(place, &Value::Object(input).to_string())?;
                }
                Kind::Call(place)
            }
            _ => Kind::Other,
        };
        self.blocks.push(Block { index, kind, open: true });
        Ok(())
    }

    fn delta(&mut self, index: u64, delta: Delta, out: &mut Vec<ModelEvent>) -> Result<(), Fault> {
        let kind = self.block(index)?.kind;
        let wrong = || Fault::bad("a delta does not fit its block");
        match (kind, delta.r#type.as_deref().unwrap_or_default()) {
            (Kind::Text, "text_delta") => self.turn.text(delta.text.ok_or_else(wrong)?, out),
            (Kind::Thinking, "thinking_delta") => self.turn.reasoning(delta.thinking.ok_or_else(wrong)?, out),
            (Kind::Call(place), "input_json_delta") => {
                self.turn.add_arguments(place, &delta.partial_json.ok_or_else(wrong)?)
            }
            (_, "text_delta" | "thinking_delta" | "input_json_delta") if !matches!(kind, Kind::Other) => {
                Err(wrong())
            }
            // Signatures, citations and what else may come.
            _ => Ok(()),
        }
    }

    fn block(&mut self, index: u64) -> Result<&mut Block, Fault> {
        self.blocks
            .iter_mut()
            .find(|block| block.index == index && block.open)
            .ok_or_else(|| Fault::bad("a piece of a block that is not open"))
    }

    /// A call whose block is still open is half a call, whatever the stop reason says.
    fn stop(&mut self) -> Result<(), Fault> {
        let half = self.blocks.iter().any(|block| block.open && matches!(block.kind, Kind::Call(_)));
        match self.turn.finish {
            Some(Finish::Stop | Finish::ToolCalls) if half => {
                Err(Fault::bad("it ended in the middle of a tool call"))
            }
            _ => {
                self.stopped = true;
                Ok(())
            }
        }
    }

    /// Counts are cumulative: later ones replace earlier ones.
    fn usage(&mut self, usage: &Usage) {
        let counts = &mut self.turn.usage;
        if let Some(fresh) = usage.input_tokens {
            let read = usage.cache_read_input_tokens.unwrap_or(0);
            let written = usage.cache_creation_input_tokens.unwrap_or(0);
            let input = fresh.saturating_add(read).saturating_add(written);
            // Gateways leave the cache out of the closing count.
            if input >= counts.input {
                counts.input = input;
                counts.cached = read;
            }
        }
        if let Some(output) = usage.output_tokens {
            counts.output = output;
        }
    }
}

fn index(index: Option<u64>) -> Result<u64, Fault> {
    index.ok_or_else(|| Fault::bad("a block without index"))
}

fn finish(reason: &str) -> Finish {
    match reason {
        "tool_use" => Finish::ToolCalls,
        "max_tokens" | "model_context_window_exceeded" => Finish::Length,
        "refusal" => Finish::Filtered,
        _ => Finish::Stop,
    }
}

//! A reply in the words of chat completions, one event at a time.
//!
//! Servers differ most in how they cut tool calls: by index, without index, all under index 0, or each in one piece.

use std::collections::HashMap;

use aios_core::{Finish, ModelEvent};
use serde::Deserialize;
use serde_json::Value;

use crate::fault::Fault;
use crate::turn::Turn;

/// Reads the events of one reply.
#[derive(Default)]
pub(crate) struct Reply {
    pub(crate) turn: Turn,
    /// Where the call that a server means by an index stands.
    places: HashMap<u64, usize>,
}

#[derive(Deserialize)]
struct Chunk {
    choices: Option<Vec<Choice>>,
    usage: Option<Value>,
    x_groq: Option<Groq>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Groq {
    usage: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    index: Option<u64>,
    delta: Option<Delta>,
    finish_reason: Option<String>,
    usage: Option<Value>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<Value>,
    refusal: Option<String>,
    reasoning_content: Option<Value>,
    reasoning: Option<Value>,
    tool_calls: Option<Vec<CallDelta>>,
}

#[derive(Deserialize)]
struct CallDelta {
    index: Option<u64>,
    id: Option<String>,
    function: Option<FunctionDelta>,
}

#[derive(Deserialize)]
struct FunctionDelta {
    name: Option<String>,
    arguments: Option<Value>,
}

impl Reply {
    /// Reads one event; true when it was the last.
    pub(crate) fn event(&mut self, data: &str, out: &mut Vec<ModelEvent>) -> Result<bool, Fault> {
        if data.trim() == "[DONE]" {
            return self.done().map(|()| true);
        }
        if data.trim().is_empty() {
            return Ok(false);
        }
        let chunk: Chunk = serde_json::from_str(data).map_err(|error| Fault::bad(error.to_string()))?;
        if let Some(error) = &chunk.error {
            return Err(Fault::from_report(error));
        }
        let mut usage = chunk.usage.or_else(|| chunk.x_groq.and_then(|groq| groq.usage));
        for choice in chunk.choices.unwrap_or_default() {
            if choice.index.unwrap_or(0) != 0 {
                continue;
            }
            usage = usage.or(choice.usage);
            if let Some(delta) = choice.delta {
                self.delta(delta, out)?;
            }
            if let Some(reason) = choice.finish_reason {
                self.turn.finish = Some(finish(&reason)?);
            }
        }
        if let Some(usage) = usage {
            self.usage(&usage);
        }
        Ok(false)
    }

    /// Some servers give no reason and only say that they are done; then the calls themselves must show that they are whole.
    fn done(&mut self) -> Result<(), Fault> {
        if self.turn.finish.is_none() {
            if !self.turn.calls_are_json() {
                return Err(Fault::bad("it ended in the middle of a tool call"));
            }
            self.turn.finish = Some(Finish::Stop);
        }
        Ok(())
    }

    fn delta(&mut self, delta: Delta, out: &mut Vec<ModelEvent>) -> Result<(), Fault> {
        if let Some(Value::String(text)) = delta.reasoning_content.or(delta.reasoning) {
            self.turn.reasoning(text, out)?;
        }
        match delta.content {
            Some(Value::String(text)) => self.turn.text(text, out)?,
            Some(Value::Array(parts)) => {
                for part in parts {
                    self.part(&part, out)?;
                }
            }
            _ => {}
        }
        if let Some(refusal) = delta.refusal {
            self.turn.text(refusal, out)?;
        }
        for call in delta.tool_calls.unwrap_or_default() {
            self.call(call)?;
        }
        Ok(())
    }

    /// Mistral's reasoning models send text in parts.
    fn part(&mut self, part: &Value, out: &mut Vec<ModelEvent>) -> Result<(), Fault> {
        let text = |part: &Value| part["text"].as_str().unwrap_or_default().to_owned();
        match part["type"].as_str() {
            Some("thinking") => {
                for thought in part["thinking"].as_array().into_iter().flatten() {
                    self.turn.reasoning(text(thought), out)?;
                }
                Ok(())
            }
            _ => self.turn.text(text(part), out),
        }
    }

    fn call(&mut self, delta: CallDelta) -> Result<(), Fault> {
        if self.turn.finish.is_some() {
            return Err(Fault::bad("a tool call after the end"));
        }
        let (name, arguments) = match delta.function {
            Some(function) => (function.name.unwrap_or_default(), function.arguments),
            None => (String::new(), None),
        };
        let id = delta.id.unwrap_or_default();
        let place = match self.place(delta.index, &id, &name)? {
            Some(place) => place,
            None => {
                let place = self.turn.begin_call(id, name.clone())?;
                self.places.insert(delta.index.unwrap_or(place as u64), place);
                place
            }
        };
        if !name.is_empty() {
            self.turn.name_call(place, &name)?;
        }
        match arguments {
            Some(Value::String(piece)) => self.turn.add_arguments(place, &piece),
            Some(Value::Null) | None => Ok(()),
            Some(whole) => self.turn.add_arguments(place, &whole.to_string()),
        }
    }

    /// The call that a delta goes on with; nothing when it begins one. A new id under a used index is a new call: some servers
    /// send every call under index 0.
    fn place(&self, index: Option<u64>, id: &str, name: &str) -> Result<Option<usize>, Fault> {
        let last = self.turn.call_count().checked_sub(1);
        let known = match index {
            Some(index) => self.places.get(&index).copied(),
            None if id.is_empty() && !name.is_empty() => None,
            None if id.is_empty() => Some(last.ok_or_else(|| Fault::bad("arguments without a tool call"))?),
            None => (0..self.turn.call_count()).find(|&place| self.turn.call(place).id == id),
        };
        let renamed = |place: usize| {
            let known = &self.turn.call(place).id;
            !id.is_empty() && !known.is_empty() && known != id && !name.is_empty()
        };
        Ok(known.filter(|&place| !renamed(place)))
    }

    fn usage(&mut self, usage: &Value) {
        let count = |pointer: &str| usage.pointer(pointer).and_then(Value::as_u64);
        let (input, output) = (count("/prompt_tokens"), count("/completion_tokens"));
        let total = count("/total_tokens").unwrap_or(0);
        let counts = &mut self.turn.usage;
        if let Some(input) = input {
            counts.input = input;
            // Where reasoning is left out of the completion, the total still has it.
            counts.output = output.unwrap_or(0).max(total.saturating_sub(input));
        }
        if let Some(cached) =
            count("/prompt_tokens_details/cached_tokens").or_else(|| count("/prompt_cache_hit_tokens"))
        {
            counts.cached = cached.min(counts.input);
        }
    }
}

fn finish(reason: &str) -> Result<Finish, Fault> {
    Ok(match reason {
        "tool_calls" | "function_call" => Finish::ToolCalls,
        "length" | "model_length" | "max_tokens" => Finish::Length,
        "content_filter" => Finish::Filtered,
        "error" => return Err(Fault::Unavailable("the provider failed while answering".to_owned())),
        _ => Finish::Stop,
    })
}

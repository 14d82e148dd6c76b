//! A turn of the model while it is being received, whatever the wire.
//!
//! Here stand the rules that no stream may bend: how much a turn may hold, when it counts as finished, and that its tool calls
//! are whole.

use aios_core::{Finish, Message, ModelEvent, ModelRequest, ToolCall};
use aios_protocol::TokenUsage;

use crate::fault::Fault;

/// Most text, reasoning and arguments of one turn together, in bytes.
const MAX_CONTENT: usize = 8 << 20;
/// Most tool calls of one turn.
const MAX_CALLS: usize = 128;

/// What has arrived of a turn.
#[derive(Default)]
pub(crate) struct Turn {
    calls: Vec<ToolCall>,
    /// What the provider says it used so far.
    pub(crate) usage: TokenUsage,
    /// Why the model stopped, once it said so.
    pub(crate) finish: Option<Finish>,
    size: usize,
    answered: bool,
}

/// A finished turn.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) calls: Vec<ToolCall>,
    pub(crate) finish: Finish,
    pub(crate) usage: TokenUsage,
}

impl Turn {
    pub(crate) fn text(&mut self, text: String, out: &mut Vec<ModelEvent>) -> Result<(), Fault> {
        self.grow(text.len())?;
        if !text.is_empty() {
            self.answered = true;
            out.push(ModelEvent::Text(text));
        }
        Ok(())
    }

    pub(crate) fn reasoning(&mut self, text: String, out: &mut Vec<ModelEvent>) -> Result<(), Fault> {
        self.grow(text.len())?;
        if !text.is_empty() {
            out.push(ModelEvent::Reasoning(text));
        }
        Ok(())
    }

    /// Begins a call; returns its place.
    pub(crate) fn begin_call(&mut self, id: String, name: String) -> Result<usize, Fault> {
        if self.calls.len() == MAX_CALLS {
            return Err(Fault::bad("more than 128 tool calls in one turn"));
        }
        self.grow(id.len() + name.len())?;
        self.calls.push(ToolCall { id, name, arguments: String::new() });
        Ok(self.calls.len() - 1)
    }

    pub(crate) fn call(&self, place: usize) -> &ToolCall {
        &self.calls[place]
    }

    /// Adds to the arguments of a call.
    pub(crate) fn add_arguments(&mut self, place: usize, piece: &str) -> Result<(), Fault> {
        self.grow(piece.len())?;
        self.calls[place].arguments.push_str(piece);
        Ok(())
    }

    /// The name of a call that began without one.
    pub(crate) fn name_call(&mut self, place: usize, name: &str) -> Result<(), Fault> {
        let call = &mut self.calls[place];
        if call.name.is_empty() {
            name.clone_into(&mut call.name);
        } else if call.name != name {
            return Err(Fault::bad("a tool call changed its name"));
        }
        Ok(())
    }

    pub(crate) fn call_count(&self) -> usize {
        self.calls.len()
    }

    /// Whether the arguments of every call are complete JSON.
    pub(crate) fn calls_are_json(&self) -> bool {
        self.calls.iter().all(|call| serde_json::from_str::<serde::de::IgnoredAny>(&call.arguments).is_ok())
    }

    fn grow(&mut self, bytes: usize) -> Result<(), Fault> {
        self.size += bytes;
        if self.size > MAX_CONTENT { Err(Fault::bad("the reply is longer than 8 MiB")) } else { Ok(()) }
    }

    /// Ends the turn. Its calls count only when the model stopped by itself: what ran into a limit or a filter may be cut
    /// anywhere, and half of an argument can be valid JSON.
    pub(crate) fn finish(self, request: &ModelRequest) -> Result<Finished, Fault> {
        let Self { mut calls, usage, finish, answered, .. } = self;
        let Some(finish) = finish else {
            return Err(Fault::bad("it ended before the model was done"));
        };
        let finish = match finish {
            Finish::Length | Finish::Filtered => {
                return Ok(Finished { calls: Vec::new(), finish, usage });
            }
            Finish::ToolCalls if calls.is_empty() => {
                return Err(Fault::bad("it ends with tool calls but has none"));
            }
            Finish::Stop | Finish::ToolCalls if !calls.is_empty() => Finish::ToolCalls,
            _ if !answered => return Err(Fault::bad("it is empty")),
            _ => Finish::Stop,
        };
        if calls.iter().any(|call| call.name.is_empty()) {
            return Err(Fault::bad("a tool call has no name"));
        }
        for call in &mut calls {
            if call.arguments.trim().is_empty() {
                "{}".clone_into(&mut call.arguments);
            }
        }
        make_ids_unique(&mut calls, &request.messages);
        Ok(Finished { calls, finish, usage })
    }
}

/// Gives a new id to each call without one, or with one that the conversation has used: servers number the calls of every
/// turn from 0, and answers must find their call.
fn make_ids_unique(calls: &mut [ToolCall], messages: &[Message]) {
    let used = |id: &str| {
        messages.iter().any(|message| match message {
            Message::Assistant { tool_calls, .. } => tool_calls.iter().any(|call| call.id == id),
            _ => false,
        })
    };
    let mut number = 0;
    for place in 0..calls.len() {
        let taken = |id: &str| used(id) || calls[..place].iter().any(|call| call.id == id);
        let id = &calls[place].id;
        if !id.is_empty() && !taken(id) {
            continue;
        }
        let fresh = loop {
            let candidate = format!("call_{number}");
            number += 1;
            if !taken(&candidate) && !calls[place..].iter().any(|call| call.id == candidate) {
                break candidate;
            }
        };
        calls[place].id = fresh;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(id: &str) -> ToolCall {
        ToolCall { id: id.to_owned(), name: "t".to_owned(), arguments: String::new() }
    }

    #[test]
    fn ids_are_unique_in_the_conversation() {
        let earlier = Message::Assistant {
            text: "".into(),
            tool_calls: [call("a"), call("call_0"), call("call_2")].into(),
        };
        let check = |ids: &[&str], expect: &[&str]| {
            let mut calls: Vec<_> = ids.iter().map(|id| call(id)).collect();
            make_ids_unique(&mut calls, std::slice::from_ref(&earlier));
            assert_eq!(calls.iter().map(|call| call.id.as_str()).collect::<Vec<_>>(), expect);
        };
        check(&["x", "y"], &["x", "y"]);
        check(&["", ""], &["call_1", "call_3"]);
        check(&["x", "x"], &["x", "call_1"]);
        check(&["a", "call_1"], &["call_3", "call_1"]);
    }

    #[test]
    fn only_turns_that_the_model_ended_have_calls() {
        let check = |finish, text: &str, calls: usize, expect: Option<(Finish, usize)>| {
            let mut turn = Turn { finish, ..Turn::default() };
            turn.text(text.to_owned(), &mut Vec::new()).unwrap();
            for _ in 0..calls {
                turn.begin_call(String::new(), "t".to_owned()).unwrap();
            }
            let finished = turn.finish(&ModelRequest::default()).ok();
            assert_eq!(finished.map(|finished| (finished.finish, finished.calls.len())), expect);
        };
        check(Some(Finish::Stop), "hi", 0, Some((Finish::Stop, 0)));
        check(Some(Finish::Stop), "", 2, Some((Finish::ToolCalls, 2)));
        check(Some(Finish::ToolCalls), "hi", 1, Some((Finish::ToolCalls, 1)));
        check(Some(Finish::Length), "hi", 1, Some((Finish::Length, 0)));
        check(Some(Finish::Filtered), "", 1, Some((Finish::Filtered, 0)));
        check(Some(Finish::ToolCalls), "hi", 0, None);
        check(Some(Finish::Stop), "", 0, None);
        check(None, "hi", 1, None);
    }
}

//! Context compaction: makes a long conversation fit without touching what must stay verbatim.
//!
//! Objective, rules and contract stand in the first two messages and are never changed. Old tool answers go first,
//! then whole old turns; the latest turns stay. A call and its answers stay or go together, as providers demand.

use std::sync::Arc;

use aios_core::Message;

use super::caller::size;

/// Messages at the start that are never touched: system and first user message.
const HEAD: usize = 2;
/// Bytes of an old tool answer that stay.
const STUB: usize = 200;

/// Shortens the conversation to about `budget` bytes; true when anything was changed.
///
/// It cuts to half of the budget, so that the provider's prefix cache survives many turns before the next cut.
pub(crate) fn compact(messages: &mut Vec<Message>, budget: usize) -> bool {
    let total = |messages: &[Message]| messages.iter().map(size).sum::<usize>();
    if total(messages) <= budget {
        return false;
    }
    let target = budget / 2;
    let mut bytes = total(messages);
    let keep_from = latest_turns(messages);
    for message in messages.iter_mut().take(keep_from).skip(HEAD) {
        if bytes <= target {
            return true;
        }
        let before = size(message);
        shorten(message);
        bytes -= before - size(message);
    }
    while bytes > target {
        let Some(end) = first_turn_end(messages, latest_turns(messages)) else { break };
        let gone: usize = messages.drain(HEAD..end).map(|message| size(&message)).sum();
        bytes -= gone;
    }
    true
}

/// Where the latest two turns of the model begin.
fn latest_turns(messages: &[Message]) -> usize {
    let mut starts =
        messages.iter().enumerate().rev().filter(|(_, message)| matches!(message, Message::Assistant { .. }));
    let latest = starts.next().map_or(messages.len(), |(index, _)| index);
    starts.next().map_or(latest, |(index, _)| index).max(HEAD.min(messages.len()))
}

/// The end of the oldest turn after the head: up to the next assistant or user message; nothing when only the latest stay.
fn first_turn_end(messages: &[Message], keep_from: usize) -> Option<usize> {
    if keep_from <= HEAD {
        return None;
    }
    let next =
        (HEAD + 1..keep_from).find(|index| !matches!(messages.get(*index), Some(Message::Tool { .. })));
    Some(next.unwrap_or(keep_from))
}

fn shorten(message: &mut Message) {
    match message {
        Message::Tool { content, .. } if content.len() > STUB * 2 => {
            let head = clip(content, STUB);
            let cut = content.len() - head.len();
            *content = format!(
                "{head}\n[{cut} bytes of this old answer were removed; call the tool again if you need them]"
            )
            .into();
        }
        // Arguments must stay valid JSON: a long one is replaced whole.
        Message::Assistant { tool_calls, .. } => {
            let calls = Arc::make_mut(tool_calls).iter_mut();
            for call in calls.filter(|call| call.arguments.len() > STUB * 4) {
                call.arguments = slim_arguments(&call.arguments);
            }
        }
        _ => {}
    }
}

/// The same arguments with long texts cut, still valid JSON of the same shape.
fn slim_arguments(arguments: &str) -> String {
    match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(arguments) {
        Ok(mut fields) => {
            for value in fields.values_mut() {
                if let Some(text) = value.as_str().filter(|text| text.len() > STUB) {
                    *value = format!("{} [cut]", clip(text, STUB)).into();
                }
            }
            serde_json::Value::Object(fields).to_string()
        }
        Err(_) => "{}".to_owned(),
    }
}

fn clip(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use aios_core::ToolCall;

    use super::*;

    fn conversation(turns: usize, bytes: usize) -> Vec<Message> {
        let mut messages = vec![Message::system("rules and contract"), Message::user("objective")];
        for turn in 0..turns {
            let call = ToolCall {
                id: format!("c{turn}"),
                name: "write_file".into(),
                arguments: serde_json::json!({"path": "a.py", "content": "x".repeat(bytes)}).to_string(),
            };
            messages.push(Message::Assistant { text: "".into(), tool_calls: [call].into() });
            messages.push(Message::Tool {
                call_id: format!("c{turn}").into(),
                name: "write_file".into(),
                content: "y".repeat(bytes).into(),
            });
        }
        messages
    }

    fn check_legal(messages: &[Message]) {
        for (index, message) in messages.iter().enumerate() {
            match message {
                Message::Assistant { tool_calls, .. } => {
                    let answer = messages.get(index + 1);
                    let id = &tool_calls[0].id;
                    assert!(matches!(answer, Some(Message::Tool { call_id, .. }) if **call_id == **id));
                    assert!(serde_json::from_str::<serde_json::Value>(&tool_calls[0].arguments).is_ok());
                }
                Message::Tool { .. } => {
                    assert!(
                        matches!(messages[index - 1], Message::Assistant { .. }),
                        "an answer lost its call"
                    );
                }
                _ => {}
            }
        }
    }

    #[test]
    fn a_short_conversation_is_left_alone() {
        let mut messages = conversation(3, 10);
        let before = messages.clone();
        assert!(!compact(&mut messages, 10_000));
        assert_eq!(messages, before);
    }

    #[test]
    fn the_head_and_the_latest_turns_stay_verbatim() {
        for (turns, bytes, budget) in
            [(10, 2_000, 20_000), (200, 500, 30_000), (5, 50_000, 10_000), (1, 9_000, 100)]
        {
            let mut messages = conversation(turns, bytes);
            let before = messages.clone();
            assert!(compact(&mut messages, budget));
            assert_eq!(messages[..2], before[..2], "{turns} turns");
            let latest = before.len().saturating_sub(4).max(2);
            assert!(messages.ends_with(&before[latest..]), "{turns} turns");
            check_legal(&messages);
            let left: usize = messages.iter().map(size).sum();
            let unavoidable: usize = before[..2].iter().chain(&before[latest..]).map(size).sum();
            assert!(left <= (budget / 2).max(unavoidable), "{turns} turns: {left} bytes are left");
        }
    }
}

//! The loop of an agent that calls tools: model → calls → gate → answers → model, until it has nothing to call.

use std::sync::Arc;

use aios_core::{Finish, Message, ModelRequest, ToolCall};
use aios_protocol::ErrorCode;
use futures::future::join_all;

use super::compact::compact;
use super::context::NodeContext;
use super::prompt;
use crate::run::NodeFault;

/// Turns after which an agent is stopped, whatever it says.
const MAX_TURNS: usize = 1_000;
/// The same calls this many times in a row: the agent is told; twice as many: it is stopped.
const SAME_CALLS: usize = 4;
/// The longest reply that is asked for.
const MAX_REPLY_TOKENS: u32 = 16_384;
/// Bytes of the conversation for each token of the context window: three quarters of four.
const BUDGET_BYTES_PER_TOKEN: usize = 3;

/// Lets the agent work until it is done; answers its summary.
pub(crate) async fn work(cx: &NodeContext, conversation: Vec<Message>) -> Result<String, NodeFault> {
    let info = cx.model().info();
    let budget =
        info.context.saturating_sub(MAX_REPLY_TOKENS.min(info.max_output)) as usize * BUDGET_BYTES_PER_TOKEN;
    let max_tokens = Some(MAX_REPLY_TOKENS.min(info.max_output));
    let tools = cx.tools.schemas(&cx.policy);
    let mut messages = Arc::new(if conversation.is_empty() { opening(cx).await } else { conversation });
    let mut watch = Watch::default();

    // Calls that a restart left without answers are made first.
    let open = open_calls(&messages);
    if !open.is_empty() {
        answer(cx, &open, &mut messages).await?;
    } else if let (Some(info), Some(Message::Assistant { .. })) = (&cx.debug, messages.last()) {
        push(&mut messages, Message::user(prompt::debug(info)));
    }
    for _ in 0..MAX_TURNS {
        compact(Arc::make_mut(&mut messages), budget);
        let request = ModelRequest {
            messages: messages.clone(),
            tools: tools.clone(),
            max_tokens,
            ..ModelRequest::default()
        };
        let turn = cx.call(request).await?;
        let (text, calls): (Arc<str>, Arc<[ToolCall]>) = (turn.text.into(), turn.tool_calls.into());
        push(&mut messages, Message::Assistant { text: text.clone(), tool_calls: calls.clone() });
        if calls.is_empty() {
            match turn.finish {
                Finish::Length => {
                    push(
                        &mut messages,
                        Message::user("Your reply was cut off at its length limit. Go on in smaller steps."),
                    );
                    continue;
                }
                Finish::Filtered => {
                    let reason = "the provider's content filter cut the reply off".to_owned();
                    return Err(NodeFault { reason, code: ErrorCode::ModelFailed });
                }
                Finish::Stop | Finish::ToolCalls if text.trim().is_empty() => {
                    if watch.said_nothing() {
                        let reason = "the model answered nothing, several times in a row".to_owned();
                        return Err(NodeFault { reason, code: ErrorCode::ModelFailed });
                    }
                    Arc::make_mut(&mut messages).pop();
                    push(
                        &mut messages,
                        Message::user("You answered nothing. Call a tool, or say what you did."),
                    );
                    continue;
                }
                Finish::Stop | Finish::ToolCalls => {
                    cx.channel.keep_conversation(&messages);
                    return Ok(text.trim().to_owned());
                }
            }
        }
        answer(cx, &calls, &mut messages).await?;
        match watch.saw(&calls) {
            Repetition::No => {}
            Repetition::Tell => push(
                &mut messages,
                Message::user(
                    "You have made the same calls several times with the same answers. Do something else, or say what stops you.",
                ),
            ),
            Repetition::Stop => {
                let reason = "the model kept repeating the same tool calls".to_owned();
                return Err(NodeFault { reason, code: ErrorCode::ModelFailed });
            }
        }
    }
    let reason = format!("the agent was not done after {MAX_TURNS} turns");
    Err(NodeFault { reason, code: ErrorCode::ModelFailed })
}

async fn opening(cx: &NodeContext) -> Vec<Message> {
    let contract = cx.read("contract/contract.md").await;
    let files = cx.list().await;
    let mut task = prompt::task(cx, contract.as_deref(), &files);
    if let Some(info) = &cx.debug {
        task.push_str("\n\n");
        task.push_str(&prompt::debug(info));
    }
    vec![Message::system(prompt::system(cx)), Message::user(task)]
}

/// Makes the calls and appends their answers in order. Reading calls run side by side, others one by one.
async fn answer(
    cx: &NodeContext,
    calls: &[ToolCall],
    messages: &mut Arc<Vec<Message>>,
) -> Result<(), NodeFault> {
    let mut rest = calls;
    while let Some(first) = rest.first() {
        let reading = rest.iter().take_while(|call| cx.tools.is_read_only(&call.name)).count();
        let batch =
            if reading > 0 { rest.get(..reading).unwrap_or_default() } else { std::slice::from_ref(first) };
        rest = rest.get(batch.len()..).unwrap_or_default();
        cx.channel.keep_conversation(messages);
        let answers = join_all(batch.iter().map(|call| cx.tool(call))).await;
        cx.channel.forget_conversation();
        for (call, answer) in batch.iter().zip(answers) {
            push(
                messages,
                Message::Tool {
                    call_id: call.id.as_str().into(),
                    name: call.name.as_str().into(),
                    content: answer?.content.into(),
                },
            );
        }
    }
    Ok(())
}

/// Appends in place: nobody else holds the conversation between a model's turns.
fn push(messages: &mut Arc<Vec<Message>>, message: Message) {
    Arc::make_mut(messages).push(message);
}

/// The calls at the end of a conversation that have no answers yet.
fn open_calls(messages: &[Message]) -> Vec<ToolCall> {
    let Some(index) = messages.iter().rposition(|message| matches!(message, Message::Assistant { .. }))
    else {
        return Vec::new();
    };
    let answered: Vec<&str> = messages
        .iter()
        .skip(index + 1)
        .filter_map(|message| match message {
            Message::Tool { call_id, .. } => Some(&**call_id),
            _ => None,
        })
        .collect();
    match messages.get(index) {
        Some(Message::Assistant { tool_calls, .. }) => {
            tool_calls.iter().filter(|call| !answered.contains(&call.id.as_str())).cloned().collect()
        }
        _ => Vec::new(),
    }
}

/// Watches for a model that goes round in circles.
#[derive(Default)]
struct Watch {
    last: Vec<(String, String)>,
    same: usize,
    silences: usize,
}

enum Repetition {
    No,
    Tell,
    Stop,
}

impl Watch {
    fn saw(&mut self, calls: &[ToolCall]) -> Repetition {
        self.silences = 0;
        let now: Vec<_> = calls.iter().map(|call| (call.name.clone(), call.arguments.clone())).collect();
        self.same = if now == self.last { self.same + 1 } else { 1 };
        self.last = now;
        match self.same {
            same if same == SAME_CALLS => Repetition::Tell,
            same if same >= SAME_CALLS * 2 => Repetition::Stop,
            _ => Repetition::No,
        }
    }

    /// True when it has been silent too often.
    fn said_nothing(&mut self) -> bool {
        self.silences += 1;
        self.silences >= 3
    }
}

//! One model call of an agent: metered, streamed to the watchers, gathered into a turn.

use std::sync::Arc;
use std::time::Instant;

use aios_core::{
    Completion, EventSink, Finish, Message, MicroUsd, Model, ModelError, ModelEvent, ModelRequest, ToolCall,
};
use aios_protocol::{AgentName, RunEvent, TokenUsage};
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use crate::meter::Meter;

/// What a model answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Turn {
    /// Its text, without what was forced upon it.
    pub(crate) text: String,
    /// The tools that it called.
    pub(crate) tool_calls: Vec<ToolCall>,
    /// Why it ended.
    pub(crate) finish: Finish,
}

/// Calls the run's model for one agent.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) agent: AgentName,
    pub(crate) model: Arc<dyn Model>,
    /// The run's own money, and what its organisation may spend.
    pub(crate) meters: [Arc<Meter>; 2],
    pub(crate) events: Arc<dyn EventSink>,
}

impl Caller {
    /// Sends a request and waits for the whole turn. Cancelled turns are still paid for.
    pub(crate) async fn call(
        &self,
        request: ModelRequest,
        stop: &CancellationToken,
    ) -> Result<Turn, ModelError> {
        let asked = estimate(&request);
        let info = self.model.info();
        let most = TokenUsage {
            input: asked,
            cached: 0,
            output: request.max_tokens.unwrap_or(info.max_output).into(),
        };
        let worst = MicroUsd::of_call_at(info.price.as_ref(), &most);
        let mut leaves = Vec::new();
        for meter in &self.meters {
            // Others may be long at what they were given leave for.
            let leave = tokio::select! {
                leave = meter.reserve(worst) => leave,
                () = stop.cancelled() => return Err(ModelError::Cancelled),
            };
            leaves.push(leave.ok_or(ModelError::LimitReached)?);
        }
        let begun = Instant::now();
        let gathered = self.gather(request, asked, stop).await;
        let (result, completion) = match gathered {
            Ok((turn, completion)) => (Ok(turn), completion),
            // What a broken call used is not reported; count what was sent and what came.
            Err((error, received)) => {
                let usage = TokenUsage { input: asked, cached: 0, output: tokens(received) };
                let usage = if received == 0 { TokenUsage::default() } else { usage };
                let model = info.full_name();
                (Err(error), Completion { finish: Finish::Stop, usage, model, price: info.price })
            }
        };
        let spent = MicroUsd::of_call_at(completion.price.as_ref(), &completion.usage);
        leaves.into_iter().for_each(|leave| leave.settle(spent));
        if completion.usage != TokenUsage::default() || result.is_ok() {
            self.events.emit(RunEvent::ModelCalled {
                agent: self.agent.clone(),
                model: completion.model,
                usage: completion.usage,
                cost_usd: spent.as_usd(),
                duration_ms: begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX),
            });
        }
        result
    }

    async fn gather(
        &self,
        request: ModelRequest,
        asked: u64,
        stop: &CancellationToken,
    ) -> Result<(Turn, Completion), (ModelError, usize)> {
        let mut stream = self.model.stream(request, stop.clone());
        let mut turn = Turn { text: String::new(), tool_calls: Vec::new(), finish: Finish::Stop };
        while let Some(event) = stream.next().await {
            match event {
                Ok(ModelEvent::Text(chunk)) => {
                    turn.text.push_str(&chunk);
                    self.events.emit(RunEvent::TokenChunk { agent: self.agent.clone(), chunk });
                }
                Ok(ModelEvent::Reasoning(_)) => {}
                Ok(ModelEvent::Failover { from, to, reason }) => {
                    self.events.emit(RunEvent::ModelFailover { agent: self.agent.clone(), from, to, reason });
                }
                Ok(ModelEvent::ToolCall(call)) => turn.tool_calls.push(call),
                Ok(ModelEvent::Done(mut completion)) => {
                    turn.finish = completion.finish;
                    if completion.usage == TokenUsage::default() {
                        // The provider reports nothing: count ourselves.
                        let calls: usize = turn.tool_calls.iter().map(|call| call.arguments.len()).sum();
                        completion.usage.input = asked;
                        completion.usage.output = tokens(turn.text.len() + calls);
                    }
                    return Ok((turn, completion));
                }
                Err(error) => return Err((error, turn.text.len())),
            }
        }
        let detail = "the stream ended without a word".to_owned();
        Err((ModelError::BadReply { model: self.model.info().full_name(), detail }, turn.text.len()))
    }
}

/// Tokens of a request, at four bytes a token: the usual rule of thumb for English and code.
pub(crate) fn estimate(request: &ModelRequest) -> u64 {
    let messages: usize = request.messages.iter().map(size).sum();
    tokens(messages + request.prefill.as_ref().map_or(0, String::len)) + 120 * request.tools.len() as u64
}

/// Bytes of a message that count towards the context.
pub(crate) fn size(message: &Message) -> usize {
    match message {
        Message::System { text } | Message::User { text } => text.len(),
        Message::Assistant { text, tool_calls } => {
            let calls: usize = tool_calls.iter().map(|call| call.name.len() + call.arguments.len()).sum();
            text.len() + calls
        }
        Message::Tool { content, .. } => content.len(),
    }
}

fn tokens(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(4)
}

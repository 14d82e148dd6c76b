//! A scripted model in the same process: the `Model` port without a wire.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aios_core::{
    Completion, Finish, Message, Model, ModelError, ModelEvent, ModelInfo, ModelRequest, ModelStream,
    ModelStyle, TimeoutPhase, ToolCall,
};
use futures::stream::{self, StreamExt};
use tokio_util::sync::CancellationToken;

use crate::Script;
use crate::conversation::{self, Said};
use crate::script::{Play, agent_of};
use crate::tool_schema;
use crate::turn::{Fault, Turn};

/// Plays a script through the `Model` port. As strict as the server: dropping it fails the test if a request was wrong.
#[derive(Debug)]
pub struct ScriptedModel {
    info: ModelInfo,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    play: Play,
    requests: Vec<ModelRequest>,
}

impl ScriptedModel {
    /// A model `scripted/model` that calls tools by itself and costs nothing.
    pub fn new(script: Script) -> Arc<Self> {
        let info = ModelInfo {
            provider: "scripted".into(),
            name: "model".into(),
            context: 128_000,
            max_output: 8_192,
            price: None,
            style: ModelStyle::Tools,
            infill: false,
        };
        Self::with_info(script, info)
    }

    /// A model of another name, price or style.
    pub fn with_info(script: Script, info: ModelInfo) -> Arc<Self> {
        Arc::new(Self { info, state: Mutex::new(State { play: Play::new(script), requests: Vec::new() }) })
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<ModelRequest> {
        self.lock().requests.clone()
    }

    /// Panics if a request was wrong or a reply was never asked for.
    pub fn finish(&self) {
        if let Some(verdict) = self.lock().play.verdict(true) {
            panic!("{verdict}");
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn judge(&self, request: ModelRequest) -> Result<(Turn, Vec<ToolCall>), ModelError> {
        let (system, said) = read(&request.messages);
        let mut wrong = Vec::new();
        if request.infill.is_none() {
            conversation::check(&said, &mut wrong);
        }
        for tool in request.tools.iter() {
            tool_schema::check(tool.name, tool.description, &tool.parameters, &mut wrong);
        }
        let guided = request.grammar.is_some() || request.prefill.is_some() && request.infill.is_none();
        if request.infill.is_some() && !self.info.infill {
            wrong.push("this model fills no holes".into());
        }
        if guided && self.info.style != ModelStyle::Guided {
            wrong.push("prefill and grammar are for guided models only".into());
        }
        let agent = agent_of(&system);
        let mut state = self.lock();
        state.play.find_secrets(request.messages.iter().map(text), &mut wrong);
        state.requests.push(request);
        let turn = state
            .play
            .answer(agent.as_deref(), wrong)
            .map_err(|detail| ModelError::Refused { model: self.info.full_name(), detail })?;
        let calls = turn.calls.iter().map(|(name, arguments)| ToolCall {
            id: format!("call_{}", state.play.next_call()),
            name: name.clone(),
            arguments: arguments.clone(),
        });
        let calls = calls.collect();
        Ok((turn, calls))
    }

    /// The events of a turn, and how it ends if not well.
    fn events(&self, turn: &Turn, calls: Vec<ToolCall>) -> Vec<Result<ModelEvent, ModelError>> {
        let texts = Turn::pieces(&turn.text).map(|piece| Ok(ModelEvent::Text(piece.to_owned())));
        let mut events: Vec<_> = texts.collect();
        let model = self.info.full_name();
        match &turn.fault {
            None => {
                let finish = match turn {
                    Turn { out_of_tokens: true, .. } => Finish::Length,
                    Turn { calls, .. } if !calls.is_empty() => Finish::ToolCalls,
                    _ => Finish::Stop,
                };
                events.extend(calls.into_iter().map(|call| Ok(ModelEvent::ToolCall(call))));
                let completion = Completion { finish, usage: turn.usage, model, price: self.info.price };
                events.push(Ok(ModelEvent::Done(completion)));
            }
            Some(fault) => {
                events.truncate(events.len() / 2);
                if matches!(fault, Fault::Status { .. } | Fault::Body { .. } | Fault::HangBeforeHeaders) {
                    events.clear();
                }
                events.push(Err(failure(fault, model)));
            }
        }
        events
    }
}

impl Model for ScriptedModel {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn stream(&self, request: ModelRequest, stop: CancellationToken) -> ModelStream {
        let (turn, calls) = match self.judge(request) {
            Ok(judged) => judged,
            Err(error) => return stream::iter([Err(error)]).boxed(),
        };
        let hangs = matches!(turn.fault, Some(Fault::HangBeforeHeaders | Fault::HangMidStream));
        let pause = turn.pause;
        let events = self.events(&turn, calls);
        let last = events.len() - 1;
        stream::iter(events.into_iter().enumerate())
            .then(move |(index, event)| {
                let stop = stop.clone();
                async move {
                    let wait = async {
                        if hangs && index == last {
                            std::future::pending::<()>().await;
                        } else if !pause.is_zero() {
                            tokio::time::sleep(pause).await;
                        }
                    };
                    match stop.run_until_cancelled(wait).await {
                        Some(()) => event,
                        None => Err(ModelError::Cancelled),
                    }
                }
            })
            // Nothing follows an error, cancellation included.
            .scan(false, |over, event| {
                let before = std::mem::replace(over, *over || event.is_err());
                std::future::ready((!before).then_some(event))
            })
            .boxed()
    }
}

impl Drop for ScriptedModel {
    fn drop(&mut self) {
        if let Some(verdict) = self.lock().play.verdict(false)
            && !std::thread::panicking()
        {
            panic!("{verdict}");
        }
    }
}

fn failure(fault: &Fault, model: String) -> ModelError {
    let detail = "scripted fault".to_owned();
    match fault {
        Fault::Status { code: 401 | 403, .. } => ModelError::Unauthorised { model, detail },
        Fault::Status { code: 429, retry_after } => {
            ModelError::RateLimited { model, detail, retry_after: retry_after.map(Duration::from_secs) }
        }
        Fault::Status { code: 500.., .. } | Fault::Reset => ModelError::Unavailable { model, detail },
        Fault::Status { .. } => ModelError::Refused { model, detail },
        Fault::Truncate | Fault::InvalidJson | Fault::Body { .. } => ModelError::BadReply { model, detail },
        // Never seen: the stream hangs before it.
        Fault::HangBeforeHeaders | Fault::HangMidStream => {
            ModelError::TimedOut { model, phase: TimeoutPhase::BetweenBytes, after: Duration::MAX }
        }
    }
}

fn read(messages: &[Message]) -> (String, Vec<Said>) {
    let mut system = String::new();
    let said = messages.iter().map(|message| match message {
        Message::System { text } => {
            system.push_str(text);
            Said::System
        }
        Message::User { .. } => Said::User,
        Message::Assistant { text, tool_calls } => Said::Assistant {
            calls: tool_calls.iter().map(|call| call.id.clone()).collect(),
            is_empty: text.is_empty(),
        },
        Message::Tool { call_id, .. } => Said::Result { call: call_id.to_string() },
    });
    let said = said.collect();
    (system, said)
}

fn text(message: &Message) -> &str {
    match message {
        Message::System { text } | Message::User { text } | Message::Assistant { text, .. } => text,
        Message::Tool { content, .. } => content,
    }
}

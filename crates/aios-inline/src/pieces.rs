//! Asks a model, and tells its answer while it comes.

use aios_core::{Completion, Finish, Message, Model, ModelError, ModelEvent, ModelInfo, ModelRequest};
use aios_protocol::TokenUsage;
use async_stream::try_stream;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use tokio_util::sync::CancellationToken;

/// An answer in the making. It ends with `Piece::Done` or with an error; dropping it stops the model.
pub type Pieces<A> = BoxStream<'static, Result<Piece<A>, ModelError>>;

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece<A> {
    /// More of the answer's text. The answer itself is what counts: now and then it has less than was told before.
    Text(String),
    /// The whole answer, and what the model took for it; nothing where none was asked.
    Done(A, Option<Completion>),
}

/// Reads a reply.
pub(crate) trait Reader: Send + 'static {
    type Answer: Send + 'static;

    /// The text of the answer, as far as it is certain when this much of the reply has come.
    fn certain(&self, reply: &str) -> String;

    /// Whether more of the reply could not change the answer.
    fn is_enough(&self, reply: &str) -> bool;

    /// The answer, or why the reply holds none.
    fn answer(self, reply: &str, finish: Finish) -> Result<Self::Answer, String>;

    /// The text of an answer.
    fn text(answer: &Self::Answer) -> &str;
}

/// An answer that no model was asked for.
pub(crate) fn known<A: Send + 'static>(text: &str, answer: A) -> Pieces<A> {
    let told = (!text.is_empty()).then(|| Piece::Text(text.to_owned()));
    stream::iter(told.into_iter().chain([Piece::Done(answer, None)]).map(Ok)).boxed()
}

/// Sends a request and reads the reply.
pub(crate) fn ask<R: Reader>(
    model: &dyn Model,
    request: ModelRequest,
    reader: R,
    stop: CancellationToken,
) -> Pieces<R::Answer> {
    let (info, asked) = (model.info().clone(), bytes(&request));
    let mut events = model.stream(request, stop);
    Box::pin(try_stream! {
        let (mut reply, mut told) = (String::new(), String::new());
        let mut completion = None;
        let mut is_enough = false;
        while let Some(event) = events.next().await {
            match event? {
                ModelEvent::Text(text) => {
                    reply.push_str(&text);
                    let certain = reader.certain(&reply);
                    if let Some(more) = news(&certain, &told) {
                        yield Piece::Text(more);
                        told = certain;
                    }
                    is_enough = reader.is_enough(&reply);
                }
                ModelEvent::Done(done) => completion = Some(done),
                ModelEvent::Reasoning(_) | ModelEvent::Failover { .. } | ModelEvent::ToolCall(_) => {}
            }
            if is_enough || completion.is_some() {
                break;
            }
        }
        // Stops the model, if it would say more.
        drop(events);
        let bad = |detail: String| ModelError::BadReply { model: info.full_name(), detail };
        if completion.is_none() && !is_enough {
            Err::<(), _>(bad("it ended without saying so".into()))?;
        }
        let completion = counted(completion, &info, asked, reply.len());
        let answer = reader.answer(&reply, completion.finish).map_err(bad)?;
        if let Some(more) = news(R::text(&answer), &told) {
            yield Piece::Text(more);
        }
        yield Piece::Done(answer, Some(completion));
    })
}

/// What was not told yet; nothing where something else was.
fn news(certain: &str, told: &str) -> Option<String> {
    certain.strip_prefix(told).filter(|more| !more.is_empty()).map(str::to_owned)
}

/// What the call took. Counted here, at four bytes a token, where nobody tells: the provider does not, or was stopped.
fn counted(told: Option<Completion>, info: &ModelInfo, asked: usize, received: usize) -> Completion {
    let mut completion = told.unwrap_or_else(|| Completion {
        finish: Finish::Stop,
        usage: TokenUsage::default(),
        model: info.full_name(),
        price: info.price,
    });
    if completion.usage == TokenUsage::default() {
        let tokens = |bytes: usize| (bytes as u64).div_ceil(4);
        completion.usage = TokenUsage { input: tokens(asked), cached: 0, output: tokens(received) };
    }
    completion
}

/// Bytes of a request that the model reads.
fn bytes(request: &ModelRequest) -> usize {
    let said = request.messages.iter().map(|message| match message {
        Message::System { text } | Message::User { text } | Message::Assistant { text, .. } => text.len(),
        Message::Tool { content, .. } => content.len(),
    });
    let hole = request.infill.as_ref().map_or(0, |hole| hole.prefix.len() + hole.suffix.len());
    said.sum::<usize>() + hole + request.prefill.as_ref().map_or(0, String::len)
}

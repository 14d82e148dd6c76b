//! Typing-time AI: completions, edits and chat on the model that the session may use.

use std::sync::Arc;

use aios_core::{Clock, Completion, MicroUsd, Model, Scope, UsageStore};
use aios_engine::Reservation;
use aios_inline::{Piece, Pieces};
use aios_protocol::{
    ErrorCode, InlineChat, InlineComplete, InlineCompletion, InlineEdit, InlineEdited, InlineReply, Problem,
    Purpose, TokenUsage,
};
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use super::{Session, billing, choice, text};
use crate::{App, problem};

/// The longest code to be edited, in characters; an edit is read and written whole.
const CODE: usize = 60_000;
/// The longest surroundings of an edit or a caret, file to be talked about, or history. Models are shown less.
const AROUND: usize = 500_000;
/// About as much of the surroundings of a caret as a model is shown, in bytes.
const SHOWN: usize = 16_000;
const INSTRUCTION: usize = 8_000;
const MESSAGE: usize = 32_000;
const PATH: usize = 1_000;

pub(super) async fn edit(session: &Session, request: InlineEdit) -> Result<InlineEdited, Problem> {
    text::any("the code", &request.code, CODE)?;
    said("the instruction", &request.instruction, INSTRUCTION)?;
    for (what, around) in [("before", &request.before), ("after", &request.after)] {
        text::any(what, around.as_deref().unwrap_or_default(), AROUND)?;
    }
    named(request.path.as_deref())?;
    let model = choice::for_light_work(session, Purpose::Inline, request.model.as_deref()).await?;
    let sent = request.code.len() + request.instruction.len();
    answer(session, &*model, sent, |stop| aios_inline::edit(&*model, &request, stop)).await
}

pub(super) async fn chat(session: &Session, request: InlineChat) -> Result<InlineReply, Problem> {
    text::any("file_context", &request.file_context, AROUND)?;
    said("the message", &request.message, MESSAGE)?;
    let history: usize =
        request.history.iter().map(|turn| turn.message.chars().count() + turn.reply.chars().count()).sum();
    if history > AROUND {
        return Err(Problem::new(
            ErrorCode::InvalidRequest,
            format!("the history has {history} characters; at most {AROUND} are allowed"),
        )
        .with_hint("leave the oldest turns away"));
    }
    named(request.path.as_deref())?;
    let model = choice::for_light_work(session, Purpose::Chat, request.model.as_deref()).await?;
    let sent = request.file_context.len() + request.message.len();
    answer(session, &*model, sent, |stop| aios_inline::chat(&*model, &request, stop)).await
}

pub(super) async fn complete(
    session: &Session,
    request: InlineComplete,
) -> Result<InlineCompletion, Problem> {
    text::any("the prefix", &request.prefix, AROUND)?;
    text::any("the suffix", &request.suffix, AROUND)?;
    named(request.path.as_deref())?;
    let model = choice::for_completions(session, request.model.as_deref()).await?;
    let (completer, scope) = (&session.app.completer, &session.scope);
    let sent = (request.prefix.len() + request.suffix.len()).min(SHOWN);
    answer(session, &*model, sent, |stop| completer.complete(scope, &*model, &request, stop)).await
}

/// A text that says something.
fn said(what: &str, words: &str, most: usize) -> Result<(), Problem> {
    if words.trim().is_empty() {
        return Err(Problem::new(ErrorCode::InvalidRequest, format!("{what} is empty")));
    }
    text::any(what, words, most).map(|_| ())
}

fn named(path: Option<&str>) -> Result<(), Problem> {
    path.map_or(Ok(()), |path| text::line("the path", path, PATH).map(|_| ()))
}

/// The whole answer; its pieces go to whoever listens to the session. Dropping the future stops the model.
async fn answer<A>(
    session: &Session,
    model: &dyn Model,
    sent: usize,
    ask: impl FnOnce(CancellationToken) -> Pieces<A>,
) -> Result<A, Problem> {
    let info = model.info();
    let most = TokenUsage { input: tokens(sent), cached: 0, output: info.max_output.into() };
    let worst = MicroUsd::of_call_at(info.price.as_ref(), &most);
    let leave = billing::leave(session, info.price.as_ref(), worst).await?;
    let stop = CancellationToken::new();
    let _stopped_with_us = stop.clone().drop_guard();
    let mut call = Call::begin(session, model, sent, leave);
    let mut pieces = ask(stop);
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(Piece::Text(text)) => {
                call.received += text.len();
                session.tell(text).await;
            }
            Ok(Piece::Done(answer, spent)) => {
                call.end(spent);
                return Ok(answer);
            }
            Err(error) => {
                if call.received == 0 {
                    call.end(None);
                }
                return Err(problem::model(&error));
            }
        }
    }
    Err(Problem::new(ErrorCode::Internal, "the model's answer has no end"))
}

/// A model call that is counted whatever becomes of it: one that was broken off, at four bytes a token.
struct Call {
    app: Arc<App>,
    scope: Scope,
    sent: usize,
    received: usize,
    begun: Option<(Completion, Reservation)>,
}

impl Call {
    fn begin(session: &Session, model: &dyn Model, sent: usize, leave: Reservation) -> Self {
        let info = model.info();
        let begun = Completion {
            finish: aios_core::Finish::Stop,
            usage: TokenUsage::default(),
            model: info.full_name(),
            price: info.price,
        };
        let (app, scope) = (session.app.clone(), session.scope.clone());
        Self { app, scope, sent, received: 0, begun: Some((begun, leave)) }
    }

    /// It took this much; nothing where no model was asked, or it said nothing.
    fn end(&mut self, spent: Option<Completion>) {
        if let (Some((_, leave)), Some(spent)) = (self.begun.take(), spent) {
            self.count(&spent, leave);
        }
    }

    /// Stored beside the caller's way: nobody waits for it.
    fn count(&self, spent: &Completion, leave: Reservation) {
        let (app, scope, tokens) = (self.app.clone(), self.scope.clone(), spent.usage);
        let cost = MicroUsd::of_call_at(spent.price.as_ref(), &tokens);
        leave.settle(cost);
        app.hub.count_call(tokens, cost);
        let store = async move {
            if let Err(error) = app.store.add_call(&scope, app.clock.now(), tokens, cost).await {
                tracing::warn!(%error, "a model call could not be counted");
            }
        };
        // There is a runtime wherever models answer, but for the last moment of the process.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(store);
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if let Some((mut broken, leave)) = self.begun.take() {
            broken.usage = TokenUsage { input: tokens(self.sent), cached: 0, output: tokens(self.received) };
            self.count(&broken, leave);
        }
    }
}

fn tokens(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(4)
}

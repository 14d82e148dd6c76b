//! The streams: each goes to the module that tells it.

use aios_protocol::*;
use async_stream::stream;
use futures::StreamExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Session, ide, inline};

/// Pieces of an answer that wait to be taken.
const WAITING: usize = 32;

impl Streams for Session {
    fn folder_watch(&self, request: FolderWatch, stop: CancellationToken) -> Items<FolderChange> {
        ide::folders::watch(self, request, stop)
    }

    fn text_search(&self, request: TextSearch, stop: CancellationToken) -> Items<TextFound> {
        ide::search::text(self, request, stop)
    }

    fn terminal_open(&self, request: TerminalOpen, stop: CancellationToken) -> Items<TerminalEvent> {
        ide::terminals::open(self, request, stop)
    }

    fn language_server_open(
        &self,
        request: LanguageServerOpen,
        stop: CancellationToken,
    ) -> Items<LanguageServerEvent> {
        ide::servers::open(self, request, stop)
    }

    fn git_sync(&self, request: GitSync, stop: CancellationToken) -> Items<SyncProgress> {
        ide::git::sync(self, request, stop)
    }

    fn weights_pull(&self, request: WeightsPull, stop: CancellationToken) -> Items<PullProgress> {
        self.pull_weights(request.id.as_deref().unwrap_or_default(), None, stop)
    }

    fn run_watch(&self, request: RunWatch, stop: CancellationToken) -> Items<EventFrame> {
        let frames = match request.run_id {
            Some(run_id) => self.subscribe(run_id, request.after.unwrap_or_default()),
            None => self.feed().map(|frame| frame.map(|frame| (*frame).clone())).boxed(),
        };
        frames.take_until(stop.cancelled_owned()).boxed()
    }

    fn inline_complete_stream(
        &self,
        request: InlineComplete,
        stop: CancellationToken,
    ) -> Items<CompletionPiece> {
        let ask = |session: Session| async move { inline::complete(&session, request).await };
        let done = |answer: InlineCompletion| CompletionPiece::Done { completion: answer.completion };
        in_pieces(self, stop, ask, |text| CompletionPiece::Text { text }, done)
    }

    fn inline_edit_stream(&self, request: InlineEdit, stop: CancellationToken) -> Items<EditPiece> {
        let ask = |session: Session| async move { inline::edit(&session, request).await };
        let done = |answer: InlineEdited| EditPiece::Done {
            edited_code: answer.edited_code,
            summary: answer.summary,
        };
        in_pieces(self, stop, ask, |text| EditPiece::Text { text }, done)
    }

    fn inline_chat_stream(&self, request: InlineChat, stop: CancellationToken) -> Items<ChatPiece> {
        let ask = |session: Session| async move { inline::chat(&session, request).await };
        let done = |answer: InlineReply| ChatPiece::Done { reply: answer.reply };
        in_pieces(self, stop, ask, |text| ChatPiece::Text { text }, done)
    }
}

/// A command's answer as it comes: what it tells on the way, then the whole.
fn in_pieces<P, A, F>(
    session: &Session,
    stop: CancellationToken,
    ask: impl FnOnce(Session) -> F,
    text: fn(String) -> P,
    done: fn(A) -> P,
) -> Items<P>
where
    P: Send + 'static,
    A: Send + 'static,
    F: Future<Output = Result<A, Problem>> + Send + 'static,
{
    let (listener, mut told) = mpsc::channel(WAITING);
    let mut answering = Box::pin(ask(session.listening(listener)));
    stream! {
        let answered = loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                Some(piece) = told.recv() => yield Ok(text(piece)),
                answered = &mut answering => break answered,
            }
        };
        // What was told in the last moment.
        while let Ok(piece) = told.try_recv() {
            yield Ok(text(piece));
        }
        yield answered.map(done);
    }
    .boxed()
}

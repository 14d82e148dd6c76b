//! Cmd+K: a piece of code, changed as told.

mod ask;
mod read;
mod shift;

use aios_core::{Finish, Model};
use aios_protocol::{InlineEdit, InlineEdited};
use tokio_util::sync::CancellationToken;

use crate::lines::LineEnd;
use crate::pieces::{Pieces, Reader, ask};
use read::{Reply, summary_of};
use shift::Selection;

/// Changes a piece of code as told. The answer takes the place of the code: it is indented and ends as the code did.
pub fn edit(model: &dyn Model, request: &InlineEdit, stop: CancellationToken) -> Pieces<InlineEdited> {
    let code = LineEnd::plain(&request.code).into_owned();
    let above = request.before.as_deref().map(LineEnd::plain).unwrap_or_default();
    let selection = Selection::new(&code, &above);
    let asked = ask::request(model.info(), request, &selection);
    let line_end = LineEnd::of([&*request.code, request.before.as_deref().unwrap_or_default()]);
    ask(model, asked, Reading { selection, line_end }, stop)
}

struct Reading {
    selection: Selection,
    line_end: LineEnd,
}

impl Reader for Reading {
    type Answer = InlineEdited;

    fn certain(&self, reply: &str) -> String {
        let text = reply.replace("\r\n", "\n");
        let code = Reply::read(&text).coming();
        self.line_end.put(code.map(|code| self.selection.coming(code)).unwrap_or_default())
    }

    fn is_enough(&self, reply: &str) -> bool {
        let text = reply.replace("\r\n", "\n");
        let reply = Reply::read(&text);
        // Without a summary in front it may follow.
        reply.summary.is_some() && reply.has_ended() && self.is_changed(&reply)
    }

    fn answer(self, reply: &str, finish: Finish) -> Result<InlineEdited, String> {
        let text = reply.replace("\r\n", "\n");
        let reply = Reply::read(&text);
        let code = reply.code(|code| self.selection.put(code) != self.selection.code);
        let code = code.ok_or("there is no code in it")?;
        if finish == Finish::Length && !reply.has_ended() {
            return Err("the code is longer than the longest reply".into());
        }
        let edited = self.selection.put(code);
        let summary = reply.summary.unwrap_or_else(|| summary_of(&self.selection.code, &edited));
        Ok(InlineEdited { edited_code: self.line_end.put(edited), summary })
    }

    fn text(answer: &InlineEdited) -> &str {
        &answer.edited_code
    }
}

impl Reading {
    fn is_changed(&self, reply: &Reply<'_>) -> bool {
        reply.coming().is_some_and(|code| self.selection.put(code) != self.selection.code)
    }
}

#[cfg(test)]
mod tests;

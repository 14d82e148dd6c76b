//! Cmd+L: a question about a file, answered in Markdown.

use std::sync::Arc;

use aios_core::{Finish, Message, Model, ModelInfo, ModelRequest, ModelStyle};
use aios_protocol::{ChatTurn, InlineChat, InlineReply};
use tokio_util::sync::CancellationToken;

use crate::fence::fenced;
use crate::language::Language;
use crate::lines::{LineEnd, without_middle};
use crate::pieces::{Pieces, Reader, ask};

const RULES: &str = "You answer a programmer's questions in an editor: briefly, exactly, in Markdown, with code in fenced blocks \
that name their language. Say so when the file does not tell the answer.";

/// What a model is shown and may say.
struct Budget {
    file: usize,
    history: usize,
    tokens: u32,
}

/// Answers a question. Of a long file the middle is left out, of a long history the beginning.
pub fn chat(model: &dyn Model, request: &InlineChat, stop: CancellationToken) -> Pieces<InlineReply> {
    ask(model, asked(model.info(), request), Reading, stop)
}

fn budget(info: &ModelInfo) -> Budget {
    match info.style {
        // It reads slowly.
        ModelStyle::Guided => Budget { file: 6_000, history: 2_000, tokens: 700 },
        ModelStyle::Tools => {
            // About three bytes a token; half of the context for the file.
            let half = info.context as usize / 2 * 3;
            Budget { file: half.min(200_000), history: (half / 2).min(50_000), tokens: 8_000 }
        }
    }
}

fn asked(info: &ModelInfo, chat: &InlineChat) -> ModelRequest {
    let budget = budget(info);
    let mut system = RULES.to_owned();
    if !chat.file_context.trim().is_empty() {
        let text = LineEnd::plain(&chat.file_context);
        let name = chat.path.as_deref().map(|path| format!("The file {path}")).unwrap_or("The file".into());
        let code = fenced(&without_middle(&text, budget.file), Language::of(chat.path.as_deref()).fence);
        system.push_str(&format!("\n\n{name}:\n\n{code}"));
    }
    let mut messages = vec![Message::system(system)];
    for turn in latest(&chat.history, budget.history) {
        messages.push(Message::user(turn.message.as_str()));
        messages.push(Message::assistant(turn.reply.as_str()));
    }
    messages.push(Message::user(chat.message.trim()));
    ModelRequest {
        messages: Arc::new(messages),
        max_tokens: Some(budget.tokens.min(info.max_output)),
        ..ModelRequest::default()
    }
}

/// The last turns that have together at most so many bytes. Those that were never answered are no turns.
fn latest(history: &[ChatTurn], most: usize) -> impl Iterator<Item = &ChatTurn> {
    let is_whole = |turn: &&ChatTurn| !turn.message.trim().is_empty() && !turn.reply.trim().is_empty();
    let mut left = most;
    let fits = |turn: &&ChatTurn| {
        let fitting = left.checked_sub(turn.message.len() + turn.reply.len());
        left = fitting.unwrap_or_default();
        fitting.is_some()
    };
    let mut kept: Vec<&ChatTurn> = history.iter().rev().filter(is_whole).take_while(fits).collect();
    kept.reverse();
    kept.into_iter()
}

struct Reading;

impl Reader for Reading {
    type Answer = InlineReply;

    fn certain(&self, reply: &str) -> String {
        reply.trim().to_owned()
    }

    fn is_enough(&self, _: &str) -> bool {
        false
    }

    fn answer(self, reply: &str, finish: Finish) -> Result<InlineReply, String> {
        match reply.trim() {
            "" if finish == Finish::Filtered => Err("the provider's content filter cut it off".into()),
            "" => Err("it is empty".into()),
            text => Ok(InlineReply { reply: text.to_owned() }),
        }
    }

    fn text(answer: &InlineReply) -> &str {
        &answer.reply
    }
}

#[cfg(test)]
mod tests {
    use aios_testkit::{Script, ScriptedModel, turn};
    use futures::TryStreamExt;

    use super::*;
    use crate::Piece;

    fn info(style: ModelStyle) -> ModelInfo {
        ModelInfo {
            provider: "scripted".into(),
            name: "model".into(),
            context: 128_000,
            max_output: 4_096,
            price: None,
            style,
            infill: false,
        }
    }

    fn said(message: &Message) -> (&str, &str) {
        match message {
            Message::System { text } => ("system", text),
            Message::User { text } => ("user", text),
            Message::Assistant { text, .. } => ("assistant", text),
            Message::Tool { content, .. } => ("tool", content),
        }
    }

    fn question() -> InlineChat {
        let turn = |message: &str, reply: &str| ChatTurn { message: message.into(), reply: reply.into() };
        InlineChat {
            file_context: "def verify(token):\n    ...\n".into(),
            message: " What does it do? ".into(),
            path: Some("auth.py".into()),
            history: vec![turn("Hi", "Hello"), turn("unanswered", ""), turn("And?", "Well.")],
            model: None,
        }
    }

    #[test]
    fn the_file_and_what_was_said_go_in_front() {
        let asked = asked(&info(ModelStyle::Tools), &question());
        let said: Vec<_> = asked.messages.iter().map(said).collect();
        assert!(said[0].1.ends_with("The file auth.py:\n\n```python\ndef verify(token):\n    ...\n```"));
        assert_eq!(
            said[1..],
            [
                ("user", "Hi"),
                ("assistant", "Hello"),
                ("user", "And?"),
                ("assistant", "Well."),
                ("user", "What does it do?")
            ]
        );
        assert_eq!(asked.max_tokens, Some(4_096));
    }

    #[test]
    fn what_is_too_long_is_left_out() {
        let turn = ChatTurn { message: "m".repeat(600), reply: "r".repeat(600) };
        let long = InlineChat {
            file_context: "some line of code\n".repeat(1_000),
            history: vec![turn; 5],
            ..question()
        };
        let asked = asked(&info(ModelStyle::Guided), &long);
        assert_eq!(asked.messages.len(), 4, "the file, one turn and the question");
        let bytes: usize = asked.messages.iter().map(|message| said(message).1.len()).sum();
        assert!(bytes < 9_000 && said(&asked.messages[0]).1.contains("left out here"), "{bytes}");
    }

    #[tokio::test]
    async fn replies_are_told_as_they_come_and_none_is_a_fault() {
        let reply = "It checks the token's signature, then its age.\n\n- `exp` is in UTC\n";
        let script = Script::new().turns([turn().text(reply), turn().text(" \n")]);
        let model = ScriptedModel::with_info(script, info(ModelStyle::Tools));
        let pieces: Vec<_> =
            chat(&*model, &question(), CancellationToken::new()).try_collect().await.unwrap();
        let (last, texts) = pieces.split_last().unwrap();
        let told: String = texts
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Done(..) => panic!("two ends"),
            })
            .collect();
        assert_eq!(told, reply.trim());
        assert!(texts.len() > 1, "in one piece");
        assert!(matches!(last, Piece::Done(answer, Some(_)) if answer.reply == told), "{last:?}");
        let failed: Result<Vec<_>, _> =
            chat(&*model, &question(), CancellationToken::new()).try_collect().await;
        assert!(failed.unwrap_err().to_string().contains("it is empty"));
        model.finish();
    }
}

use aios_core::{Message, ModelError, ModelInfo, ModelStyle};
use aios_testkit::{Script, ScriptedModel, Turn, turn};
use futures::TryStreamExt;

use super::*;
use crate::Piece;

fn model(style: ModelStyle, turns: impl IntoIterator<Item = Turn>) -> std::sync::Arc<ScriptedModel> {
    let info = ModelInfo {
        provider: "scripted".into(),
        name: "model".into(),
        context: 8_192,
        max_output: 8_192,
        price: None,
        style,
        infill: false,
    };
    ScriptedModel::with_info(Script::new().turns(turns), info)
}

fn request(code: &str, instruction: &str) -> InlineEdit {
    InlineEdit {
        code: code.into(),
        instruction: instruction.into(),
        path: Some("greet.py".into()),
        before: Some("import sys\n\n".into()),
        ..InlineEdit::default()
    }
}

async fn edited(model: &ScriptedModel, request: &InlineEdit) -> Result<(String, InlineEdited), ModelError> {
    let pieces: Vec<_> = edit(model, request, CancellationToken::new()).try_collect().await?;
    let mut told = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => told.push_str(&text),
            Piece::Done(answer, spent) => {
                assert!(spent.is_some());
                return Ok((told, answer));
            }
        }
    }
    panic!("no answer");
}

#[tokio::test]
async fn the_documented_example() {
    let reply = "Summary: Added return type and docstring\n\n```python\ndef hello() -> None:\n  \"\"\"Greet the user.\"\"\"\n  print('hi')\n```\nAnything else?";
    let model = model(ModelStyle::Tools, [turn().text(reply)]);
    let request = request("def hello():\n  print('hi')", "Add type hints and docstring");
    let (told, answer) = edited(&model, &request).await.unwrap();
    assert_eq!(answer.edited_code, "def hello() -> None:\n  \"\"\"Greet the user.\"\"\"\n  print('hi')");
    assert_eq!(answer.summary, "Added return type and docstring");
    assert_eq!(told, answer.edited_code);
    let Message::User { text } = &model.requests()[0].messages[1] else { panic!() };
    for part in ["greet.py", "import sys", "def hello():", "The instruction: Add type hints and docstring"] {
        assert!(text.contains(part), "{text}");
    }
    model.finish();
}

#[tokio::test]
async fn small_models_are_led_and_shown_the_code_alone() {
    let model = model(ModelStyle::Guided, [turn().text(" Renamed it.\n```python\ndef b():\n    pass\n```")]);
    let request = request("\r\n    def a():\r\n        pass\r\n", "Rename a to b");
    let (told, answer) = edited(&model, &request).await.unwrap();
    assert_eq!(answer.edited_code, "\r\n    def b():\r\n        pass\r\n");
    assert_eq!(answer.summary, "Renamed it.");
    assert!(answer.edited_code.starts_with(&told) || told == answer.edited_code, "{told:?}");
    let asked = &model.requests()[0];
    assert_eq!(asked.prefill.as_deref(), Some("Summary:"));
    let Message::User { text } = &asked.messages[1] else { panic!() };
    assert!(text.contains("```python\n\ndef a():\n    pass\n```") && !text.contains("import sys"), "{text}");
    model.finish();
}

#[tokio::test]
async fn replies_without_an_edit_are_faults() {
    let turns = [
        turn().text("Summary: I cannot do that."),
        turn().text(""),
        turn().text("Summary: x\n```\ndef a():").out_of_tokens(),
    ];
    let model = model(ModelStyle::Tools, turns);
    for says in ["there is no code", "there is no code", "longer than the longest reply"] {
        let error = edited(&model, &request("def a(): ...", "Grow")).await.unwrap_err();
        assert!(matches!(&error, ModelError::BadReply { detail, .. } if detail.contains(says)), "{error}");
    }
    model.finish();
}

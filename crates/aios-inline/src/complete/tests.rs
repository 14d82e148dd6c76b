use aios_core::{ModelError, ModelInfo, ModelStyle};
use aios_testkit::{Script, ScriptedModel, Turn, turn};
use futures::TryStreamExt;

use super::*;

fn model(infill: bool, turns: impl IntoIterator<Item = Turn>) -> std::sync::Arc<ScriptedModel> {
    let info = ModelInfo {
        provider: "scripted".into(),
        name: "model".into(),
        context: 8_192,
        max_output: 8_192,
        price: None,
        style: if infill { ModelStyle::Guided } else { ModelStyle::Tools },
        infill,
    };
    ScriptedModel::with_info(Script::new().turns(turns), info)
}

async fn complete(
    completer: &Completer,
    model: &ScriptedModel,
    prefix: &str,
    suffix: &str,
) -> Result<(Vec<String>, String, bool), ModelError> {
    let request = InlineComplete {
        prefix: prefix.into(),
        suffix: suffix.into(),
        path: Some("a.py".into()),
        ..InlineComplete::default()
    };
    let pieces = completer.complete(&Scope::local().unwrap(), model, &request, CancellationToken::new());
    let (mut texts, mut done) = (Vec::new(), None);
    for piece in pieces.try_collect::<Vec<_>>().await? {
        match piece {
            Piece::Text(text) => texts.push(text),
            Piece::Done(answer, spent) => done = Some((answer.completion, spent.is_some())),
        }
    }
    let (completion, asked) = done.unwrap();
    Ok((texts, completion, asked))
}

#[tokio::test]
async fn holes_are_filled_and_typing_along_asks_nobody() {
    let model = model(true, [turn().text("rate: float = 0.2):\n    return amount")]);
    let completer = Completer::default();
    let (prefix, suffix) = ("import x\ndef tax(amount: float, ", "):\n    return");
    let (texts, completion, asked) = complete(&completer, &model, prefix, suffix).await.unwrap();
    assert_eq!((texts.concat(), &*completion, asked), (completion.clone(), "rate: float = 0.2", true));
    let request = model.requests().remove(0);
    let hole = Infill { prefix: "import x\n".into(), suffix: suffix.into() };
    assert_eq!((request.infill, request.prefill.as_deref()), (Some(hole), Some("def tax(amount: float, ")));
    assert_eq!(request.stop, ["\n"]);
    for (typed, rest) in [("ra", "te: float = 0.2"), ("rate: ", "float = 0.2")] {
        let (_, completion, asked) =
            complete(&completer, &model, &format!("{prefix}{typed}"), suffix).await.unwrap();
        assert_eq!((&*completion, asked), (rest, false));
    }
    model.finish();
}

#[tokio::test]
async fn others_are_asked_in_words_and_stopped_when_they_said_enough() {
    let more = "\n\n\ndef g():\n    pass\n".repeat(50);
    let model = model(false, [turn().text(format!("```python\ndef f(x):\n    return x{more}\n```"))]);
    let (texts, completion, asked) =
        complete(&Completer::default(), &model, "def f(x):", "\r\n").await.unwrap();
    assert_eq!((&*completion, asked), ("\r\n    return x", true));
    assert_eq!(texts.concat(), completion);
    model.finish();
}

#[tokio::test]
async fn nothing_is_suggested_for_nothing_and_faults_are_told() {
    let model = model(true, [turn().text("count = 1"), turn().text("half of it").reset()]);
    let completer = Completer::default();
    let (_, completion, asked) = complete(&completer, &model, " \n", "\n").await.unwrap();
    assert_eq!((&*completion, asked), ("", false));
    let (texts, completion, asked) = complete(&completer, &model, "count = 1\n", "").await.unwrap();
    assert_eq!((&*completion, asked), ("", true), "the line above is repeated: {texts:?}");
    let error = complete(&completer, &model, "y = ", "").await.unwrap_err();
    assert!(matches!(error, ModelError::Unavailable { .. }), "{error}");
    model.finish();
}

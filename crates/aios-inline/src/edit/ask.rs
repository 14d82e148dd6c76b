//! What a model is asked for an edit. Pure.

use std::fmt::Write;
use std::sync::Arc;

use aios_core::{Message, ModelInfo, ModelRequest, ModelStyle};
use aios_protocol::InlineEdit;

use super::shift::Selection;
use crate::fence::fenced;
use crate::language::Language;
use crate::lines::{LineEnd, first, last};

const RULES: &str = "You edit code in an editor, exactly as told and nothing else: what the instruction does not speak of stays \
as it is, comments too. Answer with one line `Summary:` that says in a few words what was changed, then with the edited code in \
one fenced code block. The block takes the place of the selected code: all of it and nothing around it.";

/// Bytes of the surroundings on each side.
const AROUND: usize = 8_000;
/// The same for a small model, which reads slowly and copies what it reads.
const LITTLE_AROUND: usize = 1_000;
/// Tokens for the summary and some new lines, beside the code itself.
const SPARE: usize = 400;
/// The same for models that think first.
const MUCH_SPARE: usize = 4_000;

pub(super) fn request(info: &ModelInfo, edit: &InlineEdit, selection: &Selection) -> ModelRequest {
    let is_small = info.style == ModelStyle::Guided;
    let language = Language::of(edit.path.as_deref()).fence;
    let code = selection.shown();
    let has_code = !code.trim().is_empty();
    let mut user = String::new();
    if let Some(path) = &edit.path {
        let _ = writeln!(user, "The file {path}.\n");
    }
    let most = if is_small { LITTLE_AROUND } else { AROUND };
    // A small model changes what it is shown, so it is shown nothing else while there is something to change.
    let around = |text: &Option<String>| {
        let text = text.as_deref().filter(|text| !text.trim().is_empty());
        text.filter(|_| !is_small || !has_code).map(|text| LineEnd::plain(text).into_owned())
    };
    if let Some(before) = around(&edit.before) {
        let _ =
            writeln!(user, "Above the selected code stands:\n\n{}\n", fenced(last(&before, most), language));
    }
    if let Some(after) = around(&edit.after) {
        let _ = writeln!(user, "Below it stands:\n\n{}\n", fenced(first(&after, most), language));
    }
    if has_code {
        let _ = writeln!(user, "The selected code:\n\n{}\n", fenced(&code, language));
    } else {
        user.push_str("Nothing is selected: the block is inserted here.\n\n");
    }
    let _ = write!(user, "The instruction: {}", edit.instruction.trim());
    // About three bytes a token, and the edit may well double the code.
    let tokens = code.len() / 3 * 2 + if is_small { SPARE } else { MUCH_SPARE };
    let tokens = u32::try_from(tokens).unwrap_or(u32::MAX).min(info.max_output);
    ModelRequest {
        messages: Arc::new(vec![Message::system(RULES), Message::user(user)]),
        max_tokens: Some(tokens),
        prefill: is_small.then(|| "Summary:".to_owned()),
        ..ModelRequest::default()
    }
}

//! Completions of models that are asked in words: the prompt, and what their reply inserts. Pure.

use std::sync::Arc;

use aios_core::{Message, ModelRequest};

use super::place::{Place, Shape};
use crate::fence::{blocks, fenced, without_end};
use crate::lines::indent;

/// Where the caret is, in a prompt.
const MARK: &str = "<|caret|>";

pub(super) fn request(place: &Place, max_tokens: u32) -> ModelRequest {
    let amount = match place.shape() {
        Shape::Line => "Insert at most the rest of this line.",
        Shape::Block => "Insert the rest of the statement or block that begins there, and nothing behind it.",
    };
    let system = format!(
        "You complete code in an editor. You are shown a file with the mark {MARK} where somebody types. Answer with \
         exactly the text to insert at the mark, in one fenced code block, and nothing else: no explanation, nothing of what \
         already stands before or after the mark. {amount} If nothing sensible can be inserted, answer with an empty block."
    );
    let file = place.path.as_ref().map(|path| format!("The file {path}:\n\n")).unwrap_or_default();
    let Place { before, typed, after, language, .. } = place;
    let code = fenced(&format!("{before}{typed}{MARK}{after}"), language.fence);
    let messages = vec![Message::system(system), Message::user(format!("{file}{code}"))];
    ModelRequest { messages: Arc::new(messages), max_tokens: Some(max_tokens), ..ModelRequest::default() }
}

/// What a reply inserts, without what models repeat of the caret's line. Of a reply that is still coming, nothing before it
/// is clear what it inserts.
pub(super) fn inserted(place: &Place, reply: &str, is_over: bool) -> String {
    let reply = reply.replace("\r\n", "\n");
    let (found, rest) = blocks(&reply);
    let code = match found.first() {
        Some(block) if block.is_closed => block.code.strip_suffix('\n').unwrap_or(block.code),
        Some(block) => without_end(block.code),
        None if is_over => rest.trim_matches('\n'),
        None => "",
    };
    let typed = place.typed.as_str();
    let begun = typed.trim_start();
    if begun.is_empty() {
        // The editor has indented the line already.
        return code.strip_prefix(typed).unwrap_or(code).to_owned();
    }
    let text = code.trim_start();
    if let Some(more) = text.strip_prefix(begun) {
        return more.to_owned();
    }
    if !is_over && begun.starts_with(text) {
        return String::new();
    }
    // Lines that are indented deeper stand below the caret's.
    let first = code.split('\n').next().unwrap_or_default();
    if indent(first).len() > indent(typed).len() { format!("\n{code}") } else { code.to_owned() }
}

#[cfg(test)]
mod tests {
    use aios_protocol::InlineComplete;

    use super::super::place::Budget;
    use super::*;

    fn place(prefix: &str, suffix: &str) -> Place {
        let path = Some("a.py".to_owned());
        let request = InlineComplete { prefix: prefix.into(), suffix: suffix.into(), path, model: None };
        Place::of(&request, Budget { before: 1000, after: 1000 })
    }

    #[test]
    fn the_file_is_shown_with_its_caret() {
        let asked = request(&place("def tax(amount, ", "):\n    return"), 7);
        let [Message::System { text: system }, Message::User { text: user }] = &asked.messages[..] else {
            panic!("{asked:?}")
        };
        assert!(system.contains("the rest of this line"), "{system}");
        assert_eq!(&**user, "The file a.py:\n\n```python\ndef tax(amount, <|caret|>):\n    return\n```");
        assert_eq!((asked.max_tokens, asked.prefill, asked.infill), (Some(7), None, None));
    }

    #[test]
    fn replies_of_all_kinds() {
        let check = |prefix: &str, reply: &str, expect: &str| {
            assert_eq!(inserted(&place(prefix, ""), reply, true), expect, "{prefix:?} {reply:?}");
        };
        check("x = ", "```python\n1\n```", "1");
        check("x = ", "1", "1");
        check("x = ", "Sure:\n```\n1\n```\nThat is it.", "1");
        check("x = ", "```python\nx = 1\n```", "1");
        check("    x = ", "```\n    x = 1\n```", "1");
        check("    ", "```\n    return x\n    y\n```", "return x\n    y");
        check("    ", "```\nreturn x\n```", "return x");
        check("def f():", "```\n    return 1\n```", "\n    return 1");
        check("def f():", "```\n\n    return 1\n```", "\n    return 1");
        check("x = ", "```\n```", "");
        check("x = ", "", "");
        check("x = [", "```\r\n1,\r\n2]\r\n```\r\n", "1,\n2]");
    }

    #[test]
    fn nothing_is_told_before_it_is_clear() {
        let reply = "Sure:\n```python\n    x = 1\n```\n";
        let told: Vec<String> =
            (0..reply.len()).map(|cut| inserted(&place("    x = ", ""), &reply[..cut], false)).collect();
        assert!(told.iter().all(|text| "1".starts_with(text.as_str())), "{told:?}");
        assert_eq!(told.last().unwrap(), "1");
    }
}

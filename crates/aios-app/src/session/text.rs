//! Texts of requests, checked and trimmed.

use aios_protocol::{ErrorCode, Problem};

/// A text of one line that is not empty and has at most `most` characters.
pub(super) fn line(what: &str, text: &str, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong(format!("{what} is empty")));
    }
    if text.chars().any(char::is_control) {
        return Err(wrong(format!("{what} has line breaks or control characters")));
    }
    any(what, text, most)
}

/// A text of at most `most` characters.
pub(super) fn any(what: &str, text: &str, most: usize) -> Result<String, Problem> {
    let length = text.chars().count();
    if length > most {
        return Err(wrong(format!("{what} has {length} characters; at most {most} are allowed")));
    }
    Ok(text.to_owned())
}

fn wrong(message: String) -> Problem {
    Problem::new(ErrorCode::InvalidRequest, message)
}

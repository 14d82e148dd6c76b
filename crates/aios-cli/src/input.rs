//! Texts given on the command line: words, or `-` for stdin.

use std::io::Read;

use aios_protocol::{ErrorCode, Problem};

/// Far more than is accepted, so that the refusal comes from the one place that knows the limit.
const LONGEST: u64 = 1 << 20;

/// Joins the words, or reads stdin where the only word is `-`.
pub(crate) fn text(words: Vec<String>, what: &str) -> Result<String, Problem> {
    if words != ["-"] {
        return Ok(words.join(" "));
    }
    let mut text = String::new();
    match std::io::stdin().lock().take(LONGEST).read_to_string(&mut text) {
        Ok(_) => Ok(text.trim().to_owned()),
        Err(error) => Err(Problem::new(
            ErrorCode::InvalidRequest,
            format!("the {what} cannot be read from stdin: {error}"),
        )),
    }
}

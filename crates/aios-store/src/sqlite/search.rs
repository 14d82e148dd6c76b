//! The full-text index over what people remember of a run: its objective, logs, summaries and reasons of failure.

use aios_protocol::RunEvent;
use rusqlite::Connection;

/// Words of a query that count; a longer query finds more than it says, but is never slow.
const MOST_WORDS: usize = 16;

/// The text of an event that the index covers.
pub(super) fn text_of(event: &RunEvent) -> Option<&str> {
    match event {
        RunEvent::Log { message: text, .. }
        | RunEvent::NodeCompleted { summary: text, .. }
        | RunEvent::NodeFailed { reason: text, .. }
        | RunEvent::RunFailed { reason: text, .. } => Some(text),
        _ => None,
    }
}

/// Adds a text of the run with this key; the objective has place 0, an event its `seq`.
pub(super) fn index(connection: &Connection, run: i64, place: u32, text: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO run_texts (rowid, text) VALUES (?1, ?2)")?
        .execute((run << 32 | i64::from(place), text))?;
    Ok(())
}

/// One FTS5 expression for each word of a user's text; all of them must match the run, each in any of its texts.
///
/// Every word becomes a quoted string, so that no sign in it is FTS5 syntax. The last is taken as a beginning, because
/// people search while they type.
pub(super) fn expressions(text: &str) -> Vec<String> {
    // FTS5 reads up to the first NUL only; it would miss the closing quote.
    let words = text.split(|c: char| c.is_whitespace() || c == '\0');
    let mut expressions: Vec<String> = words
        .filter(|word| word.contains(char::is_alphanumeric))
        .take(MOST_WORDS)
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
        .collect();
    if let Some(last) = expressions.last_mut() {
        last.push('*');
    }
    expressions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_quoted_and_the_last_is_a_beginning() {
        let check = |text: &str, expect: &[&str]| assert_eq!(expressions(text), expect, "{text:?}");
        check("todo ap", &["\"todo\"", "\"ap\"*"]);
        check("NEAR(a b)", &["\"NEAR(a\"", "\"b)\"*"]);
        check("say \"hi\"", &["\"say\"", "\"\"\"hi\"\"\"*"]);
        check("a\0b", &["\"a\"", "\"b\"*"]);
        check(" \t* -- \"\" 🦀 ", &[]);
    }

    #[test]
    fn a_long_query_is_cut() {
        assert_eq!(expressions(&"word ".repeat(10_000)).len(), MOST_WORDS);
    }
}

//! Cuts texts to a budget, so that one answer cannot fill a model's context or a run's history.

/// The text itself, or its start and end with a line between them that says how much is missing.
///
/// `budget` is in bytes, at least 64, and holds for the result. Cuts at line ends where one is near.
pub(crate) fn middle(text: String, budget: usize) -> String {
    if text.len() <= budget {
        return text;
    }
    let note = |cut: usize| format!("\n[… {cut} bytes cut …]\n");
    let room = budget.saturating_sub(note(text.len()).len());
    let head = &text[..line_end_before(&text, room / 2)];
    let tail = &text[line_start_after(&text, text.len() - room / 2)..];
    format!("{head}{}{tail}", note(text.len() - head.len() - tail.len()))
}

/// The first `chars` characters, with a mark and the full length when there are more.
pub(crate) fn head(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}… ({} characters)", &text[..end], text.chars().count()),
    }
}

/// A place at or before `at` to end a head: behind a line if one ends in the last quarter, else between two characters.
fn line_end_before(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    match text[..at].rfind('\n') {
        Some(end) if end > at - at / 4 => end,
        _ => at,
    }
}

/// A place at or after `at` to start a tail.
fn line_start_after(text: &str, at: usize) -> usize {
    let at = text.ceil_char_boundary(at);
    match text[at..].find('\n') {
        Some(offset) if offset < (text.len() - at) / 4 => at + offset + 1,
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_left_alone() {
        assert_eq!(middle("abc".into(), 3), "abc");
        assert_eq!(head("äöü", 3), "äöü");
    }

    #[test]
    fn the_middle_goes_first() {
        let text: String = (1..=1000).map(|line| format!("line {line}\n")).collect();
        let clipped = middle(text, 400);
        assert!(clipped.len() <= 400, "{}", clipped.len());
        assert!(clipped.starts_with("line 1\n") && clipped.ends_with("line 1000\n"), "{clipped}");
        assert!(clipped.contains("bytes cut"), "{clipped}");
    }

    #[test]
    fn no_character_is_torn() {
        for budget in 64..200 {
            assert!(middle("äöü€🦀".repeat(100), budget).len() <= budget);
        }
        assert_eq!(head("äöüß", 2), "äö… (4 characters)");
    }
}

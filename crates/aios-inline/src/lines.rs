//! Lines: how they end, how far they are indented, and how long texts are clipped at their ends. Pure.

use std::borrow::Cow;

/// How the lines of a text end. Models are asked and read with `\n` alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum LineEnd {
    #[default]
    Lf,
    CrLf,
}

impl LineEnd {
    /// As the first of these texts has it that has a line's end.
    pub(crate) fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let first = texts.into_iter().find_map(|text| text.find('\n').map(|at| text[..at].ends_with('\r')));
        if first.unwrap_or_default() { Self::CrLf } else { Self::Lf }
    }

    /// A text for the model.
    pub(crate) fn plain(text: &str) -> Cow<'_, str> {
        if text.contains('\r') { text.replace("\r\n", "\n").into() } else { text.into() }
    }

    /// A text of the model, as the user's lines end.
    pub(crate) fn put(self, text: String) -> String {
        match self {
            Self::Lf => text,
            Self::CrLf => text.replace('\n', "\r\n"),
        }
    }
}

/// The white space that a line begins with.
pub(crate) fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The last lines of a text, with at most so many bytes.
///
/// What is dropped grows in large steps, so that the beginning stays the same while somebody types, and stays computed.
pub(crate) fn last(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let step = (most / 2).max(1);
    let dropped = text.ceil_char_boundary((text.len() - most).div_ceil(step) * step);
    let rest = &text[dropped..];
    match rest.split_once('\n') {
        Some((_, lines)) if !lines.is_empty() => lines,
        _ => rest,
    }
}

/// The first lines of a text, with at most so many bytes.
pub(crate) fn first(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let start = &text[..text.floor_char_boundary(most)];
    start.rsplit_once('\n').filter(|(lines, _)| !lines.trim().is_empty()).map_or(start, |(lines, _)| lines)
}

/// A text without its middle, if it has more than so many bytes; says how much is missing.
pub(crate) fn without_middle(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return text.into();
    }
    let head = first(text, most / 3 * 2);
    let tail = last(&text[head.len()..], most / 3);
    let missing = text.len() - head.len() - tail.len();
    format!("{}\n[… {missing} bytes are left out here …]\n{tail}", head.trim_end()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_they_did() {
        let check = |texts: &[&str], expect: LineEnd| {
            assert_eq!(LineEnd::of(texts.iter().copied()), expect, "{texts:?}");
        };
        check(&[], LineEnd::Lf);
        check(&["a", "b\r\nc\n"], LineEnd::CrLf);
        check(&["a\nb\r\n"], LineEnd::Lf);
        check(&["\n"], LineEnd::Lf);
        assert_eq!(LineEnd::CrLf.put("a\nb".into()), "a\r\nb");
        assert_eq!(LineEnd::plain("a\r\nb\r"), "a\nb\r");
    }

    #[test]
    fn long_texts_are_clipped_at_line_ends() {
        let check = |text: &str, most, end: &str, start: &str| {
            assert_eq!((last(text, most), first(text, most)), (end, start), "{text:?} {most}");
        };
        check("a\nb\n", 10, "a\nb\n", "a\nb\n");
        check("one\ntwo\nthree\nfour\n", 12, "four\n", "one\ntwo");
        check("äöüäöüäöü", 8, "äöü", "äöüä");
        check("", 0, "", "");
        check("x\n\n\n\n\n\n", 2, "\n", "x");
    }

    #[test]
    fn the_beginning_moves_in_steps() {
        let text: String = (0..400).map(|n| format!("line {n}\n")).collect();
        let ends: Vec<usize> =
            text.match_indices('\n').map(|(at, _)| at + 1).filter(|end| *end > 1000).collect();
        let mut starts: Vec<usize> = ends.iter().map(|end| end - last(&text[..*end], 1000).len()).collect();
        assert!(ends.iter().all(|end| (400..=1000).contains(&last(&text[..*end], 1000).len())));
        starts.dedup();
        assert!(starts.len() < 10, "it moved {} times in {} lines", starts.len(), ends.len());
    }

    #[test]
    fn the_middle_is_left_out() {
        let text = "aaaa\nbbbb\ncccc\ndddd\neeee\nffff\n";
        assert_eq!(without_middle(text, 100), text);
        let short = without_middle(text, 18);
        assert_eq!(short, "aaaa\nbbbb\n[… 16 bytes are left out here …]\nffff\n");
    }
}

//! Lines for human eyes. The only way to a terminal: what a model wrote cannot carry an escape sequence through it.
//!
//! Must not know: runs, events, where the lines go.

use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

/// How a piece of a line looks where there is colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Dim,
    Bold,
    Good,
    Bad,
    Warn,
    Accent,
}

impl Tone {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Dim => "\x1b[2m",
            Self::Bold => "\x1b[1m",
            Self::Good => "\x1b[32m",
            Self::Bad => "\x1b[31m",
            Self::Warn => "\x1b[33m",
            Self::Accent => "\x1b[36m",
        }
    }
}

/// One line, in pieces. Every piece is cleaned when it is added: no control characters, no line breaks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    pieces: Vec<(Tone, String)>,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a piece.
    #[must_use]
    pub(crate) fn add(mut self, tone: Tone, text: &str) -> Self {
        let text = clean(text);
        if !text.is_empty() {
            self.pieces.push((tone, text));
        }
        self
    }

    #[must_use]
    pub(crate) fn plain(self, text: &str) -> Self {
        self.add(Tone::Plain, text)
    }

    #[must_use]
    pub(crate) fn dim(self, text: &str) -> Self {
        self.add(Tone::Dim, text)
    }

    /// Adds the pieces of another line.
    #[must_use]
    pub(crate) fn join(mut self, other: Self) -> Self {
        self.pieces.extend(other.pieces);
        self
    }

    /// Fills up with spaces to a column; a longer line stays as it is.
    #[must_use]
    pub(crate) fn pad(self, column: usize) -> Self {
        let missing = column.saturating_sub(self.width());
        self.add(Tone::Plain, &" ".repeat(missing))
    }

    /// Columns that it takes, never fewer than a terminal uses.
    pub(crate) fn width(&self) -> usize {
        self.pieces.iter().map(|(_, text)| width(text)).sum()
    }

    /// The same line in at most so many columns, its end cut off with an ellipsis.
    #[must_use]
    pub(crate) fn clip(self, columns: usize) -> Self {
        if self.width() <= columns {
            return self;
        }
        let mut left = columns.saturating_sub(1);
        let mut pieces = Vec::new();
        for (tone, text) in self.pieces {
            let fits = prefix_within(&text, left);
            left -= width(fits);
            let cut = fits.len() < text.len();
            pieces.push((tone, fits.to_owned()));
            if cut {
                break;
            }
        }
        if columns > 0 {
            pieces.push((Tone::Dim, "…".to_owned()));
        }
        Self { pieces }
    }

    /// The text to write, with or without colour.
    pub(crate) fn paint(&self, colour: bool) -> String {
        let mut painted = String::new();
        for (tone, text) in &self.pieces {
            let code = if colour { tone.code() } else { "" };
            let reset = if code.is_empty() { "" } else { "\x1b[0m" };
            _ = write!(painted, "{code}{text}{reset}");
        }
        painted.truncate(painted.trim_end_matches(' ').len());
        painted
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::new().plain(text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::new().plain(&text)
    }
}

/// The lines of a text, each still to be cleaned; none for an empty text.
pub(crate) fn lines_of(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.trim_end().lines().map(str::trim_end)
}

/// The first line of a text that is not blank.
pub(crate) fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("")
}

fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

fn prefix_within(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return &text[..at];
        }
    }
    text
}

/// Drops what could move the cursor, change the terminal or reorder the text; tabs and line breaks become spaces.
fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\x1b' => skip_escape(&mut chars),
            '\n' | '\r' => cleaned.push(' '),
            '\t' => cleaned.push_str("    "),
            c if c.is_control() || reorders(c) => {}
            c => cleaned.push(c),
        }
    }
    cleaned
}

/// Past one escape sequence, its introducer already taken.
fn skip_escape(chars: &mut std::str::Chars<'_>) {
    match chars.next() {
        Some('[') => {
            chars.find(|c| ('\x40'..='\x7e').contains(c));
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while let Some(c) = chars.next() {
                match c {
                    '\x07' | '\u{9c}' | '\n' => break,
                    '\x1b' => {
                        chars.next();
                        break;
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// Bidirectional overrides, and the selector that makes a narrow sign wide.
fn reorders(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_model_writes_reaches_the_terminal_as_a_command() {
        let check =
            |input: &str, expect: &str| assert_eq!(Line::from(input).paint(false), expect, "{input:?}");
        check("plain text", "plain text");
        check("\x1b[31mred\x1b[0m", "red");
        check("\x1b]0;title\x07after", "after");
        check("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link");
        check("\x1b[2J\x1b[Hcleared", "cleared");
        check("\x1bcreset", "reset");
        check("\x1bPdevice\x1b\\after", "after");
        check("a\u{9b}31mb", "a31mb");
        check("a\x08\x08\x7fb\x00c", "abc");
        check("one\r\ntwo\tthree", "one  two    three");
        check("abc\u{202e}dcba", "abcdcba");
        check("\x1b", "");
        check("\x1b[", "");
        check("\x1b]endless", "");
        check("Füße 日本語 👍", "Füße 日本語 👍");
    }

    #[test]
    fn a_line_is_cut_by_columns_not_by_characters() {
        let check = |input: &str, columns, expect: &str| {
            let line = Line::from(input).clip(columns);
            assert_eq!(line.paint(false), expect);
            assert!(line.width() <= columns, "{input:?} takes {} of {columns}", line.width());
        };
        check("short", 10, "short");
        check("exactly ten", 11, "exactly ten");
        check("one too long", 11, "one too lo…");
        check("日本語", 6, "日本語");
        check("日本語", 5, "日本…");
        check("日本語", 4, "日…");
        check("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…");
        check("anything", 1, "…");
        check("anything", 0, "");
        check("👨‍👩‍👧 family", 8, "👨‍👩‍👧 …");
    }

    #[test]
    fn colour_never_changes_the_text() {
        let line = Line::new().add(Tone::Good, "✓").plain(" done ").dim("0:14").pad(30);
        assert_eq!(line.paint(false), "✓ done 0:14");
        assert_eq!(line.paint(true), "\x1b[32m✓\x1b[0m done \x1b[2m0:14\x1b[0m");
        assert_eq!(line.clone().clip(5).paint(true), "\x1b[32m✓\x1b[0m do\x1b[2m…\x1b[0m");
    }
}

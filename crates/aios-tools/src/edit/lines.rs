//! A text as lines, each with the line end that it has.

use std::ops::Range;

/// A text and where its lines begin.
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
    /// The line end that most lines have.
    pub(super) end: &'static str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut starts: Vec<usize> = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1).filter(|at| *at < text.len()));
        let crlf = text.matches("\r\n").count();
        let end = if crlf * 2 > text.matches('\n').count() { "\r\n" } else { "\n" };
        Self { text, end, starts }
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// The bytes of some lines, line ends included.
    pub(super) fn bytes(&self, lines: Range<usize>) -> Range<usize> {
        let start = |line: usize| self.starts.get(line).copied().unwrap_or(self.text.len());
        start(lines.start)..start(lines.end)
    }

    /// A line without its end.
    pub(super) fn line(&self, line: usize) -> &'a str {
        let text = &self.text[self.bytes(line..line + 1)];
        let text = text.strip_suffix('\n').unwrap_or(text);
        text.strip_suffix('\r').unwrap_or(text)
    }

    /// The end of a line; the last one may have none.
    pub(super) fn end_of(&self, line: usize) -> &'a str {
        &self.text[self.bytes(line..line + 1)][self.line(line).len()..]
    }

    /// The number, from 1, of the line that holds a byte.
    pub(super) fn number_at(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte)
    }

    /// Another text with the line ends of this one.
    pub(super) fn with_own_ends(&self, text: &str) -> String {
        text.replace("\r\n", "\n").replace('\n', self.end)
    }

    /// Some lines as they are.
    pub(super) fn excerpt(&self, lines: Range<usize>) -> String {
        lines.map(|line| self.line(line)).collect::<Vec<_>>().join("\n")
    }

    /// Some lines with their numbers; not more than a model needs to find its place.
    pub(super) fn numbered(&self, lines: Range<usize>) -> String {
        const MOST: usize = 20;
        let shown = lines.start..lines.end.min(lines.start + MOST);
        shown.map(|line| format!("{}: {}", line + 1, self.line(line))).collect::<Vec<_>>().join("\n")
    }
}

/// A line with single blanks and none at its ends.
pub(super) fn squash(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

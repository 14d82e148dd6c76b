//! A block of lines at the bottom of a terminal that is drawn over itself.
//!
//! Must not know: what the lines say.

use std::io::{self, Write};

use crate::text::Line;

/// Begins and ends a frame that the terminal shows at once, where it knows how.
const SYNC: (&str, &str) = ("\x1b[?2026h", "\x1b[?2026l");
const CLEAR_LINE: &str = "\x1b[K";
const CLEAR_BELOW: &str = "\x1b[J";

/// Rows and columns of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
}

/// The block. The cursor rests, visible, at the end of its last line: a process that is killed leaves a usable terminal.
/// Dropping it leaves the block where it is.
pub(crate) struct Screen<W: Write> {
    to: W,
    colour: bool,
    /// Widths of the lines that were drawn last.
    drawn: Vec<usize>,
}

impl<W: Write> Screen<W> {
    pub(crate) fn new(to: W, colour: bool) -> Self {
        Self { to, colour, drawn: Vec::new() }
    }

    /// Draws the block over the last one. Where it is too high, its last lines are shown.
    pub(crate) fn draw(&mut self, lines: Vec<Line>, size: Size) -> io::Result<()> {
        let hidden = lines.len().saturating_sub(size.rows);
        let mut frame = format!("{}{}", SYNC.0, self.home(size));
        let mut drawn = Vec::with_capacity(lines.len() - hidden);
        for (at, line) in lines.into_iter().skip(hidden).enumerate() {
            // A line as wide as the terminal would leave the cursor in the next row on some of them.
            let line = line.clip(size.columns.saturating_sub(1));
            let newline = if at == 0 { "" } else { "\r\n" };
            frame.push_str(newline);
            frame.push_str(&line.paint(self.colour));
            frame.push_str(CLEAR_LINE);
            drawn.push(line.width());
        }
        frame.push_str(CLEAR_BELOW);
        frame.push_str(SYNC.1);
        self.drawn = drawn;
        self.write(&frame)
    }

    /// Takes the block away, so that other lines can be written in its place.
    pub(crate) fn erase(&mut self, size: Size) -> io::Result<()> {
        let frame = format!("{}{CLEAR_BELOW}", self.home(size));
        self.drawn.clear();
        self.write(&frame)
    }

    /// To the start of the block. After a resize the terminal has wrapped its lines, so rows are counted anew.
    fn home(&self, size: Size) -> String {
        let columns = size.columns.max(1);
        let rows: usize = self.drawn.iter().map(|width| width.div_ceil(columns).max(1)).sum();
        match rows {
            0 | 1 => "\r".to_owned(),
            rows => format!("\r\x1b[{}A", rows - 1),
        }
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.to.write_all(text.as_bytes())?;
        self.to.flush()
    }
}

impl<W: Write> Drop for Screen<W> {
    fn drop(&mut self) {
        if !self.drawn.is_empty() {
            // The terminal may be gone; there is nobody left to tell.
            _ = self.write("\r\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { rows: 6, columns: 20 };

    fn lines(texts: &[&str]) -> Vec<Line> {
        texts.iter().map(|text| Line::from(*text)).collect()
    }

    /// What a terminal shows after `before` and some drawings.
    fn shown(before: &str, draw: impl FnOnce(&mut Screen<&mut Vec<u8>>)) -> String {
        let mut bytes = before.as_bytes().to_vec();
        draw(&mut Screen::new(&mut bytes, true));
        let cells = |count: usize| u16::try_from(count).unwrap().try_into().unwrap();
        let mut terminal = vt100::Parser::new(cells(SIZE.rows), cells(SIZE.columns), 100);
        terminal.process(&bytes);
        terminal.screen().contents()
    }

    #[test]
    fn a_block_is_drawn_over_itself() {
        let text = shown("$ aios run\r\n", |screen| {
            screen.draw(lines(&["first", "second line", "third"]), SIZE).unwrap();
            screen.draw(lines(&["1", "2", "3"]), SIZE).unwrap();
        });
        assert_eq!(text, "$ aios run\n1\n2\n3");
    }

    #[test]
    fn a_block_shrinks_and_grows() {
        let text = shown("$ aios run\r\n", |screen| {
            screen.draw(lines(&["a", "b", "c", "d"]), SIZE).unwrap();
            screen.draw(lines(&["a"]), SIZE).unwrap();
            screen.draw(lines(&["a", "b"]), SIZE).unwrap();
        });
        assert_eq!(text, "$ aios run\na\nb");
    }

    #[test]
    fn long_lines_never_wrap_and_high_blocks_never_scroll() {
        let wide = "日本語".repeat(20);
        let text = shown("", |screen| {
            for _ in 0..5 {
                screen.draw(lines(&["0", "1", "2", "3", "4", &wide, "6", "7"]), SIZE).unwrap();
            }
        });
        // The row that is missing at the top made room for the line after the block.
        assert_eq!(text, "3\n4\n日本語日本語日本語…\n6\n7");
    }

    #[test]
    fn an_erased_block_leaves_nothing() {
        let text = shown("$ aios run\r\n", |screen| {
            screen.draw(lines(&["a", "b", "c"]), SIZE).unwrap();
            screen.erase(SIZE).unwrap();
        });
        assert_eq!(text, "$ aios run");
    }

    #[test]
    fn a_narrower_terminal_has_wrapped_what_was_drawn() {
        let mut screen = Screen::new(Vec::new(), false);
        screen.draw(lines(&["0123456789012345", "short"]), SIZE).unwrap();
        assert_eq!(screen.home(SIZE), "\r\x1b[1A");
        assert_eq!(screen.home(Size { rows: 6, columns: 8 }), "\r\x1b[2A");
        assert_eq!(screen.home(Size { rows: 6, columns: 5 }), "\r\x1b[4A");
        assert_eq!(screen.home(Size { rows: 0, columns: 0 }), "\r\x1b[20A");
    }
}

//! Where a completion ends: with its line, statement or block, and before what stands there already. Pure.

use super::place::{Place, Shape};
use crate::lines::indent;

/// Lines of a completion; whoever wants more presses Tab again.
const MOST_LINES: usize = 16;

/// An end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    /// The completion is the text up to here.
    pub(super) at: usize,
    /// Whether it is so whatever follows.
    pub(super) is_final: bool,
}

/// The end of the completion in a text; of one that is still coming, the end of what is certain.
pub(super) fn ending(place: &Place, text: &str, is_over: bool) -> Ending {
    match place.shape() {
        Shape::Line => in_line(place.rest_of_line(), text, is_over),
        Shape::Block => in_block(place, text, is_over),
    }
}

/// Models like to write what follows the caret once more, and to go on behind it.
fn in_line(rest: &str, text: &str, is_over: bool) -> Ending {
    let (line, has_end) = text.split_once('\n').map_or((text, false), |(line, _)| (line, true));
    let is_over = is_over || has_end;
    let mut depth = 0_i32;
    for (at, c) in line.char_indices() {
        let tail = &line[at..];
        // Brackets that the completion opened are its own to close.
        if depth <= 0 {
            if tail.starts_with(rest) {
                return Ending { at, is_final: true };
            }
            if rest.starts_with(tail) && (!is_over || is_telling(tail)) {
                return Ending { at, is_final: is_over };
            }
        }
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    Ending { at: line.len(), is_final: has_end }
}

/// Whether so little is no accident: one letter may well be.
fn is_telling(overlap: &str) -> bool {
    overlap.chars().nth(1).is_some() || overlap.chars().all(|c| c.is_ascii_punctuation())
}

fn in_block(place: &Place, text: &str, is_over: bool) -> Ending {
    let mut block = Block::new(place);
    let (mut at, mut end) = (0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let is_whole = is_over || line.ends_with('\n');
        let full = if number == 0 { format!("{}{line}", place.typed) } else { line.to_owned() };
        match block.take(full.trim_end(), number, is_whole) {
            Verdict::Belongs => end = at + line.trim_end().len(),
            Verdict::Open => {}
            Verdict::Behind => return Ending { at: end, is_final: true },
        }
        at += line.len();
    }
    Ending { at: end, is_final: false }
}

/// What a line is to the block.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Belongs,
    /// It cannot be told yet.
    Open,
    Behind,
}

/// The statement or block that begins at the caret.
struct Block<'a> {
    place: &'a Place,
    /// The indentation of its first line; on an empty line without any, the completion chooses.
    base: Option<usize>,
    /// Whether the caret's line begins a statement: then only what is indented deeper belongs to it.
    is_begun: bool,
    has_text: bool,
}

impl<'a> Block<'a> {
    fn new(place: &'a Place) -> Self {
        let is_begun = !place.typed.trim().is_empty();
        let base = (is_begun || !place.typed.is_empty()).then(|| indent(&place.typed).len());
        Self { place, base, is_begun, has_text: is_begun }
    }

    fn take(&mut self, line: &str, number: usize, is_whole: bool) -> Verdict {
        if line.trim().is_empty() {
            // The first one is the end of the caret's line.
            return if !is_whole || !self.has_text || number == 0 { Verdict::Open } else { Verdict::Behind };
        }
        if let Some(below) = self.place.line_below() {
            if line == below && is_whole {
                return Verdict::Behind;
            }
            if !is_whole && below.starts_with(line) {
                return Verdict::Open;
            }
        }
        if number >= MOST_LINES {
            return Verdict::Behind;
        }
        let depth = indent(line).len();
        let base = *self.base.get_or_insert(depth);
        self.has_text = true;
        let goes_on = || self.place.language.goes_on_with(line.trim_start());
        match () {
            () if number == 0 || depth > base => Verdict::Belongs,
            () if depth < base => Verdict::Behind,
            () if !self.is_begun => Verdict::Belongs,
            () if goes_on() => Verdict::Belongs,
            // A word may become one that goes on.
            () if !is_whole => Verdict::Open,
            () => Verdict::Behind,
        }
    }
}

#[cfg(test)]
mod tests {
    use aios_protocol::InlineComplete;

    use super::super::place::Budget;
    use super::*;

    /// `¦` is the caret.
    fn place(path: &str, around: &str) -> Place {
        let (prefix, suffix) = around.split_once('¦').unwrap();
        let request = InlineComplete {
            prefix: prefix.into(),
            suffix: suffix.into(),
            path: Some(path.into()),
            ..InlineComplete::default()
        };
        Place::of(&request, Budget { before: 1000, after: 1000 })
    }

    #[track_caller]
    fn check(path: &str, around: &str, text: &str, expect: &str) {
        let place = place(path, around);
        let whole = ending(&place, text, true);
        assert_eq!(&text[..whole.at], expect, "{around:?} {text:?}");
        for (cut, _) in text.char_indices() {
            let part = &text[..cut];
            let certain = ending(&place, part, false);
            assert!(
                expect.starts_with(&part[..certain.at]),
                "{around:?} {part:?} tells {:?}",
                &part[..certain.at]
            );
            if certain.is_final {
                assert_eq!(&part[..certain.at], expect, "{around:?} {part:?} is not final");
            }
        }
    }

    #[test]
    fn within_a_line() {
        let check = |around: &str, text: &str, expect: &str| check("a.py", around, text, expect);
        check("def tax(amount: float, ¦):\n  return", "rate: float = 0.2", "rate: float = 0.2");
        check("def tax(amount: float, ¦):\n  return", "rate: float = 0.2):\n    return", "rate: float = 0.2");
        check("def tax(amount: float, ¦):\n  return", "rate=0.2): # so", "rate=0.2");
        check("foo(¦)", "bar(1), 2)", "bar(1), 2");
        check("foo(¦)", "bar()", "bar()");
        check("print(\"he¦\")", "llo\")", "llo");
        check("x = [¦]", "1, [2], 3", "1, [2], 3");
        check("a¦ = 3", "bc = 3", "bc");
        check("a¦e = 3", "valu", "valu");
        check("a¦e = 3", "value", "value");
        check("if ¦:", "x > 1:", "x > 1");
        check("f(¦)", "a)\nb", "a");
        check("f(¦)", "", "");
    }

    #[test]
    fn whole_blocks() {
        let check = |around: &str, text: &str, expect: &str| check("a.py", around, text, expect);
        check("def f(x):¦\n", "\n    return x\n\n\ndef g():", "\n    return x");
        check("def f(x):\n    ¦\n", "y = x\n    return y\nprint(1)", "y = x\n    return y");
        check("def f(x):\n    ret¦\n", "urn x\n    print(x)", "urn x");
        check("total = ¦\n", "sum(\n    prices\n)\nprint(total)", "sum(\n    prices\n)");
        check("if x:¦\n", "\n    a()\nelse:\n    b()\nc()", "\n    a()\nelse:\n    b()");
        check("¦\nb = 2\n", "a = 1\nb = 2\nc = 3", "a = 1");
        check("def f():\n    ¦\n    return y\n", "y = 1\n    return y", "y = 1");
        check("def f():\n    y = ¦\n    return y\n", "1\n    return y", "1");
        check("x = ¦", "1", "1");
        check("x = ¦", "\n\n", "");
    }

    #[test]
    fn brackets_end_blocks() {
        let check = |around: &str, text: &str, expect: &str| check("a.js", around, text, expect);
        check("function f() {¦\n}\n", "\n  return 1;\n}\nf();", "\n  return 1;");
        check("if (a) {¦", "\n  b();\n} else {\n  c();\n}\nd();", "\n  b();\n} else {\n  c();\n}");
        check("{\n  if (a) {¦\n}", "\n    b();\n  }\n}", "\n    b();\n  }");
        check("const x = ¦", "{\n  a: 1,\n};\nconst y", "{\n  a: 1,\n};");
    }

    #[test]
    fn nobody_waits_for_a_book() {
        let many: String = (0..50).map(|n| format!("    x{n} = {n}\n")).collect();
        let place = place("a.py", "def f():\n¦");
        let found = ending(&place, &many, false);
        assert!(found.is_final);
        assert_eq!(many[..found.at].lines().count(), MOST_LINES);
    }
}

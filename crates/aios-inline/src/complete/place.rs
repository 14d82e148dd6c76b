//! Where somebody types: what stands around the caret, as much of it as a model is shown. Pure.

use aios_protocol::InlineComplete;

use crate::language::Language;
use crate::lines::{LineEnd, first, last};

/// Bytes that a model is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    pub(super) before: usize,
    pub(super) after: usize,
}

/// The surroundings of a caret, with `\n` at the ends of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Whole lines above.
    pub(super) before: String,
    /// The caret's line, up to the caret.
    pub(super) typed: String,
    /// What follows.
    pub(super) after: String,
    pub(super) path: Option<String>,
    pub(super) language: Language,
    pub(super) line_end: LineEnd,
}

/// How much is completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Only the rest of the line: more text follows on it.
    Line,
    /// The statement or block that begins here.
    Block,
}

impl Place {
    pub(super) fn of(request: &InlineComplete, budget: Budget) -> Self {
        let prefix = LineEnd::plain(&request.prefix);
        let suffix = LineEnd::plain(&request.suffix);
        let (before, typed) = prefix.split_at(prefix.rfind('\n').map_or(0, |at| at + 1));
        Self {
            // A line that is longer than everything is all that matters.
            before: if typed.len() > budget.before {
                String::new()
            } else {
                last(before, budget.before).to_owned()
            },
            typed: last(typed, budget.before).to_owned(),
            after: first(&suffix, budget.after).to_owned(),
            path: request.path.clone(),
            language: Language::of(request.path.as_deref()),
            line_end: LineEnd::of([&*request.prefix, &*request.suffix]),
        }
    }

    /// Whether there is nothing to go on from.
    pub(super) fn is_blank(&self) -> bool {
        [&self.before, &self.typed, &self.after].iter().all(|text| text.trim().is_empty())
    }

    /// The rest of the caret's line.
    pub(super) fn rest_of_line(&self) -> &str {
        self.after.split('\n').next().unwrap_or_default().trim_end()
    }

    /// The first line below that says something.
    pub(super) fn line_below(&self) -> Option<&str> {
        self.after.split('\n').skip(1).map(str::trim_end).find(|line| !line.is_empty())
    }

    pub(super) fn shape(&self) -> Shape {
        if self.rest_of_line().is_empty() { Shape::Block } else { Shape::Line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(prefix: &str, suffix: &str, most: usize) -> Place {
        let request =
            InlineComplete { prefix: prefix.into(), suffix: suffix.into(), ..InlineComplete::default() };
        Place::of(&request, Budget { before: most, after: most })
    }

    #[test]
    fn the_line_being_typed_is_told_from_those_above() {
        let check = |prefix, suffix, expect: [&str; 3], shape| {
            let place = place(prefix, suffix, 20);
            assert_eq!([&*place.before, &*place.typed, &*place.after], expect, "{prefix:?} {suffix:?}");
            assert_eq!(place.shape(), shape, "{prefix:?} {suffix:?}");
        };
        check("", "", ["", "", ""], Shape::Block);
        check("a\n  b", ")\nc", ["a\n", "  b", ")\nc"], Shape::Line);
        check("a\r\n", "  \r\nc", ["a\n", "", "  \nc"], Shape::Block);
        check("one\ntwo\nthree\nfour\nfive\n", "", ["four\nfive\n", "", ""], Shape::Block);
        check("x\n0123456789012345678901234", "", ["", "012345678901234", ""], Shape::Block);
        check("", "0123456789\nabcdefghij\n", ["", "", "0123456789"], Shape::Line);
    }

    #[test]
    fn lines_below() {
        let check = |suffix, expect| assert_eq!(place("x", suffix, 100).line_below(), expect, "{suffix:?}");
        check("rest\n\n  \n  next  \nb", Some("  next"));
        check("rest", None);
        check("", None);
    }
}

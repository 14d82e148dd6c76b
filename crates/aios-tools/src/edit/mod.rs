//! Search and replace as models write it: nearly right.
//!
//! Tried in this order: the exact text; the same lines with other white space, whose indentation is then carried over; the
//! most similar lines. Pure. What is not clear is refused, with what the model needs to say it better.

mod fuzzy;
mod indent;
mod lines;

use std::fmt;
use std::ops::Range;

use lines::{Lines, squash};

/// A text after a replacement.
#[derive(Debug, PartialEq)]
pub(crate) struct Edited {
    /// The whole text.
    pub(crate) text: String,
    /// The places, as lines of the new text.
    places: Vec<Range<usize>>,
    how: Match,
}

/// How the search text was found.
#[derive(Debug, Clone, PartialEq)]
enum Match {
    Exact,
    OtherWhiteSpace,
    /// This stood there instead.
    Similar {
        percent: u32,
        text: String,
    },
}

/// Why nothing was replaced.
#[derive(Debug, PartialEq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("the search text is empty; give the text to replace, or use write_file for the whole file")]
    EmptySearch,
    #[error("search and replace are the same")]
    NoChange,
    #[error("the search text is in {} places (lines {}); add lines around it to tell them apart, or set all", .0.len(), list(.0))]
    Ambiguous(Vec<usize>),
    #[error("nothing in the file is like the search text; read_file shows what there is")]
    NotFound,
    #[error("the search text is not in the file; most like it are these lines:\n{0}")]
    OnlySimilar(String),
}

/// Replaces the one place where `search` stands, or every place with `all`. Line ends stay as the text has them.
pub(crate) fn replace(text: &str, search: &str, replacement: &str, all: bool) -> Result<Edited, Refused> {
    if search.is_empty() {
        return Err(Refused::EmptySearch);
    }
    let lines = Lines::of(text);
    let search = lines.with_own_ends(search);
    let replacement = lines.with_own_ends(replacement);
    if search == replacement {
        return Err(Refused::NoChange);
    }
    let exact = exact_places(text, &search);
    if !exact.is_empty() {
        let pieces = exact.into_iter().map(|place| (place, replacement.clone())).collect();
        return rebuild(&lines, pieces, Match::Exact, all);
    }
    let (wanted, replacement) = without_blank_edges(&search, &replacement);
    if wanted.is_empty() {
        return Err(Refused::NotFound);
    }
    let same = same_lines(&lines, &wanted);
    if !same.is_empty() {
        let pieces = same.into_iter().map(|at| piece(&lines, at, &wanted, &replacement)).collect();
        return rebuild(&lines, pieces, Match::OtherWhiteSpace, all);
    }
    match fuzzy::find(&lines, &wanted) {
        fuzzy::Found::One { at, percent } if !all => {
            let text = lines.excerpt(at.clone());
            rebuild(
                &lines,
                vec![piece(&lines, at, &wanted, &replacement)],
                Match::Similar { percent, text },
                false,
            )
        }
        fuzzy::Found::Many(starts) => Err(Refused::Ambiguous(starts.iter().map(|at| at + 1).collect())),
        fuzzy::Found::One { at, .. } | fuzzy::Found::Nearest(at) => {
            Err(Refused::OnlySimilar(lines.numbered(at)))
        }
        fuzzy::Found::Nothing => Err(Refused::NotFound),
    }
}

/// Where the very text stands. A place that begins within an indentation is none: there the indentation is another one.
fn exact_places(text: &str, search: &str) -> Vec<Range<usize>> {
    let is_indented = search.starts_with([' ', '\t']);
    let places = text.match_indices(search).map(|(at, found)| at..at + found.len());
    places.filter(|place| !is_indented || !text[..place.start].ends_with([' ', '\t'])).collect()
}

/// Puts the pieces in; the only place that decides whether several are too many.
fn rebuild(
    lines: &Lines<'_>,
    pieces: Vec<(Range<usize>, String)>,
    how: Match,
    all: bool,
) -> Result<Edited, Refused> {
    if pieces.len() > 1 && !all {
        return Err(Refused::Ambiguous(pieces.iter().map(|(at, _)| lines.number_at(at.start)).collect()));
    }
    let (mut text, mut places, mut from) = (String::new(), Vec::new(), 0);
    for (at, piece) in pieces {
        text.push_str(&lines.text[from..at.start]);
        let first = 1 + text.matches('\n').count();
        text.push_str(&piece);
        let inner = piece.strip_suffix('\n').unwrap_or(&piece).matches('\n').count();
        places.push(if piece.is_empty() { first..first } else { first..first + inner + 1 });
        from = at.end;
    }
    text.push_str(&lines.text[from..]);
    Ok(Edited { text, places, how })
}

/// The bytes of some lines, and what they become: the replacement with the indentation that the text has there.
fn piece(
    lines: &Lines<'_>,
    at: Range<usize>,
    wanted: &[&str],
    replacement: &[&str],
) -> (Range<usize>, String) {
    let there: Vec<&str> = at.clone().map(|line| lines.line(line)).collect();
    let indents = indent::Indents::learn(wanted, &there);
    let mut piece = String::new();
    for (number, line) in replacement.iter().enumerate() {
        piece.push_str(&indents.apply(line));
        let is_last = number + 1 == replacement.len();
        piece.push_str(if is_last { lines.end_of(at.end - 1) } else { lines.end });
    }
    (lines.bytes(at), piece)
}

/// Where lines stand that are the wanted ones but for white space; places do not overlap.
fn same_lines(lines: &Lines<'_>, wanted: &[&str]) -> Vec<Range<usize>> {
    let wanted: Vec<String> = wanted.iter().map(|line| squash(line)).collect();
    let there: Vec<String> = (0..lines.count()).map(|line| squash(lines.line(line))).collect();
    let mut places: Vec<Range<usize>> = Vec::new();
    for (at, window) in there.windows(wanted.len()).enumerate() {
        if window == wanted && places.last().is_none_or(|last| last.end <= at) {
            places.push(at..at + wanted.len());
        }
    }
    places
}

/// The lines of search and replacement without the blank lines in which both begin or end; those of the search alone go too.
fn without_blank_edges<'a>(search: &'a str, replacement: &'a str) -> (Vec<&'a str>, Vec<&'a str>) {
    let mut wanted: Vec<&str> = search.lines().collect();
    let mut replacement: Vec<&str> = replacement.lines().collect();
    let is_blank = |line: Option<&&str>| line.is_some_and(|line| line.trim().is_empty());
    while is_blank(wanted.first()) {
        wanted.remove(0);
        if is_blank(replacement.first()) {
            replacement.remove(0);
        }
    }
    while is_blank(wanted.last()) {
        wanted.pop();
        if is_blank(replacement.last()) {
            replacement.pop();
        }
    }
    (wanted, replacement)
}

fn list(numbers: &[usize]) -> String {
    const MOST: usize = 10;
    let mut texts: Vec<String> = numbers.iter().take(MOST).map(usize::to_string).collect();
    if numbers.len() > MOST {
        texts.push("…".into());
    }
    texts.join(", ")
}

impl fmt::Display for Edited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places: Vec<String> = self
            .places
            .iter()
            .take(10)
            .map(|place| match place.len() {
                0 => format!("text removed at line {}", place.start),
                1 => format!("line {}", place.start),
                _ => format!("lines {}-{}", place.start, place.end - 1),
            })
            .collect();
        f.write_str(&places.join(", "))?;
        if self.places.len() > places.len() {
            write!(f, ", … ({} places)", self.places.len())?;
        }
        match &self.how {
            Match::Exact => Ok(()),
            Match::OtherWhiteSpace => f.write_str(" (the search text differed in white space)"),
            Match::Similar { percent, text } => {
                write!(f, " (the search text was {percent} % like what stood there:\n{text}\n)")
            }
        }
    }
}

#[cfg(test)]
mod tests;

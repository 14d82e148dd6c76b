//! Finds the lines of a text that are most like some others.

use std::ops::Range;

use similar::TextDiff;

use super::lines::{Lines, squash};

/// From here on two texts count as the same with a slip in it.
const ALIKE: f32 = 0.88;
/// From here on lines are worth showing as the nearest.
const RELATED: f32 = 0.5;
/// Shorter texts are alike by chance.
const SHORTEST: usize = 24;
/// Longer texts are only compared by their beginning, which is enough to show the nearest lines.
const LONGEST: usize = 4096;

/// The lines that were looked for.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// One place is clearly meant.
    One { at: Range<usize>, percent: u32 },
    /// Several places could be meant; their first lines.
    Many(Vec<usize>),
    /// This is the nearest, but another text.
    Nearest(Range<usize>),
    /// Nothing is like it.
    Nothing,
}

/// A window of lines with how much it is like the wanted ones.
struct Candidate {
    at: Range<usize>,
    likeness: f32,
}

pub(super) fn find(lines: &Lines<'_>, wanted: &[&str]) -> Found {
    let (wanted, is_whole) = beginning(wanted);
    let there: Vec<String> = (0..lines.count()).map(|line| squash(lines.line(line))).collect();
    let text = wanted.join("\n");
    let mut candidates: Vec<Candidate> = promising(&there, &wanted)
        .into_iter()
        .map(|at| Candidate { likeness: likeness(&there[at.clone()], &wanted, &text), at })
        .collect();
    candidates.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.at.start.cmp(&b.at.start)));
    let Some(best) = candidates.first().filter(|best| best.likeness >= RELATED) else {
        return Found::Nothing;
    };
    if best.likeness < ALIKE || !is_whole || text.len() < SHORTEST {
        return Found::Nearest(best.at.clone());
    }
    let elsewhere = |other: &&Candidate| other.at.end <= best.at.start || best.at.end <= other.at.start;
    let mut rivals: Vec<usize> = candidates
        .iter()
        .filter(elsewhere)
        .filter(|other| other.likeness >= ALIKE)
        .map(|other| other.at.start)
        .collect();
    if rivals.is_empty() {
        return Found::One { at: best.at.clone(), percent: percent(best.likeness) };
    }
    rivals.push(best.at.start);
    rivals.sort_unstable();
    rivals.dedup();
    Found::Many(rivals)
}

/// The wanted lines, squashed, up to the length that is compared; and whether that is all of them.
fn beginning(wanted: &[&str]) -> (Vec<String>, bool) {
    let mut left = LONGEST;
    let lines: Vec<String> = wanted
        .iter()
        .map(|line| squash(line))
        .take_while(|line| {
            let fits = line.len() < left;
            left = left.saturating_sub(line.len() + 1);
            fits
        })
        .collect();
    let is_whole = lines.len() == wanted.len();
    (lines, is_whole)
}

/// Windows of about as many lines, those first that have the most characters in common; few enough to compare in full.
fn promising(there: &[String], wanted: &[String]) -> Vec<Range<usize>> {
    const MOST: usize = 24;
    let wanted_letters = wanted.iter().fold(Letters::default(), |all, line| all.with(line));
    let slack = 1 + wanted.len() / 8;
    let mut windows: Vec<(u32, Range<usize>)> = Vec::new();
    for size in wanted.len().saturating_sub(slack).max(1)..=(wanted.len() + slack).min(there.len()) {
        let mut letters = there[..size].iter().fold(Letters::default(), |all, line| all.with(line));
        for start in 0..=there.len() - size {
            if start > 0 {
                letters = letters.without(&there[start - 1]).with(&there[start + size - 1]);
            }
            let score = letters.in_common(&wanted_letters);
            if score as f32 >= RELATED * 1000.0 {
                windows.push((score, start..start + size));
            }
        }
    }
    windows.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.start.cmp(&b.1.start)));
    windows.truncate(MOST);
    windows.into_iter().map(|(_, at)| at).collect()
}

/// How much lines are like the wanted ones, from 0 to 1. The first and the last line must be alike by themselves, or the
/// window is shifted.
fn likeness(there: &[String], wanted: &[String], text: &str) -> f32 {
    let edge = |a: Option<&String>, b: Option<&String>| match (a, b) {
        (Some(a), Some(b)) => ratio(a, b),
        _ => 0.0,
    };
    let whole = ratio(&there.join("\n"), text);
    let edges = edge(there.first(), wanted.first()).min(edge(there.last(), wanted.last()));
    if edges < RELATED { whole.min(ALIKE - 0.01) } else { whole }
}

fn ratio(a: &str, b: &str) -> f32 {
    if a.len() + b.len() > 4 * LONGEST { 0.0 } else { TextDiff::from_chars(a, b).ratio() }
}

fn percent(likeness: f32) -> u32 {
    (likeness * 100.0).round() as u32
}

/// How often each letter is in some lines.
#[derive(Clone)]
struct Letters {
    counts: [u32; 128],
    all: u32,
}

impl Default for Letters {
    fn default() -> Self {
        Self { counts: [0; 128], all: 0 }
    }
}

impl Letters {
    fn with(mut self, line: &str) -> Self {
        for byte in line.bytes() {
            self.counts[usize::from(byte & 127)] += 1;
            self.all += 1;
        }
        self
    }

    fn without(mut self, line: &str) -> Self {
        for byte in line.bytes() {
            self.counts[usize::from(byte & 127)] -= 1;
            self.all -= 1;
        }
        self
    }

    /// The most that two texts with these letters can be alike, in thousandths.
    fn in_common(&self, other: &Self) -> u32 {
        let common: u32 = self.counts.iter().zip(&other.counts).map(|(a, b)| a.min(b)).sum();
        (2000 * common).checked_div(self.all + other.all).unwrap_or(0)
    }
}

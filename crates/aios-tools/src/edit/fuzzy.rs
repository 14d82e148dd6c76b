//! Finds the lines of a text that are most like some others.

use std::cmp::Reverse;
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
        .iter()
        .filter_map(|windows| {
            let compared = windows.iter().map(|at| Candidate {
                at: at.clone(),
                likeness: likeness(&there[at.clone()], &wanted, &text),
            });
            compared.max_by(|a, b| a.likeness.total_cmp(&b.likeness))
        })
        .collect();
    candidates.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    let Some(best) = candidates.first().filter(|best| best.likeness >= RELATED) else {
        return Found::Nothing;
    };
    if best.likeness < ALIKE || !is_whole || text.len() < SHORTEST {
        return Found::Nearest(best.at.clone());
    }
    let mut starts: Vec<usize> =
        candidates.iter().filter(|one| one.likeness >= ALIKE).map(|one| one.at.start).collect();
    if starts.len() > 1 {
        starts.sort_unstable();
        return Found::Many(starts);
    }
    Found::One { at: best.at.clone(), percent: (best.likeness * 100.0).round() as u32 }
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

/// The places that share the most letters with the wanted lines, each as a few windows of about as many lines.
fn promising(there: &[String], wanted: &[String]) -> Vec<Vec<Range<usize>>> {
    const PLACES: usize = 4;
    const WINDOWS: usize = 6;
    let wanted_letters = Letters::of(wanted);
    let size = wanted.len().min(there.len());
    let mut letters = Letters::of(&there[..size]);
    let mut starts = vec![(letters.in_common(&wanted_letters), 0)];
    for start in 1..=there.len() - size {
        letters.remove(&there[start - 1]);
        letters.add(&there[start + size - 1]);
        starts.push((letters.in_common(&wanted_letters), start));
    }
    starts.sort_by_key(|(common, start)| (Reverse(*common), *start));
    let mut places: Vec<usize> = Vec::new();
    for (_, start) in starts {
        if places.len() < PLACES && places.iter().all(|place| place.abs_diff(start) >= size) {
            places.push(start);
        }
    }
    let slack = 1 + wanted.len() / 8;
    let windows_near = |place: usize| {
        let mut windows = Vec::new();
        for start in place.saturating_sub(slack)..(place + slack + 1).min(there.len()) {
            let end = start + size;
            for end in end.saturating_sub(slack).max(start + 1)..=(end + slack).min(there.len()) {
                windows.push((Letters::of(&there[start..end]).in_common(&wanted_letters), start..end));
            }
        }
        windows.sort_by_key(|(common, at)| (Reverse(*common), at.start, at.end));
        windows.into_iter().take(WINDOWS).map(|(_, at)| at).collect()
    };
    places.into_iter().map(windows_near).collect()
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

/// How often each letter is in some lines.
struct Letters {
    counts: [u32; 128],
    all: u32,
}

impl Letters {
    fn of(lines: &[String]) -> Self {
        let mut letters = Self { counts: [0; 128], all: 0 };
        lines.iter().for_each(|line| letters.add(line));
        letters
    }

    fn add(&mut self, line: &str) {
        for byte in line.bytes() {
            self.counts[usize::from(byte & 127)] += 1;
            self.all += 1;
        }
    }

    fn remove(&mut self, line: &str) {
        for byte in line.bytes() {
            self.counts[usize::from(byte & 127)] -= 1;
            self.all -= 1;
        }
    }

    /// The most that two texts with these letters can be alike, in thousandths.
    fn in_common(&self, other: &Self) -> u32 {
        let common: u32 = self.counts.iter().zip(&other.counts).map(|(a, b)| a.min(b)).sum();
        (2000 * common).checked_div(self.all + other.all).unwrap_or(0)
    }
}

//! Two contents of a file as hunks that can be taken or undone one by one. Pure.

use std::ops::Range;
use std::time::{Duration, Instant};

use aios_protocol::{Hunk, HunkLine, LineChange};
use similar::{Algorithm, DiffOp, DiffTag};

use crate::disk::content_hash;

/// Lines that are shown around a change.
const AROUND: usize = 3;
/// When the search for the smallest difference is given up for any difference.
const PATIENCE: Duration = Duration::from_millis(500);

/// How a file changed.
pub(super) struct Changes<'a> {
    before: Vec<&'a [u8]>,
    after: Vec<&'a [u8]>,
    places: Vec<Vec<DiffOp>>,
}

impl<'a> Changes<'a> {
    pub(super) fn between(before: &'a [u8], after: &'a [u8]) -> Self {
        let lines = |content: &'a [u8]| content.split_inclusive(|byte| *byte == b'\n').collect::<Vec<_>>();
        let (before, after) = (lines(before), lines(after));
        let deadline = Some(Instant::now() + PATIENCE);
        let ops = similar::capture_diff_slices_deadline(Algorithm::Histogram, &before, &after, deadline);
        let places = similar::group_diff_ops(ops, AROUND);
        Self { before, after, places }
    }

    /// The places that differ, each under an id that it keeps while others are decided.
    pub(super) fn hunks(&self) -> Vec<Hunk> {
        let mut hunks: Vec<Hunk> = Vec::new();
        for place in &self.places {
            let lines: Vec<HunkLine> = place.iter().flat_map(|op| self.lines(op)).collect();
            let changed = lines.iter().filter(|line| line.change != LineChange::Same);
            let text: String = changed.map(|line| format!("{:?} {}\n", line.change, line.text)).collect();
            let id: String = content_hash(text.as_bytes()).0.chars().take(16).collect();
            // The same change at two places is two hunks.
            let twins = hunks.iter().filter(|known| known.id.starts_with(&id)).count();
            let id = if twins == 0 { id } else { format!("{id}.{twins}") };
            let (old, new) = (range(place, DiffOp::old_range), range(place, DiffOp::new_range));
            hunks.push(Hunk {
                id,
                old_start: count(old.start + 1),
                old_lines: count(old.len()),
                new_start: count(new.start + 1),
                new_lines: count(new.len()),
                lines,
            });
        }
        hunks
    }

    /// What was before, with one of the hunks.
    pub(super) fn taken(&self, hunk: usize) -> Option<Vec<u8>> {
        let place = self.places.get(hunk)?;
        let (old, new) = (range(place, DiffOp::old_range), range(place, DiffOp::new_range));
        spliced(&self.before, old, self.after.get(new)?)
    }

    /// What is there now, without one of the hunks.
    pub(super) fn undone(&self, hunk: usize) -> Option<Vec<u8>> {
        let place = self.places.get(hunk)?;
        let (old, new) = (range(place, DiffOp::old_range), range(place, DiffOp::new_range));
        spliced(&self.after, new, self.before.get(old)?)
    }

    fn lines(&self, op: &DiffOp) -> Vec<HunkLine> {
        let shown = |lines: Option<&[&[u8]]>, change| {
            let text = |line: &&[u8]| {
                String::from_utf8_lossy(line).trim_end_matches('\n').trim_end_matches('\r').to_owned()
            };
            let lines = lines.unwrap_or_default().iter().map(text);
            lines.map(|text| HunkLine { change, text }).collect::<Vec<_>>()
        };
        let (old, new) = (self.before.get(op.old_range()), self.after.get(op.new_range()));
        match op.tag() {
            DiffTag::Equal => shown(old, LineChange::Same),
            DiffTag::Delete => shown(old, LineChange::Removed),
            DiffTag::Insert => shown(new, LineChange::Added),
            DiffTag::Replace => [shown(old, LineChange::Removed), shown(new, LineChange::Added)].concat(),
        }
    }
}

fn range(place: &[DiffOp], of: impl Fn(&DiffOp) -> Range<usize>) -> Range<usize> {
    let start = place.first().map_or(0, |op| of(op).start);
    start..place.last().map_or(start, |op| of(op).end)
}

fn spliced(lines: &[&[u8]], range: Range<usize>, with: &[&[u8]]) -> Option<Vec<u8>> {
    Some([lines.get(..range.start)?, with, lines.get(range.end..)?].concat().concat())
}

fn count(lines: usize) -> u32 {
    u32::try_from(lines).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";
    const AFTER: &str = "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nl\nm";

    fn text(content: Option<Vec<u8>>) -> String {
        String::from_utf8(content.unwrap()).unwrap()
    }

    #[test]
    fn hunks_are_taken_and_undone_one_by_one() {
        let changes = Changes::between(BEFORE.as_bytes(), AFTER.as_bytes());
        let hunks = changes.hunks();
        let places: Vec<_> = hunks
            .iter()
            .map(|hunk| (hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines))
            .collect();
        assert_eq!(places, [(1, 5, 1, 5), (8, 5, 8, 5)]);
        assert_eq!(text(changes.taken(0)), "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n");
        assert_eq!(text(changes.undone(0)), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nl\nm");
        assert_eq!(text(changes.undone(1)), "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n");
        // What is left keeps its name when the other is decided.
        let kept = changes.taken(0).unwrap();
        assert_eq!(Changes::between(&kept, AFTER.as_bytes()).hunks()[0].id, hunks[1].id);
        assert!(changes.taken(2).is_none());
    }

    #[test]
    fn what_is_new_or_gone_is_one_hunk() {
        for (before, after) in [("", AFTER), (BEFORE, "")] {
            let changes = Changes::between(before.as_bytes(), after.as_bytes());
            assert_eq!(changes.hunks().len(), 1);
            assert_eq!((text(changes.taken(0)), text(changes.undone(0))), (after.into(), before.into()));
        }
        assert!(Changes::between(b"same", b"same").hunks().is_empty());
    }

    #[test]
    fn the_same_change_at_two_places_is_two_hunks() {
        let middle = "x\n".repeat(20);
        let before = format!("a\n{middle}a\n");
        let after = format!("b\n{middle}b\n");
        let hunks = Changes::between(before.as_bytes(), after.as_bytes()).hunks();
        assert!(hunks.len() == 2 && hunks[0].id != hunks[1].id, "{hunks:?}");
    }
}

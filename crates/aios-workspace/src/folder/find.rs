//! Finding files by letters of their path: the list of all files, and who fits best.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::sync::{PoisonError, RwLock};

use aios_core::WorkspacePath;
use aios_protocol::{FoundFile, FoundFiles};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::UserFolder;
use crate::disk::walk;

/// The most that are answered.
const MOST: usize = 1_000;
/// Paths that are worth a thread of their own.
const SHARE: usize = 8_000;

/// The files of a folder that git does not ignore, as far as they are known. Kept fresh by whoever watches the folder.
#[derive(Default)]
pub struct FileList(RwLock<Known>);

#[derive(Default)]
struct Known {
    paths: BTreeSet<Box<str>>,
    complete: bool,
}

impl FileList {
    /// Reads the list anew. Blocks; meanwhile the one from before answers.
    pub fn read(&self, folder: &UserFolder) {
        let root = &folder.root;
        let paths = walk(&root.path, &root.hidden)
            .flatten()
            .filter(|entry| entry.file_type().is_some_and(|kind| !kind.is_dir()))
            .filter_map(|entry| Some(relative(entry.path().strip_prefix(&root.path).ok()?.to_str()?)));
        let paths = paths.collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Known { paths, complete: true };
    }

    /// Takes in what changed.
    pub fn change(&self, path: &WorkspacePath, is_file: bool) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if is_file {
            known.paths.insert(path.as_str().into());
            return;
        }
        // A folder that went took all its files along.
        let below = format!("{path}/");
        known.paths.remove(path.as_str());
        let gone: Vec<_> = known
            .paths
            .range::<str, _>((std::ops::Bound::Included(below.as_str()), std::ops::Bound::Unbounded))
            .take_while(|known| known.starts_with(&below))
            .cloned()
            .collect();
        for path in gone {
            known.paths.remove(&path);
        }
    }

    /// The files whose paths fit, best first. Blocks for some milliseconds with a hundred thousand files.
    pub fn find(&self, query: &str, limit: usize) -> FoundFiles {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let pattern = Pattern::parse(query, CaseMatching::Smart, Normalization::Smart);
        let limit = limit.min(MOST);
        let paths: Vec<&str> = known.paths.iter().map(AsRef::as_ref).collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = paths.len().div_ceil(threads).max(SHARE);
        let mut best: Vec<Fit<'_>> = std::thread::scope(|scope| {
            let parts: Vec<_> =
                paths.chunks(share).map(|part| scope.spawn(|| best_of(part, &pattern, limit))).collect();
            parts.into_iter().filter_map(|part| part.join().ok()).flatten().collect()
        });
        best.sort_unstable_by(|a, b| b.cmp(a));
        best.truncate(limit);
        let mut matcher = matcher();
        let files = best.into_iter().map(|fit| FoundFile {
            path: fit.path.0.to_owned(),
            positions: positions(fit.path.0, &pattern, &mut matcher),
        });
        FoundFiles { files: files.collect(), total: paths.len() as u64, complete: known.complete }
    }
}

/// How well a path fits: by score, then shorter ones, then by name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Fit<'path> {
    score: u32,
    length: Reverse<usize>,
    path: Reverse<&'path str>,
}

fn best_of<'path>(paths: &[&'path str], pattern: &Pattern, limit: usize) -> Vec<Fit<'path>> {
    let (mut matcher, mut letters) = (matcher(), Vec::new());
    let mut best = BinaryHeap::with_capacity(limit + 1);
    for path in paths {
        let Some(score) = pattern.score(Utf32Str::new(path, &mut letters), &mut matcher) else { continue };
        best.push(Reverse(Fit { score, length: Reverse(path.len()), path: Reverse(path) }));
        if best.len() > limit {
            best.pop();
        }
    }
    best.into_iter().map(|Reverse(fit)| fit).collect()
}

fn matcher() -> Matcher {
    Matcher::new(Config::DEFAULT.match_paths())
}

/// The characters that fit, counted in UTF-16 units.
fn positions(path: &str, pattern: &Pattern, matcher: &mut Matcher) -> Vec<u32> {
    let (mut letters, mut found) = (Vec::new(), Vec::new());
    pattern.indices(Utf32Str::new(path, &mut letters), matcher, &mut found);
    found.sort_unstable();
    found.dedup();
    if path.is_ascii() {
        return found;
    }
    let units = |count: u32| path.chars().take(count as usize).map(char::len_utf16).sum::<usize>() as u32;
    found.into_iter().map(units).collect()
}

fn relative(path: &str) -> Box<str> {
    if std::path::MAIN_SEPARATOR == '/' { path.into() } else { path.replace('\\', "/").into() }
}

//! Searching the text of all files, on all cores, telling what is found as it is found.

use std::sync::atomic::{AtomicU64, Ordering};

use aios_protocol::{FoundLine, FoundMatch, SearchFor, TextFound};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use grep_matcher::{Captures, LineTerminator, Matcher};
use grep_regex::{RegexMatcher, RegexMatcherBuilder};
use grep_searcher::sinks::Bytes;
use grep_searcher::{BinaryDetection, Searcher, SearcherBuilder};
use ignore::{WalkBuilder, WalkState};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::UserFolder;
use crate::disk::{content_hash, is_temporary};

/// Larger files are searched without being kept in memory, and nothing is replaced in them.
pub(super) const MOST_KEPT: u64 = 32 * 1024 * 1024;
/// Lines that are told together.
const LINES: usize = 100;
/// The most of a line that is shown, in bytes.
const LINE: usize = 1_000;
/// How much of a long line is shown before its first match.
const LEAD: usize = 100;

/// Why a search cannot begin.
#[derive(Debug, thiserror::Error)]
#[error("the search pattern {pattern:?} is not valid: {reason}")]
pub struct SearchError {
    pattern: String,
    reason: String,
}

/// What is looked for, ready to be used.
pub(super) struct Query {
    matcher: RegexMatcher,
    include: GlobSet,
    exclude: GlobSet,
    /// Whether the replacement names groups.
    groups: bool,
    replacement: Option<String>,
}

impl Query {
    pub(super) fn new(query: &SearchFor) -> Result<Self, SearchError> {
        let invalid = |reason: String| SearchError { pattern: query.pattern.clone(), reason };
        if query.pattern.is_empty() {
            return Err(invalid("it is empty".into()));
        }
        let matcher = RegexMatcherBuilder::new()
            .case_insensitive(!query.case_sensitive)
            .fixed_strings(!query.regex)
            .word(query.whole_word)
            .crlf(true)
            .build(&query.pattern)
            .map_err(|error| invalid(error.to_string()))?;
        Ok(Self {
            matcher,
            include: globs(&query.include)?,
            exclude: globs(&query.exclude)?,
            groups: query.regex,
            replacement: query.replacement.as_deref().map(|text| match query.regex {
                true => braced(text),
                false => text.to_owned(),
            }),
        })
    }

    fn wants(&self, path: &str) -> bool {
        (self.include.is_empty() || self.include.is_match(path)) && !self.exclude.is_match(path)
    }

    /// Hands every match of a line to `each`: where it is, and what would stand there.
    pub(super) fn matches(&self, line: &[u8], mut each: impl FnMut(std::ops::Range<usize>, Option<Vec<u8>>)) {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // Neither can fail: this engine's error has no value.
        let Ok(mut captures) = self.matcher.new_captures() else { return };
        _ = self.matcher.captures_iter(line, &mut captures, |found| {
            if let Some(whole) = found.get(0) {
                let replacement = self.replacement.as_ref().map(|text| {
                    let mut put = Vec::new();
                    match self.groups {
                        true => found.interpolate(
                            |name| self.matcher.capture_index(name),
                            line,
                            text.as_bytes(),
                            &mut put,
                        ),
                        false => put.extend_from_slice(text.as_bytes()),
                    }
                    put
                });
                each(whole.start()..whole.end(), replacement);
            }
            true
        });
    }
}

/// Globs as git reads them: without a slash they match names at any depth, and folders with all that is in them.
fn globs(texts: &[String]) -> Result<GlobSet, SearchError> {
    let mut set = GlobSetBuilder::new();
    for text in texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        let invalid = |error: globset::Error| SearchError {
            pattern: text.to_owned(),
            reason: error.kind().to_string(),
        };
        let bare = text.trim_start_matches("./").trim_matches('/');
        let anywhere = if bare.contains('/') { bare.to_owned() } else { format!("**/{bare}") };
        for glob in [anywhere.clone(), format!("{anywhere}/**")] {
            set.add(GlobBuilder::new(&glob).literal_separator(true).build().map_err(invalid)?);
        }
    }
    set.build().map_err(|error| SearchError { pattern: texts.join(", "), reason: error.kind().to_string() })
}

/// Searches until everything was looked at, `most` matches were found, nobody listens, or `stop` says so. Blocks.
pub fn search(
    folder: &UserFolder,
    query: &SearchFor,
    most: u64,
    found: &mpsc::Sender<TextFound>,
    stop: &CancellationToken,
) -> Result<(), SearchError> {
    let wanted = Query::new(query)?;
    let count = Count::default();
    let root = &folder.root.path;
    WalkBuilder::new(root)
        .hidden(false)
        .git_ignore(!query.with_ignored)
        .git_exclude(!query.with_ignored)
        .git_global(!query.with_ignored)
        .ignore(!query.with_ignored)
        .require_git(false)
        .threads(std::thread::available_parallelism().map_or(1, usize::from))
        .filter_entry(|entry| entry.file_name() != ".git" && !is_temporary(entry.file_name()))
        .build_parallel()
        .run(|| {
            let mut searcher = SearcherBuilder::new()
                .binary_detection(BinaryDetection::quit(0))
                .line_terminator(LineTerminator::crlf())
                .line_number(true)
                .build();
            let (wanted, count, mut content) = (&wanted, &count, Vec::new());
            Box::new(move |entry| {
                if stop.is_cancelled() || count.matches.load(Ordering::Relaxed) >= most {
                    return WalkState::Quit;
                }
                let Ok(entry) = entry else { return WalkState::Continue };
                let path = entry.path().strip_prefix(root).ok().and_then(|path| path.to_str());
                let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                let Some(path) = path.filter(|path| is_file && wanted.wants(path)) else {
                    return WalkState::Continue;
                };
                count.searched.fetch_add(1, Ordering::Relaxed);
                let mut looking =
                    Looking { path, wanted, count, most, found, stop, lines: Vec::new(), matches: 0 };
                match looking.look(&entry, &mut searcher, &mut content) {
                    true => WalkState::Continue,
                    false => WalkState::Quit,
                }
            })
        });
    let done = TextFound::Done {
        files: count.files.load(Ordering::Relaxed),
        matches: count.matches.load(Ordering::Relaxed).min(most),
        searched: count.searched.load(Ordering::Relaxed),
        truncated: count.matches.load(Ordering::Relaxed) >= most,
    };
    // Whoever left does not miss it.
    _ = found.blocking_send(done);
    Ok(())
}

#[derive(Default)]
struct Count {
    files: AtomicU64,
    matches: AtomicU64,
    searched: AtomicU64,
}

/// One file while it is searched.
struct Looking<'search> {
    path: &'search str,
    wanted: &'search Query,
    count: &'search Count,
    most: u64,
    found: &'search mpsc::Sender<TextFound>,
    stop: &'search CancellationToken,
    lines: Vec<FoundLine>,
    matches: u32,
}

impl Looking<'_> {
    /// Whether to go on with other files.
    fn look(&mut self, entry: &ignore::DirEntry, searcher: &mut Searcher, content: &mut Vec<u8>) -> bool {
        let bytes = entry.metadata().map_or(0, |metadata| metadata.len());
        let matcher = self.wanted.matcher.clone();
        if bytes > MOST_KEPT {
            _ = searcher.search_path(
                &matcher,
                entry.path(),
                Bytes(|line, text| Ok(self.line(line, text, None))),
            );
            return self.end(None);
        }
        content.clear();
        use std::io::Read;
        let read = std::fs::File::open(entry.path()).and_then(|mut file| file.read_to_end(content));
        if read.is_err() {
            return true;
        }
        let content = content.as_slice();
        _ = searcher.search_slice(
            &matcher,
            content,
            Bytes(|line, text| Ok(self.line(line, text, Some(content)))),
        );
        self.end(Some(content))
    }

    /// Takes a line that matches; whether to go on.
    fn line(&mut self, line: u64, text: &[u8], content: Option<&[u8]>) -> bool {
        let mut ranges = Vec::new();
        self.wanted.matches(text, |range, replacement| ranges.push((range, replacement)));
        self.lines.push(shown(line, text, &ranges, self.matches));
        self.matches += ranges.len() as u32;
        let before = self.count.matches.fetch_add(ranges.len() as u64, Ordering::Relaxed);
        let more = before + (ranges.len() as u64) < self.most && !self.stop.is_cancelled();
        if self.lines.len() == LINES {
            return self.tell(content) && more;
        }
        more
    }

    fn end(&mut self, content: Option<&[u8]>) -> bool {
        if self.matches > 0 {
            self.count.files.fetch_add(1, Ordering::Relaxed);
        }
        self.lines.is_empty() || self.tell(content)
    }

    /// Whether somebody listens.
    fn tell(&mut self, content: Option<&[u8]>) -> bool {
        let version = content.map(|content| content_hash(content).0).unwrap_or_default();
        let path = self.path.replace(std::path::MAIN_SEPARATOR, "/");
        let lines = std::mem::take(&mut self.lines);
        self.found.blocking_send(TextFound::File { path, version, lines }).is_ok()
    }
}

/// A line as it is shown: cut around its first match, places in UTF-16 units.
fn shown(
    line: u64,
    text: &[u8],
    ranges: &[(std::ops::Range<usize>, Option<Vec<u8>>)],
    first_index: u32,
) -> FoundLine {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let first = ranges.first().map_or(0, |(range, _)| range.start);
    let start = if text.len() > LINE { boundary(text, first.saturating_sub(LEAD)) } else { 0 };
    let end = boundary(text, (start + LINE).min(text.len()));
    let units =
        |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or_default()).encode_utf16().count() as u32;
    let place = |at: usize| units(text.get(start..at.clamp(start, end)));
    let matches =
        (first_index..).zip(ranges).filter(|(_, (range, _))| range.start >= start && range.start <= end);
    FoundLine {
        line,
        text: String::from_utf8_lossy(text.get(start..end).unwrap_or_default()).into_owned(),
        cut: units(text.get(..start)),
        matches: matches
            .map(|(index, (range, replacement))| FoundMatch {
                start: place(range.start),
                end: place(range.end),
                index,
                replacement: replacement.as_ref().map(|text| String::from_utf8_lossy(text).into_owned()),
            })
            .collect(),
    }
}

/// The place or the next before it where a character begins.
fn boundary(text: &[u8], at: usize) -> usize {
    (0..=at).rev().find(|at| text.get(*at).is_none_or(|byte| byte & 0xc0 != 0x80)).unwrap_or(0)
}

/// A replacement as editors write it, with every group in braces: to them `$1_id` is the first group and `_id`, to the library a
/// group of that name.
fn braced(replacement: &str) -> String {
    let mut text = String::with_capacity(replacement.len() + 4);
    let mut rest = replacement;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (group, tail) = after.split_at(digits);
        match (group, after.chars().next()) {
            ("", Some('$')) => {
                text.push_str("$$");
                rest = &after[1..];
                continue;
            }
            ("", Some('&')) => {
                text.push_str("${0}");
                rest = &after[1..];
                continue;
            }
            ("", _) => text.push('$'),
            (group, _) => {
                text.push_str("${");
                text.push_str(group);
                text.push('}');
            }
        }
        rest = tail;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements_as_editors_write_them() {
        let check = |written: &str, expect: &str| assert_eq!(braced(written), expect, "{written}");
        check("$1_id", "${1}_id");
        check("$12-$2", "${12}-${2}");
        check("<$&>", "<${0}>");
        check("costs $$5 or ${name}", "costs $$5 or ${name}");
        check("plain", "plain");
        check("end$", "end$");
    }
}

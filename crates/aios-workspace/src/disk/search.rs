//! Searching the shown files, line by line.

use aios_core::{FileError, SearchHit, SearchHits, SearchQuery};
use globset::{GlobBuilder, GlobMatcher};
use grep_regex::{RegexMatcher, RegexMatcherBuilder};
use grep_searcher::{BinaryDetection, Searcher, SearcherBuilder, sinks::Lossy};
use tokio_util::sync::CancellationToken;

use super::SIZE_LIMIT;
use super::beneath::Root;
use super::walk;

/// The most characters of a line that are shown.
const LINE_CHARS: usize = 300;

/// Searches until the limit is reached or `stop` says so; a stopped search answers what it has, marked as truncated.
pub(super) fn search(
    root: &Root,
    query: &SearchQuery,
    stop: &CancellationToken,
) -> Result<SearchHits, FileError> {
    let matcher = matcher(query)?;
    let glob = query.glob.as_deref().map(glob).transpose()?;
    let mut searcher: Searcher =
        SearcherBuilder::new().binary_detection(BinaryDetection::quit(0)).line_number(true).build();
    let mut found = SearchHits::default();
    for (path, entry) in walk::files(root) {
        if stop.is_cancelled() {
            found.truncated = true;
        }
        if found.truncated {
            break;
        }
        if glob.as_ref().is_some_and(|glob| !glob.is_match(path.as_path()))
            || entry.metadata().is_ok_and(|metadata| metadata.len() > SIZE_LIMIT)
        {
            continue;
        }
        // Through the handle: since the walk saw it, the name may have become a link to somewhere else.
        let Ok((file, _)) = root.open(&path) else { continue };
        let sink = Lossy(|line, text| {
            if found.hits.len() == query.limit || stop.is_cancelled() {
                found.truncated = true;
                return Ok(false);
            }
            found.hits.push(SearchHit { path: path.clone(), line, text: clip(text) });
            Ok(true)
        });
        if let Err(error) = searcher.search_file(&matcher, &file.into_std(), sink) {
            tracing::debug!(%path, %error, "a file was left out of a search");
        }
    }
    Ok(found)
}

fn matcher(query: &SearchQuery) -> Result<RegexMatcher, FileError> {
    let invalid = |reason: String| FileError::Pattern { pattern: query.pattern.clone(), reason };
    if query.pattern.is_empty() {
        return Err(invalid("it is empty".into()));
    }
    RegexMatcherBuilder::new()
        .case_insensitive(!query.case_sensitive)
        .fixed_strings(!query.regex)
        .line_terminator(Some(b'\n'))
        .build(&query.pattern)
        .map_err(|error| invalid(error.to_string()))
}

/// A glob as git reads it: without a slash it matches names at any depth.
fn glob(text: &str) -> Result<GlobMatcher, FileError> {
    let anywhere = if text.contains('/') { text.to_owned() } else { format!("**/{text}") };
    GlobBuilder::new(anywhere.trim_start_matches("./"))
        .literal_separator(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| FileError::Pattern { pattern: text.to_owned(), reason: error.kind().to_string() })
}

fn clip(line: &str) -> String {
    let line = line.trim_end();
    match line.char_indices().nth(LINE_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

//! Replacing what a search found, in files that are still as they were then.

use aios_core::WorkspacePath;
use aios_protocol::{ReplaceIn, ReplacedIn, SearchFor};

use super::search::{Query, SearchError};
use super::{USER, UserFolder};
use crate::disk::content_hash;

/// Replaces in each file in turn; what cannot be done in one keeps nothing from the others. Blocks.
pub fn replace(
    folder: &UserFolder,
    query: &SearchFor,
    files: &[ReplaceIn],
) -> Result<Vec<ReplacedIn>, SearchError> {
    let query = Query::new(query)?;
    let replaced = files.iter().map(|file| match in_file(folder, &query, file) {
        Ok((replaced, version)) => {
            ReplacedIn { path: file.path.clone(), replaced, version: Some(version), problem: None }
        }
        Err(problem) => {
            ReplacedIn { path: file.path.clone(), replaced: 0, version: None, problem: Some(problem) }
        }
    });
    Ok(replaced.collect())
}

/// How many were replaced and the version now, or why nothing was.
fn in_file(folder: &UserFolder, query: &Query, file: &ReplaceIn) -> Result<(u32, String), String> {
    let path = WorkspacePath::new(&file.path).map_err(|error| error.to_string())?;
    let content = folder.root.read(&path).map_err(|error| error.to_string())?;
    if content_hash(&content).0 != file.version {
        return Err(format!("{path} was changed since the search"));
    }
    if std::str::from_utf8(&content).is_err() {
        return Err(format!("{path} is not UTF-8"));
    }
    let wanted = |index: u32| file.only.as_ref().is_none_or(|only| only.contains(&index));
    let (mut new, mut index, mut replaced) = (Vec::with_capacity(content.len()), 0, 0);
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        let mut at = 0;
        query.matches(line, |range, replacement| {
            if let Some(replacement) = replacement.filter(|_| wanted(index)) {
                new.extend_from_slice(&line[at..range.start]);
                new.extend_from_slice(&replacement);
                at = range.end;
                replaced += 1;
            }
            index += 1;
        });
        new.extend_from_slice(&line[at..]);
    }
    if replaced == 0 {
        return Ok((0, file.version.clone()));
    }
    let written = folder.root.write(&path, &new, USER).map_err(|error| error.to_string())?;
    Ok((replaced, written.after.0))
}

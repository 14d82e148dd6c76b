//! What changed since the last commit.

use std::path::Path;

use aios_protocol::{GitChange, GitFile, GitState};
use git2::{RepositoryState, Status, StatusOptions};

use super::{GitError, Repo, failed};

/// Files that are listed at most.
const MOST: usize = 10_000;

impl Repo {
    /// What changed since the last commit.
    pub fn status(&self) -> Result<GitState, GitError> {
        let io = failed("read the status");
        let mut options = StatusOptions::new();
        options
            .include_untracked(true)
            .recurse_untracked_dirs(true)
            .exclude_submodules(true)
            .renames_head_to_index(true);
        if !self.prefix.as_os_str().is_empty() {
            options.pathspec(&self.prefix).disable_pathspec_match(true);
        }
        let statuses = self.repository.statuses(Some(&mut options)).map_err(&io)?;
        let files: Vec<GitFile> = statuses.iter().take(MOST).filter_map(|entry| self.file(&entry)).collect();
        let (upstream, ahead, behind) = self.upstream().unwrap_or_default();
        Ok(GitState {
            repository: true,
            branch: crate::current_branch(&self.root),
            commit: self.repository.head().ok().and_then(|head| head.target()).map(|id| id.to_string()),
            upstream,
            ahead,
            behind,
            doing: doing(self.repository.state()),
            truncated: statuses.len() > MOST,
            files,
        })
    }

    fn file(&self, entry: &git2::StatusEntry<'_>) -> Option<GitFile> {
        let status = entry.status();
        let (staged, unstaged) = (staged(status), unstaged(status));
        if staged.is_none() && unstaged.is_none() && !status.is_conflicted() {
            return None;
        }
        let path = std::str::from_utf8(entry.path_bytes()).ok()?;
        let moved = entry.head_to_index().filter(|_| staged == Some(GitChange::Renamed));
        let (new, old) = match &moved {
            Some(delta) => (delta.new_file().path()?, delta.old_file().path()),
            None => (Path::new(path), None),
        };
        Some(GitFile {
            path: self.shown(new)?,
            old_path: old.and_then(|old| self.shown(old)),
            staged,
            unstaged,
            conflicted: status.is_conflicted(),
        })
    }

    /// What the branch follows, and how far they are apart.
    fn upstream(&self) -> Option<(Option<String>, u32, u32)> {
        let name = crate::current_branch(&self.root)?;
        let branch = self.repository.find_branch(&name, git2::BranchType::Local).ok()?;
        let upstream = branch.upstream().ok()?;
        let (ours, theirs) = (branch.get().target()?, upstream.get().target()?);
        let (ahead, behind) = self.repository.graph_ahead_behind(ours, theirs).ok()?;
        Some((Some(upstream.name().ok()??.to_owned()), count(ahead), count(behind)))
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn doing(state: RepositoryState) -> Option<String> {
    let name = match state {
        RepositoryState::Clean => return None,
        RepositoryState::Merge => "merge",
        RepositoryState::Revert | RepositoryState::RevertSequence => "revert",
        RepositoryState::CherryPick | RepositoryState::CherryPickSequence => "cherry-pick",
        RepositoryState::Bisect => "bisect",
        _ => "rebase",
    };
    Some(name.to_owned())
}

fn staged(status: Status) -> Option<GitChange> {
    if status.is_index_renamed() {
        return Some(GitChange::Renamed);
    }
    first(
        status,
        [
            (Status::INDEX_NEW, GitChange::Added),
            (Status::INDEX_DELETED, GitChange::Removed),
            (Status::INDEX_TYPECHANGE, GitChange::Kind),
            (Status::INDEX_MODIFIED, GitChange::Modified),
        ],
    )
}

fn unstaged(status: Status) -> Option<GitChange> {
    first(
        status,
        [
            (Status::WT_NEW, GitChange::Untracked),
            (Status::WT_DELETED, GitChange::Removed),
            (Status::WT_TYPECHANGE, GitChange::Kind),
            (Status::WT_MODIFIED, GitChange::Modified),
        ],
    )
}

fn first(status: Status, table: [(Status, GitChange); 4]) -> Option<GitChange> {
    table.into_iter().find(|(flag, _)| status.intersects(*flag)).map(|(_, change)| change)
}

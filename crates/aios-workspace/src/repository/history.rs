//! Commits, and who wrote which line.

use std::collections::HashMap;
use std::path::Path;

use aios_core::WorkspacePath;
use aios_protocol::{Blame, BlameSpan, Commit, CommitDetail, CommitFile, GitChange, GitHistory};
use git2::{BlameOptions, Delta, DiffOptions, Oid, Patch, Sort};

use super::{GitError, Repo, failed, moment};

impl Repo {
    /// Commits, newest first, after the first `skip`.
    pub fn log(
        &self,
        path: Option<&WorkspacePath>,
        from: Option<&str>,
        skip: usize,
        limit: usize,
    ) -> Result<GitHistory, GitError> {
        let io = failed("read the log");
        let begin = match from {
            Some(from) => self.commit(from)?.id(),
            None => match self.repository.head().ok().and_then(|head| head.target()) {
                Some(head) => head,
                None => return Ok(GitHistory { commits: Vec::new(), next: None }),
            },
        };
        let mut walk = self.repository.revwalk().map_err(&io)?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME).map_err(&io)?;
        walk.push(begin).map_err(&io)?;
        let refs = self.refs();
        let inside = path.map(|path| self.inside(path));
        let (mut commits, mut seen, mut more) = (Vec::new(), 0, false);
        for id in walk {
            let commit = self.repository.find_commit(id.map_err(&io)?).map_err(&io)?;
            if let Some(inside) = &inside
                && !self.changes(&commit, inside)
            {
                continue;
            }
            seen += 1;
            if seen <= skip {
                continue;
            }
            if commits.len() == limit {
                more = true;
                break;
            }
            commits.push(shown(&commit, &refs));
        }
        let next = more.then(|| (skip + commits.len()).to_string());
        Ok(GitHistory { commits, next })
    }

    /// Whether a commit changed a file or something in a folder.
    fn changes(&self, commit: &git2::Commit<'_>, path: &Path) -> bool {
        let at = |commit: &git2::Commit<'_>| Some(commit.tree().ok()?.get_path(path).ok()?.id());
        let now = at(commit);
        match commit.parent_count() {
            0 => now.is_some(),
            _ => commit.parents().all(|parent| at(&parent) != now),
        }
    }

    /// A commit and the files that it changed, against its first parent.
    pub fn commit_detail(&self, commit: &str) -> Result<CommitDetail, GitError> {
        let io = failed("read the commit");
        let commit = self.commit(commit)?;
        let parent = commit.parent(0).ok().and_then(|parent| parent.tree().ok());
        let tree = commit.tree().map_err(&io)?;
        let mut options = DiffOptions::new();
        if !self.prefix.as_os_str().is_empty() {
            options.pathspec(&self.prefix).disable_pathspec_match(true);
        }
        let diff = self.repository.diff_tree_to_tree(parent.as_ref(), Some(&tree), Some(&mut options));
        let mut diff = diff.map_err(&io)?;
        diff.find_similar(None).map_err(&io)?;
        let mut files = Vec::new();
        for (number, delta) in diff.deltas().enumerate() {
            let stats =
                Patch::from_diff(&diff, number).ok().flatten().and_then(|patch| patch.line_stats().ok());
            let (_, added, removed) = stats.unwrap_or_default();
            let (change, moved) = match delta.status() {
                Delta::Added => (GitChange::Added, false),
                Delta::Deleted => (GitChange::Removed, false),
                Delta::Renamed => (GitChange::Renamed, true),
                Delta::Typechange => (GitChange::Kind, false),
                _ => (GitChange::Modified, false),
            };
            let path = delta.new_file().path().or_else(|| delta.old_file().path());
            let Some(path) = path.and_then(|path| self.shown(path)) else { continue };
            let old = delta.old_file().path().filter(|_| moved).and_then(|old| self.shown(old));
            let lines = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            files.push(CommitFile {
                path,
                old_path: old,
                change,
                added: lines(added),
                removed: lines(removed),
            });
        }
        Ok(CommitDetail { commit: shown(&commit, &self.refs()), files })
    }

    /// Which commit wrote each line of a text that a file has or had.
    pub fn blame(&self, path: &WorkspacePath, text: &str) -> Result<Blame, GitError> {
        let lines = u32::try_from(text.lines().count()).unwrap_or(u32::MAX);
        let nobody = |first_line, lines| BlameSpan {
            first_line,
            lines,
            commit: None,
            author: None,
            at: None,
            summary: None,
        };
        let committed = self.repository.blame_file(&self.inside(path), Some(&mut BlameOptions::new()));
        let committed = match committed {
            Ok(committed) => committed,
            // A file that no commit has, or a repository without any.
            Err(error)
                if matches!(error.code(), git2::ErrorCode::NotFound | git2::ErrorCode::UnbornBranch) =>
            {
                let spans = if lines == 0 { Vec::new() } else { vec![nobody(1, lines)] };
                return Ok(Blame { spans });
            }
            Err(error) => return Err(failed("blame the file")(error)),
        };
        let blame = committed.blame_buffer(text.as_bytes()).map_err(failed("blame the file"))?;
        let spans = blame.iter().map(|hunk| {
            let first = u32::try_from(hunk.final_start_line()).unwrap_or(u32::MAX);
            let count = u32::try_from(hunk.lines_in_hunk()).unwrap_or(u32::MAX);
            let id = hunk.final_commit_id();
            let commit = if id.is_zero() { None } else { self.repository.find_commit(id).ok() };
            match commit {
                None => nobody(first, count),
                Some(commit) => BlameSpan {
                    commit: Some(id.to_string()),
                    author: Some(String::from_utf8_lossy(commit.author().name_bytes()).into_owned()),
                    at: Some(moment(commit.time())),
                    summary: Some(message(&commit).0),
                    ..nobody(first, count)
                },
            }
        });
        Ok(Blame { spans: spans.collect() })
    }

    /// A commit by its id, branch or tag.
    pub(super) fn commit(&self, name: &str) -> Result<git2::Commit<'_>, GitError> {
        let found = self.repository.revparse_single(name).and_then(|found| found.peel_to_commit());
        found.map_err(failed("find the commit"))
    }

    /// Branches and tags by what they point to.
    fn refs(&self) -> HashMap<Oid, Vec<String>> {
        let mut all: HashMap<Oid, Vec<String>> = HashMap::new();
        for reference in self.repository.references().into_iter().flatten().flatten() {
            let (Ok(name), Ok(commit)) = (reference.shorthand(), reference.peel_to_commit()) else {
                continue;
            };
            all.entry(commit.id()).or_default().push(name.to_owned());
        }
        all
    }
}

fn shown(commit: &git2::Commit<'_>, refs: &HashMap<Oid, Vec<String>>) -> Commit {
    let id = commit.id();
    let (summary, body) = message(commit);
    let author = commit.author();
    Commit {
        id: id.to_string(),
        short_id: id.to_string().chars().take(7).collect(),
        parents: commit.parent_ids().map(|parent| parent.to_string()).collect(),
        author: String::from_utf8_lossy(author.name_bytes()).into_owned(),
        email: String::from_utf8_lossy(author.email_bytes()).into_owned(),
        at: moment(commit.time()),
        summary,
        body,
        refs: refs.get(&id).cloned().unwrap_or_default(),
    }
}

/// The first line of a message, and the rest.
pub(super) fn message(commit: &git2::Commit<'_>) -> (String, String) {
    let message = String::from_utf8_lossy(commit.message_bytes());
    let (summary, body) = message.trim().split_once('\n').unwrap_or((message.trim(), ""));
    (summary.trim().to_owned(), body.trim().to_owned())
}

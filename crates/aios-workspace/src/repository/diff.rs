//! How files changed, in hunks that can be taken one by one.

use std::path::Path;

use aios_core::WorkspacePath;
use aios_protocol::{FileDiff, GitSide, Hunk, HunkAct, HunkLine, LineChange};
use git2::{Delta, Diff, DiffOptions, Patch};

use super::{GitError, GitProgram, Repo, failed};
use crate::disk::content_hash;

/// The largest text that is shown whole.
const MOST_TEXT: usize = 5 * 1024 * 1024;

/// A hunk with all that is needed to apply it.
struct FoundHunk {
    hunk: Hunk,
    /// It alone, as `git apply` reads it.
    patch: String,
}

impl Repo {
    /// How a file changed.
    pub fn diff(
        &self,
        path: &WorkspacePath,
        side: GitSide,
        commit: Option<&str>,
    ) -> Result<FileDiff, GitError> {
        let found = self.file_diff(path, side, commit)?;
        let patch = self.patch(&found)?;
        let inside = self.inside(path);
        let (before, after) = match &found.deltas().next() {
            None => (None, None),
            Some(delta) => {
                let text = |file: git2::DiffFile<'_>| match file.id() {
                    id if id.is_zero() || !self.repository.odb().is_ok_and(|odb| odb.exists(id)) => {
                        file.exists().then(|| std::fs::read(self.root.join(&inside)).ok()).flatten()
                    }
                    id => self.repository.find_blob(id).ok().map(|blob| blob.content().to_vec()),
                };
                (text(delta.old_file()), text(delta.new_file()))
            }
        };
        let is_text = |content: &Option<Vec<u8>>| {
            content.as_ref().is_none_or(|content| content.len() <= MOST_TEXT && !content.contains(&0))
        };
        let binary = !is_text(&before) || !is_text(&after);
        let shown = |content: Option<Vec<u8>>| {
            content.filter(|_| !binary).map(|content| crate::folder::decode(&content, None).text)
        };
        let hunks = match &patch {
            Some(patch) if !binary => hunks(patch, &inside)?.into_iter().map(|found| found.hunk).collect(),
            _ => Vec::new(),
        };
        Ok(FileDiff { path: path.to_string(), before: shown(before), after: shown(after), binary, hunks })
    }

    /// Stages, unstages or discards one hunk. A file that is new or gone is taken whole.
    pub fn hunk(
        &self,
        git: &GitProgram,
        path: &WorkspacePath,
        hunk: &str,
        act: HunkAct,
    ) -> Result<(), GitError> {
        let side = if act == HunkAct::Unstage { GitSide::Staged } else { GitSide::Unstaged };
        let found = self.file_diff(path, side, None)?;
        let stale = || GitError::Stale { path: path.clone() };
        let patch = self.patch(&found)?.ok_or_else(stale)?;
        let wanted = hunks(&patch, &self.inside(path))?.into_iter().find(|found| found.hunk.id == hunk);
        let wanted = wanted.ok_or_else(stale)?;
        let whole = patch.delta().status() != Delta::Modified;
        let paths = std::slice::from_ref(path);
        match act {
            HunkAct::Stage if whole => self.stage(git, paths),
            HunkAct::Unstage if whole => self.unstage(git, paths),
            HunkAct::Discard if whole => self.restore(git, paths),
            HunkAct::Stage => self.apply(git, &["--cached"], &wanted.patch),
            HunkAct::Unstage => self.apply(git, &["--cached", "--reverse"], &wanted.patch),
            HunkAct::Discard => self.apply(git, &["--reverse"], &wanted.patch),
        }
    }

    fn apply(&self, git: &GitProgram, how: &[&str], patch: &str) -> Result<(), GitError> {
        let arguments = [&["apply", "--whitespace=nowarn"], how, &["-"]].concat();
        git.run(&self.root, &arguments, Some(patch)).map(|_| ())
    }

    fn file_diff(
        &self,
        path: &WorkspacePath,
        side: GitSide,
        commit: Option<&str>,
    ) -> Result<Diff<'_>, GitError> {
        let io = failed("compare the file");
        let mut options = DiffOptions::new();
        options
            .pathspec(self.inside(path))
            .disable_pathspec_match(true)
            .include_untracked(true)
            .recurse_untracked_dirs(true)
            .show_untracked_content(true)
            .include_typechange(true);
        let repository = &self.repository;
        // Before the first commit, everything is new.
        let head = repository.head().ok().and_then(|head| head.peel_to_tree().ok());
        match side {
            GitSide::Unstaged => repository.diff_index_to_workdir(None, Some(&mut options)),
            GitSide::Staged => repository.diff_tree_to_index(head.as_ref(), None, Some(&mut options)),
            GitSide::Head => repository.diff_tree_to_workdir_with_index(head.as_ref(), Some(&mut options)),
            GitSide::Commit => {
                let commit = self.commit(commit.unwrap_or("HEAD"))?;
                let parent = commit.parent(0).ok().and_then(|parent| parent.tree().ok());
                let tree = commit.tree().map_err(&io)?;
                repository.diff_tree_to_tree(parent.as_ref(), Some(&tree), Some(&mut options))
            }
        }
        .map_err(&io)
    }

    fn patch<'diff>(&self, diff: &'diff Diff<'_>) -> Result<Option<Patch<'diff>>, GitError> {
        if diff.deltas().len() == 0 {
            return Ok(None);
        }
        Patch::from_diff(diff, 0).map_err(failed("compare the file"))
    }
}

fn hunks(patch: &Patch<'_>, path: &Path) -> Result<Vec<FoundHunk>, GitError> {
    let io = failed("compare the file");
    let path = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let mut all: Vec<FoundHunk> = Vec::new();
    for number in 0..patch.num_hunks() {
        let (head, count) = patch.hunk(number).map_err(&io)?;
        let mut lines = Vec::with_capacity(count);
        let mut text = format!(
            "diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -{},{} +{},{} @@\n",
            head.old_start(),
            head.old_lines(),
            head.new_start(),
            head.new_lines()
        );
        for at in 0..count {
            let line = patch.line_in_hunk(number, at).map_err(&io)?;
            let content = String::from_utf8_lossy(line.content());
            let change = match line.origin() {
                '+' => LineChange::Added,
                '-' => LineChange::Removed,
                ' ' => LineChange::Same,
                // The end of the file has no line break; the content says so, in git's words.
                _ => {
                    text.push_str(content.trim_start_matches('\n'));
                    continue;
                }
            };
            text.push(line.origin());
            text.push_str(&content);
            if !content.ends_with('\n') {
                text.push('\n');
            }
            let shown = content.trim_end_matches('\n').trim_end_matches('\r').to_owned();
            lines.push(HunkLine { change, text: shown });
        }
        let body = text.split_once(" @@\n").map_or("", |(_, body)| body);
        let id: String = content_hash(body.as_bytes()).0.chars().take(16).collect();
        // The same change at two places is two hunks.
        let twins = all.iter().filter(|known| known.hunk.id.starts_with(&id)).count();
        let id = if twins == 0 { id } else { format!("{id}.{twins}") };
        let hunk = Hunk {
            id,
            old_start: head.old_start(),
            old_lines: head.old_lines(),
            new_start: head.new_start(),
            new_lines: head.new_lines(),
            lines,
        };
        all.push(FoundHunk { hunk, patch: text });
    }
    Ok(all)
}

//! Branches, stashes, and the sides of conflicts.

use aios_core::WorkspacePath;
use aios_protocol::{Branch, Branches, Conflict, Stash, Stashes};
use git2::BranchType;

use super::history::message;
use super::{GitError, GitProgram, Repo, failed, moment};

impl Repo {
    /// All branches, local ones first, the latest first.
    pub fn branches(&self) -> Result<Branches, GitError> {
        let io = failed("list the branches");
        let mut branches = Vec::new();
        for branch in self.repository.branches(None).map_err(&io)? {
            let (branch, kind) = branch.map_err(&io)?;
            let (Ok(Some(name)), Ok(commit)) = (branch.name(), branch.get().peel_to_commit()) else {
                continue;
            };
            // `origin/HEAD` is another name of a branch that is listed anyway.
            if branch.get().symbolic_target().is_ok_and(|target| target.is_some()) {
                continue;
            }
            let upstream = branch.upstream().ok();
            branches.push(Branch {
                name: name.to_owned(),
                remote: kind == BranchType::Remote,
                current: branch.is_head(),
                upstream: upstream.and_then(|upstream| Some(upstream.name().ok()??.to_owned())),
                commit: commit.id().to_string(),
                at: moment(commit.time()),
                summary: message(&commit).0,
            });
        }
        branches.sort_by(|a, b| (a.remote, b.at, &a.name).cmp(&(b.remote, a.at, &b.name)));
        Ok(Branches { branches })
    }

    /// Makes a branch.
    pub fn create_branch(
        &self,
        git: &GitProgram,
        name: &str,
        from: Option<&str>,
        checkout: bool,
    ) -> Result<(), GitError> {
        let name = self.good(name)?;
        let from = from.map(|from| self.good(from)).transpose()?;
        let how: &[&str] = if checkout { &["checkout", "-b"] } else { &["branch"] };
        let arguments: Vec<&str> = how.iter().copied().chain([name]).chain(from).collect();
        git.run(&self.root, &arguments, None).map(|_| ())
    }

    /// Checks a branch or commit out; a remote branch gets a local one that follows it.
    pub fn checkout(&self, git: &GitProgram, name: &str) -> Result<(), GitError> {
        let name = self.good(name)?;
        let is = |kind| self.repository.find_branch(name, kind).is_ok();
        let arguments: &[&str] = if is(BranchType::Local) {
            &["checkout", name, "--"]
        } else if is(BranchType::Remote) {
            &["checkout", "--track", name]
        } else {
            &["checkout", "--detach", name, "--"]
        };
        git.run(&self.root, arguments, None).map(|_| ())
    }

    /// Deletes a local branch.
    pub fn delete_branch(&self, git: &GitProgram, name: &str, force: bool) -> Result<(), GitError> {
        let how = if force { "-D" } else { "-d" };
        git.run(&self.root, &["branch", how, "--", name], None).map(|_| ())
    }

    /// A name that git takes for nothing else.
    fn good<'name>(&self, name: &'name str) -> Result<&'name str, GitError> {
        let is_good = !name.is_empty() && !name.starts_with('-') && !name.chars().any(char::is_whitespace);
        if is_good { Ok(name) } else { Err(GitError::BadName(name.chars().take(80).collect())) }
    }

    /// The stashes, the latest first.
    pub fn stashes(&mut self) -> Result<Stashes, GitError> {
        let mut stashes = Vec::new();
        let each = |index: usize, message: &str, id: &git2::Oid| {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            stashes.push(Stash { index, commit: id.to_string(), message: message.to_owned() });
            true
        };
        self.repository.stash_foreach(each).map_err(failed("list the stashes"))?;
        Ok(Stashes { stashes })
    }

    /// Puts all changes aside.
    pub fn stash(&self, git: &GitProgram, message: Option<&str>, untracked: bool) -> Result<(), GitError> {
        let mut arguments = vec!["stash", "push"];
        if untracked {
            arguments.push("--include-untracked");
        }
        let message = message.map(|message| format!("--message={message}"));
        arguments.extend(message.as_deref());
        git.run(&self.root, &arguments, None).map(|_| ())
    }

    /// Does `pop`, `apply` or `drop` with a stash.
    pub fn unstash(&self, git: &GitProgram, how: &str, index: u32) -> Result<(), GitError> {
        git.run(&self.root, &["stash", how, &format!("stash@{{{index}}}")], None).map(|_| ())
    }

    /// The sides of a file that a merge could not join.
    pub fn conflict(&self, path: &WorkspacePath) -> Result<Conflict, GitError> {
        let io = failed("read the conflict");
        let inside = self.inside(path);
        let index = self.repository.index().map_err(&io)?;
        let text = |entry: Option<git2::IndexEntry>| {
            let blob = self.repository.find_blob(entry?.id).ok()?;
            let text = crate::folder::decode(blob.content(), None).text;
            Some(text).filter(|_| !blob.is_binary())
        };
        let mut conflicts = index.conflicts().map_err(&io)?.flatten();
        let is_it = |entry: &Option<git2::IndexEntry>| {
            entry.as_ref().is_some_and(|entry| entry.path == inside.as_os_str().as_encoded_bytes())
        };
        let found = conflicts
            .find(|conflict| is_it(&conflict.our) || is_it(&conflict.their) || is_it(&conflict.ancestor));
        let found = found.ok_or_else(|| GitError::Stale { path: path.clone() })?;
        Ok(Conflict { base: text(found.ancestor), ours: text(found.our), theirs: text(found.their) })
    }
}

//! The repository of a folder, as a person works with it.

use serde::{Deserialize, Serialize};

use crate::{FolderId, Timestamp};

/// Makes the folder a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitInit {
    /// The open folder.
    pub folder: FolderId,
}

/// Tells what changed since the last commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitStatus {
    /// The open folder.
    pub folder: FolderId,
}

/// What changed since the last commit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitState {
    /// Whether the folder is in a repository; all else is empty without one.
    pub repository: bool,
    /// The branch; null when detached.
    pub branch: Option<String>,
    /// The commit that is checked out; null before the first.
    pub commit: Option<String>,
    /// The remote branch that the branch follows.
    pub upstream: Option<String>,
    /// Commits that the upstream has not.
    pub ahead: u32,
    /// Commits that only the upstream has.
    pub behind: u32,
    /// What is under way: `merge`, `rebase`, `cherry-pick`, `revert` or `bisect`.
    pub doing: Option<String>,
    /// The files that changed, by path.
    pub files: Vec<GitFile>,
    /// Whether there are more than are listed.
    pub truncated: bool,
}

/// A file that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitFile {
    /// Its path in the folder.
    pub path: String,
    /// Where it was before, if it was moved.
    pub old_path: Option<String>,
    /// What the next commit changes; null where it changes nothing.
    pub staged: Option<GitChange>,
    /// What is changed and not staged; null where nothing is.
    pub unstaged: Option<GitChange>,
    /// Whether a merge left both sides in it.
    pub conflicted: bool,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum GitChange {
    /// It is new.
    Added,
    /// Its content changed.
    Modified,
    /// It is gone.
    Removed,
    /// It was moved.
    Renamed,
    /// Git does not know it.
    Untracked,
    /// It became a link, or was one.
    Kind,
}

/// Which two contents of a file are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum GitSide {
    /// What is staged, and the file on disk.
    Unstaged,
    /// The last commit, and what is staged.
    Staged,
    /// The last commit, and the file on disk.
    Head,
    /// A commit's parent, and the commit.
    Commit,
}

/// Shows how a file changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct GitDiff {
    /// The open folder.
    pub folder: FolderId,
    /// The file.
    pub path: String,
    /// Which contents to compare.
    pub side: GitSide,
    /// Which commit, for the side `commit`.
    #[serde(default)]
    pub commit: Option<String>,
}

/// How a file changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FileDiff {
    /// The file.
    pub path: String,
    /// Its text before; null where it was not there, or is no text.
    pub before: Option<String>,
    /// Its text after; null where it is not there, or is no text.
    pub after: Option<String>,
    /// Whether one of the contents is no text.
    pub binary: bool,
    /// The places that differ.
    pub hunks: Vec<Hunk>,
}

/// A place where two texts differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Hunk {
    /// Names the hunk as long as it is the same.
    pub id: String,
    /// Its first line before, counted from 1.
    pub old_start: u32,
    /// Its lines before.
    pub old_lines: u32,
    /// Its first line after, counted from 1.
    pub new_start: u32,
    /// Its lines after.
    pub new_lines: u32,
    /// Its lines, with some around them.
    pub lines: Vec<HunkLine>,
}

/// A line of a hunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct HunkLine {
    /// Whether it is new, gone or the same.
    pub change: LineChange,
    /// The line without its end.
    pub text: String,
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LineChange {
    /// It is in both.
    Same,
    /// It is only in the later one.
    Added,
    /// It is only in the earlier one.
    Removed,
}

/// Takes files into the next commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitStage {
    /// The open folder.
    pub folder: FolderId,
    /// The files or folders; everything when empty.
    pub paths: Vec<String>,
}

/// Takes files out of the next commit; they stay as they are on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitUnstage {
    /// The open folder.
    pub folder: FolderId,
    /// The files or folders; everything when empty.
    pub paths: Vec<String>,
}

/// Takes files back to what is staged, and untracked ones to the trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitDiscard {
    /// The open folder.
    pub folder: FolderId,
    /// The files or folders.
    pub paths: Vec<String>,
}

/// Stages, unstages or discards one hunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitHunk {
    /// The open folder.
    pub folder: FolderId,
    /// The file.
    pub path: String,
    /// The hunk's id in the diff: `staged` to unstage, `unstaged` otherwise.
    pub hunk: String,
    /// What to do with it.
    pub act: HunkAct,
}

/// What to do with a hunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum HunkAct {
    /// Take it into the next commit.
    Stage,
    /// Take it out of the next commit.
    Unstage,
    /// Undo it on disk.
    Discard,
}

/// Commits what is staged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct GitCommit {
    /// The open folder.
    pub folder: FolderId,
    /// The message.
    pub message: String,
    /// Replaces the last commit.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<_>"))]
    pub amend: bool,
}

/// A commit was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitCommitted {
    /// Its id.
    pub id: String,
    /// The first line of its message.
    pub summary: String,
}

/// Lists commits, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct GitLog {
    /// The open folder.
    pub folder: FolderId,
    /// Only those that change this file or folder.
    #[serde(default)]
    pub path: Option<String>,
    /// A branch or commit to begin at; the one that is checked out when missing.
    #[serde(default)]
    pub from: Option<String>,
    /// The `next` of the page before.
    #[serde(default)]
    pub cursor: Option<String>,
    /// How many at most; 50 when missing.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// Commits, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitHistory {
    /// The commits.
    pub commits: Vec<Commit>,
    /// Where the next page begins; null on the last.
    pub next: Option<String>,
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Commit {
    /// Its id.
    pub id: String,
    /// As much of its id as tells it apart.
    pub short_id: String,
    /// The ids of its parents.
    pub parents: Vec<String>,
    /// Who wrote it.
    pub author: String,
    /// Their address.
    pub email: String,
    /// When.
    pub at: Timestamp,
    /// The first line of its message.
    pub summary: String,
    /// The rest of its message.
    pub body: String,
    /// Branches and tags that point to it.
    pub refs: Vec<String>,
}

/// Shows a commit and the files that it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitCommitShow {
    /// The open folder.
    pub folder: FolderId,
    /// Its id.
    pub commit: String,
}

/// A commit and its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CommitDetail {
    /// The commit.
    pub commit: Commit,
    /// What it changed, against its first parent.
    pub files: Vec<CommitFile>,
}

/// A file that a commit changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CommitFile {
    /// The file.
    pub path: String,
    /// Where it was before, if it was moved.
    pub old_path: Option<String>,
    /// What became of it.
    pub change: GitChange,
    /// Lines added.
    pub added: u32,
    /// Lines removed.
    pub removed: u32,
}

/// Tells which commit wrote each line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct GitBlame {
    /// The open folder.
    pub folder: FolderId,
    /// The file.
    pub path: String,
    /// The text as it is in the editor; the file on disk when missing.
    #[serde(default)]
    pub text: Option<String>,
}

/// Which commit wrote which lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Blame {
    /// The lines in order, without gaps.
    pub spans: Vec<BlameSpan>,
}

/// Lines of one commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct BlameSpan {
    /// The first, counted from 1.
    pub first_line: u32,
    /// How many.
    pub lines: u32,
    /// The commit's id; null for lines that are not committed.
    pub commit: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// The first line of its message.
    pub summary: Option<String>,
}

/// Lists branches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitBranches {
    /// The open folder.
    pub folder: FolderId,
}

/// The branches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Branches {
    /// Local ones first, the latest first.
    pub branches: Vec<Branch>,
}

/// A branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Branch {
    /// Its name, remote ones with their remote.
    pub name: String,
    /// Whether it belongs to a remote.
    pub remote: bool,
    /// Whether it is checked out.
    pub current: bool,
    /// The remote branch that it follows.
    pub upstream: Option<String>,
    /// Its last commit.
    pub commit: String,
    /// When that was made.
    pub at: Timestamp,
    /// The first line of its message.
    pub summary: String,
}

/// Makes a branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct GitBranchCreate {
    /// The open folder.
    pub folder: FolderId,
    /// Its name.
    pub name: String,
    /// A branch or commit to begin at; the one that is checked out when missing.
    #[serde(default)]
    pub from: Option<String>,
    /// Whether to check it out.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<_>"))]
    pub checkout: bool,
}

/// Checks a branch or commit out. Refused where it would overwrite changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitBranchCheckout {
    /// The open folder.
    pub folder: FolderId,
    /// The branch; a remote one gets a local one that follows it.
    pub name: String,
}

/// Deletes a local branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct GitBranchDelete {
    /// The open folder.
    pub folder: FolderId,
    /// Its name.
    pub name: String,
    /// Also if its commits are nowhere else.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<_>"))]
    pub force: bool,
}

/// Lists stashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitStashes {
    /// The open folder.
    pub folder: FolderId,
}

/// The stashes, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Stashes {
    /// The stashes.
    pub stashes: Vec<Stash>,
}

/// Changes that were put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Stash {
    /// Its number, from 0.
    pub index: u32,
    /// The commit that holds it.
    pub commit: String,
    /// What it is.
    pub message: String,
}

/// Puts all changes aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct GitStashPush {
    /// The open folder.
    pub folder: FolderId,
    /// What they are.
    #[serde(default)]
    pub message: Option<String>,
    /// Untracked files too.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<_>"))]
    pub untracked: bool,
}

/// Brings a stash back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct GitStashPop {
    /// The open folder.
    pub folder: FolderId,
    /// Its number.
    pub index: u32,
    /// Keeps it in the list.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<_>"))]
    pub keep: bool,
}

/// Deletes a stash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitStashDrop {
    /// The open folder.
    pub folder: FolderId,
    /// Its number.
    pub index: u32,
}

/// Shows the sides of a file that a merge could not join. Staging the file says that it is resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GitConflictShow {
    /// The open folder.
    pub folder: FolderId,
    /// The file.
    pub path: String,
}

/// The sides of a conflict; a side is null where it has no such file, or no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Conflict {
    /// What both sides came from.
    pub base: Option<String>,
    /// Our side.
    pub ours: Option<String>,
    /// Their side.
    pub theirs: Option<String>,
}

/// Talks to a remote, by the user's own git.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct GitSync {
    /// The open folder.
    pub folder: FolderId,
    /// What to do.
    pub act: SyncAct,
    /// Which remote; the branch's own when missing.
    #[serde(default)]
    pub remote: Option<String>,
}

/// What to do with a remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SyncAct {
    /// Get its commits.
    Fetch,
    /// Get its commits and join them, only by going forward.
    Pull,
    /// Send the branch there, and follow it from now on.
    Push,
}

/// What git says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SyncProgress {
    /// A line of its output.
    Line {
        /// The line.
        text: String,
    },
    /// It ended well.
    Done {},
}

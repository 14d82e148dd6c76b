//! The version-control port on libgit2.
//!
//! libgit2 runs no hooks, no file-system monitor, no external diff and no filter programs, so a hostile repository cannot
//! start anything here. Only a repository that lies in the workspace itself is opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aios_core::{CommitLine, Vcs, VcsError, VcsStatus};
use async_trait::async_trait;
use git2::{
    IndexAddOption, Repository, RepositoryInitOptions, RepositoryOpenFlags, Signature, Status, StatusOptions,
};

use crate::DiskWorkspace;
use crate::disk::{Hidden, is_generated};

/// Who commits when the user has told git no name.
const DEFAULT_IDENTITY: (&str, &str) = ("CesaFlow", "agent@cesaflow.local");

/// How many commits a status shows.
const COMMITS_SHOWN: usize = 5;

/// Git for one workspace.
pub struct Git {
    root: PathBuf,
    hidden: Arc<Hidden>,
}

impl Git {
    /// Git for the repository at the workspace's root, which need not exist yet.
    pub fn new(workspace: &DiskWorkspace) -> Self {
        Self { root: workspace.path().to_owned(), hidden: workspace.hidden().clone() }
    }
}

#[async_trait]
impl Vcs for Git {
    async fn init(&self, message: &str) -> Result<String, VcsError> {
        let (root, hidden, message) = (self.root.clone(), self.hidden.clone(), message.to_owned());
        blocking("commit", move || commit_all(&root, &hidden, &message)).await
    }

    async fn status(&self) -> Result<VcsStatus, VcsError> {
        let (root, hidden) = (self.root.clone(), self.hidden.clone());
        blocking("read the status", move || status(&root, &hidden)).await
    }
}

/// The branch that is checked out in a folder, or in the repository above it. Blocks.
pub fn current_branch(folder: &Path) -> Option<String> {
    let repository = Repository::discover(folder).ok()?;
    if repository.head_detached().unwrap_or(true) {
        return None;
    }
    // Also a branch without a commit yet.
    let head = repository.find_reference("HEAD").ok()?;
    Some(head.symbolic_target().ok()??.strip_prefix("refs/heads/")?.to_owned())
}

async fn blocking<T: Send + 'static>(
    attempted: &'static str,
    work: impl FnOnce() -> Result<T, VcsError> + Send + 'static,
) -> Result<T, VcsError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(panicked) => Err(VcsError::Git { attempted, source: panicked.into() }),
    }
}

fn failed(attempted: &'static str) -> impl Fn(git2::Error) -> VcsError {
    move |error| VcsError::Git { attempted, source: error.into() }
}

/// A `.git` that points elsewhere, as a command could have written it, would show or change someone else's repository.
#[derive(Debug, thiserror::Error)]
#[error("its data lie in {}, outside the workspace", .0.display())]
struct Elsewhere(PathBuf);

/// Opens the repository at the root; nothing when there is none.
fn open(root: &Path) -> Result<Option<Repository>, VcsError> {
    let attempted = "open the repository";
    let nowhere_else: [&Path; 0] = [];
    let repository = match Repository::open_ext(root, RepositoryOpenFlags::NO_SEARCH, nowhere_else) {
        Err(error) if error.code() == git2::ErrorCode::NotFound => return Ok(None),
        opened => opened.map_err(failed(attempted))?,
    };
    for folder in [Some(repository.path()), Some(repository.commondir()), repository.workdir()] {
        let folder = folder.unwrap_or(Path::new("/"));
        if !folder.canonicalize().is_ok_and(|folder| folder.starts_with(root)) {
            return Err(VcsError::Git { attempted, source: Elsewhere(folder.to_owned()).into() });
        }
    }
    Ok(Some(repository))
}

fn commit_all(root: &Path, hidden: &Hidden, message: &str) -> Result<String, VcsError> {
    let repository = match open(root)? {
        Some(repository) => repository,
        // Templates are the user's and may carry hooks; a new repository starts without any.
        None => Repository::init_opts(
            root,
            RepositoryInitOptions::new().initial_head("main").external_template(false).no_reinit(true),
        )
        .map_err(failed("make the repository"))?,
    };
    let io = failed("commit");
    let mut index = repository.index().map_err(&io)?;
    let mut skip = |path: &Path, _: &[u8]| i32::from(is_private(hidden, path));
    index.add_all(["*"], IndexAddOption::DEFAULT, Some(&mut skip)).map_err(&io)?;
    index.update_all(["*"], None).map_err(&io)?;
    index.write().map_err(&io)?;
    let tree = repository.find_tree(index.write_tree().map_err(&io)?).map_err(&io)?;
    let parent = match repository.head() {
        Ok(head) => Some(head.peel_to_commit().map_err(&io)?),
        Err(error) if error.code() == git2::ErrorCode::UnbornBranch => None,
        Err(error) => return Err(io(error)),
    };
    let commit = match parent {
        Some(parent) if parent.tree_id() == tree.id() => parent.id(),
        parent => {
            let author = match repository.signature() {
                Ok(author) => author,
                Err(_) => Signature::now(DEFAULT_IDENTITY.0, DEFAULT_IDENTITY.1).map_err(&io)?,
            };
            let parents: Vec<_> = parent.iter().collect();
            repository.commit(Some("HEAD"), &author, &author, message, &tree, &parents).map_err(&io)?
        }
    };
    short_id(&repository, commit)
}

fn status(root: &Path, hidden: &Hidden) -> Result<VcsStatus, VcsError> {
    let repository = open(root)?.ok_or(VcsError::NoRepository)?;
    let io = failed("read the status");
    let mut options = StatusOptions::new();
    options.include_untracked(true).exclude_submodules(true).renames_head_to_index(true);
    let changes = repository
        .statuses(Some(&mut options))
        .map_err(&io)?
        .iter()
        .filter_map(|entry| {
            Some((letters(entry.status())?, String::from_utf8_lossy(entry.path_bytes()).into_owned()))
        })
        .filter(|(_, path)| !is_private(hidden, Path::new(path)))
        .map(|(letters, path)| format!("{letters} {path}"))
        .collect();
    let Ok(head) = repository.head() else {
        return Ok(VcsStatus { branch: None, changes, commits: Vec::new() });
    };
    let branch = if head.is_branch() { head.shorthand().ok().map(str::to_owned) } else { None };
    let mut walk = repository.revwalk().map_err(&io)?;
    walk.push_head().map_err(&io)?;
    let commits = walk
        .take(COMMITS_SHOWN)
        .map(|id| {
            let commit = repository.find_commit(id.map_err(&io)?).map_err(&io)?;
            let subject = commit.summary().ok().flatten().unwrap_or_default().to_owned();
            Ok(CommitLine { id: short_id(&repository, commit.id())?, subject })
        })
        .collect::<Result<_, VcsError>>()?;
    Ok(VcsStatus { branch, changes, commits })
}

/// Whether a path stays out of commits and of what agents are told.
fn is_private(hidden: &Hidden, path: &Path) -> bool {
    hidden.hides(path, false) || path.iter().any(|part| part.to_str().is_some_and(is_generated))
}

fn short_id(repository: &Repository, id: git2::Oid) -> Result<String, VcsError> {
    let io = failed("read the commit");
    let short = repository.find_object(id, None).and_then(|object| object.short_id()).map_err(&io)?;
    Ok(String::from_utf8_lossy(&short).into_owned())
}

/// The two letters of `git status --short`; nothing for a file without changes.
fn letters(status: Status) -> Option<String> {
    if status.is_conflicted() {
        return Some("UU".into());
    }
    if status.is_wt_new() && !status.is_index_new() {
        return Some("??".into());
    }
    let pick = |table: [(Status, char); 5]| {
        table.iter().find(|(flag, _)| status.intersects(*flag)).map_or(' ', |(_, letter)| *letter)
    };
    let staged = pick([
        (Status::INDEX_NEW, 'A'),
        (Status::INDEX_DELETED, 'D'),
        (Status::INDEX_RENAMED, 'R'),
        (Status::INDEX_TYPECHANGE, 'T'),
        (Status::INDEX_MODIFIED, 'M'),
    ]);
    let unstaged = pick([
        (Status::WT_DELETED, 'D'),
        (Status::WT_RENAMED, 'R'),
        (Status::WT_TYPECHANGE, 'T'),
        (Status::WT_MODIFIED, 'M'),
        (Status::WT_NEW, '?'),
    ]);
    (staged != ' ' || unstaged != ' ').then(|| format!("{staged}{unstaged}"))
}

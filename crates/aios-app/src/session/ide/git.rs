//! The repository of a folder. Looking is always allowed; what starts the user's git needs a folder that they trust.

use std::sync::Arc;

use aios_core::WorkspacePath;
use aios_protocol::*;
use aios_workspace::{GitError, GitProgram, Repo};
use async_stream::stream;
use futures::StreamExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{folder, in_folder, path};
use crate::App;
use crate::folders::OpenFolder;
use crate::session::Session;

/// Commits on a page, unless more are asked for.
const COMMITS: u32 = 50;
const MOST_COMMITS: u32 = 1_000;
/// Lines that wait to be taken.
const WAITING: usize = 64;

/// Looks at the repository of a folder.
async fn look<T: Send + 'static>(
    session: &Session,
    folder: FolderId,
    work: impl FnOnce(&mut Repo, &OpenFolder) -> Result<T, GitError> + Send + 'static,
) -> Result<T, Problem> {
    in_folder(session, folder, move |folder| {
        let mut repo = Repo::of(folder.files.path()).map_err(|error| problem(&error))?;
        work(&mut repo, folder).map_err(|error| problem(&error))
    })
    .await
}

/// Changes the repository of a trusted folder with the user's git.
async fn change<T: Send + 'static>(
    session: &Session,
    folder: FolderId,
    work: impl FnOnce(&Repo, &GitProgram, &OpenFolder) -> Result<T, GitError> + Send + 'static,
) -> Result<T, Problem> {
    let app = session.app.clone();
    in_folder(session, folder, move |folder| {
        folder.must_be_trusted("changing the repository")?;
        let git = program(&app)?;
        let repo = Repo::of(folder.files.path()).map_err(|error| problem(&error))?;
        work(&repo, &git, folder).map_err(|error| problem(&error))
    })
    .await
}

fn program(app: &App) -> Result<GitProgram, Problem> {
    GitProgram::new(app.toolbox.toolchains().find("git")).map_err(|error| problem(&error))
}

fn paths(texts: &[String]) -> Result<Vec<WorkspacePath>, Problem> {
    texts.iter().map(|text| path(text)).collect()
}

fn done<T>(_: T) -> Done {
    Done {}
}

pub(crate) async fn init(session: &Session, request: GitInit) -> Result<Done, Problem> {
    let app = session.app.clone();
    in_folder(session, request.folder, move |folder: &Arc<OpenFolder>| {
        folder.must_be_trusted("making a repository")?;
        program(&app)?.init(folder.files.path()).map_err(|error| problem(&error)).map(done)
    })
    .await
}

pub(crate) async fn status(session: &Session, request: GitStatus) -> Result<GitState, Problem> {
    in_folder(session, request.folder, |folder| match Repo::of(folder.files.path()) {
        Ok(repo) => repo.status().map_err(|error| problem(&error)),
        Err(GitError::NoRepository) => Ok(GitState::default()),
        Err(error) => Err(problem(&error)),
    })
    .await
}

pub(crate) async fn diff(session: &Session, request: GitDiff) -> Result<FileDiff, Problem> {
    let file = path(&request.path)?;
    let work =
        move |repo: &mut Repo, _: &OpenFolder| repo.diff(&file, request.side, request.commit.as_deref());
    look(session, request.folder, work).await
}

pub(crate) async fn stage(session: &Session, request: GitStage) -> Result<Done, Problem> {
    let paths = paths(&request.paths)?;
    change(session, request.folder, move |repo, git, _| repo.stage(git, &paths).map(done)).await
}

pub(crate) async fn unstage(session: &Session, request: GitUnstage) -> Result<Done, Problem> {
    let paths = paths(&request.paths)?;
    change(session, request.folder, move |repo, git, _| repo.unstage(git, &paths).map(done)).await
}

pub(crate) async fn discard(session: &Session, request: GitDiscard) -> Result<Done, Problem> {
    let paths = paths(&request.paths)?;
    let work = move |repo: &Repo, git: &GitProgram, folder: &OpenFolder| {
        repo.discard(git, &folder.files, &paths).map(done)
    };
    change(session, request.folder, work).await
}

pub(crate) async fn hunk(session: &Session, request: GitHunk) -> Result<Done, Problem> {
    let file = path(&request.path)?;
    let work = move |repo: &Repo, git: &GitProgram, _: &OpenFolder| {
        repo.hunk(git, &file, &request.hunk, request.act).map(done)
    };
    change(session, request.folder, work).await
}

pub(crate) async fn commit(session: &Session, request: GitCommit) -> Result<GitCommitted, Problem> {
    if request.message.trim().is_empty() {
        return Err(Problem::new(ErrorCode::InvalidRequest, "the message of the commit is empty"));
    }
    let work = move |repo: &Repo, git: &GitProgram, _: &OpenFolder| {
        repo.commit_staged(git, &request.message, request.amend)
    };
    change(session, request.folder, work).await
}

pub(crate) async fn log(session: &Session, request: GitLog) -> Result<GitHistory, Problem> {
    let of = request.path.as_deref().map(path).transpose()?;
    let skip = request
        .cursor
        .as_deref()
        .unwrap_or("0")
        .parse()
        .map_err(|_| Problem::new(ErrorCode::InvalidRequest, "the cursor is not the `next` of a page"))?;
    let limit = request.limit.unwrap_or(COMMITS).min(MOST_COMMITS) as usize;
    let work =
        move |repo: &mut Repo, _: &OpenFolder| repo.log(of.as_ref(), request.from.as_deref(), skip, limit);
    look(session, request.folder, work).await
}

pub(crate) async fn commit_show(session: &Session, request: GitCommitShow) -> Result<CommitDetail, Problem> {
    look(session, request.folder, move |repo, _| repo.commit_detail(&request.commit)).await
}

pub(crate) async fn blame(session: &Session, request: GitBlame) -> Result<Blame, Problem> {
    let file = path(&request.path)?;
    in_folder(session, request.folder, move |folder| {
        let text = match request.text {
            Some(text) => text,
            None => {
                let opened = folder.files.open_file(&file, None);
                opened.map_err(|error| crate::problem::folder(&error))?.text.unwrap_or_default()
            }
        };
        let repo = Repo::of(folder.files.path()).map_err(|error| problem(&error))?;
        repo.blame(&file, &text).map_err(|error| problem(&error))
    })
    .await
}

pub(crate) async fn branches(session: &Session, request: GitBranches) -> Result<Branches, Problem> {
    look(session, request.folder, |repo, _| repo.branches()).await
}

pub(crate) async fn branch_create(session: &Session, request: GitBranchCreate) -> Result<Done, Problem> {
    let work = move |repo: &Repo, git: &GitProgram, _: &OpenFolder| {
        repo.create_branch(git, &request.name, request.from.as_deref(), request.checkout).map(done)
    };
    change(session, request.folder, work).await
}

pub(crate) async fn branch_checkout(session: &Session, request: GitBranchCheckout) -> Result<Done, Problem> {
    change(session, request.folder, move |repo, git, _| repo.checkout(git, &request.name).map(done)).await
}

pub(crate) async fn branch_delete(session: &Session, request: GitBranchDelete) -> Result<Done, Problem> {
    let work = move |repo: &Repo, git: &GitProgram, _: &OpenFolder| {
        repo.delete_branch(git, &request.name, request.force).map(done)
    };
    change(session, request.folder, work).await
}

pub(crate) async fn stashes(session: &Session, request: GitStashes) -> Result<Stashes, Problem> {
    look(session, request.folder, |repo, _| repo.stashes()).await
}

pub(crate) async fn stash_push(session: &Session, request: GitStashPush) -> Result<Done, Problem> {
    let work = move |repo: &Repo, git: &GitProgram, _: &OpenFolder| {
        repo.stash(git, request.message.as_deref(), request.untracked).map(done)
    };
    change(session, request.folder, work).await
}

pub(crate) async fn stash_pop(session: &Session, request: GitStashPop) -> Result<Done, Problem> {
    let how = if request.keep { "apply" } else { "pop" };
    change(session, request.folder, move |repo, git, _| repo.unstash(git, how, request.index).map(done)).await
}

pub(crate) async fn stash_drop(session: &Session, request: GitStashDrop) -> Result<Done, Problem> {
    change(session, request.folder, move |repo, git, _| repo.unstash(git, "drop", request.index).map(done))
        .await
}

pub(crate) async fn conflict(session: &Session, request: GitConflictShow) -> Result<Conflict, Problem> {
    let file = path(&request.path)?;
    look(session, request.folder, move |repo, _| repo.conflict(&file)).await
}

pub(crate) fn sync(session: &Session, request: GitSync, stop: CancellationToken) -> Items<SyncProgress> {
    let session = session.clone();
    stream! {
        let ready = async {
            let folder = folder(&session, request.folder).await?;
            folder.must_be_trusted("talking to a remote")?;
            Ok((folder, program(&session.app)?))
        };
        let (folder, git) = match ready.await {
            Ok(ready) => ready,
            Err(problem) => {
                yield Err(problem);
                return;
            }
        };
        let (tell, mut lines) = mpsc::channel(WAITING);
        let mut work = Box::pin(async move {
            git.sync(folder.files.path(), request.act, request.remote.as_deref(), &tell, &stop).await
        });
        let ended = loop {
            tokio::select! {
                biased;
                Some(text) = lines.recv() => yield Ok(SyncProgress::Line { text }),
                ended = &mut work => break ended,
            }
        };
        while let Ok(text) = lines.try_recv() {
            yield Ok(SyncProgress::Line { text });
        }
        yield ended.map(|()| SyncProgress::Done {}).map_err(|error| problem(&error));
    }
    .boxed()
}

fn problem(error: &GitError) -> Problem {
    let message = error.to_string();
    match error {
        GitError::NoRepository => {
            Problem::new(ErrorCode::NotFound, message).with_hint("make it one with git_init")
        }
        error if error.names_nothing() => Problem::new(ErrorCode::NotFound, message),
        GitError::Read { .. } | GitError::Start(_) => Problem::new(ErrorCode::Storage, message),
        GitError::NoProgram => Problem::new(ErrorCode::NotConfigured, message)
            .with_hint("install git; looking at the repository works without it"),
        GitError::Refused { .. } => Problem::new(ErrorCode::Conflict, message),
        GitError::Stale { .. } => Problem::new(ErrorCode::Conflict, message).with_hint("look at it again"),
        GitError::BadName(_) => Problem::new(ErrorCode::InvalidRequest, message),
        GitError::Folder(error) => crate::problem::folder(error),
    }
}

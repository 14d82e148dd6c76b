//! The files of a run's workspace, as a person sees and edits them from afar.

use std::path::Path;

use aios_core::{FileError, Workspace, WorkspacePath};
use aios_protocol::{
    ErrorCode, FileEntry, FileSaved, FileView, Problem, RunFileSave, RunFileShow, RunId, WorkspaceView,
};
use aios_workspace::{DiskWorkspace, content_hash};

use super::{Session, runs};
use crate::problem;

/// Files that are listed at most.
const LISTED: usize = 10_000;
/// The documented most of a preview, and of what is saved.
const PREVIEW: usize = 500_000;

pub(super) async fn list(session: &Session, run_id: RunId) -> Result<WorkspaceView, Problem> {
    let workspace = open(session, run_id).await?;
    let listing = workspace.list(LISTED).await.map_err(|error| problem::file(&error))?;
    let files: Vec<FileEntry> = listing
        .files
        .into_iter()
        .map(|file| FileEntry { path: file.path.to_string(), bytes: file.bytes })
        .collect();
    Ok(WorkspaceView {
        run_id,
        total_files: files.len(),
        total_bytes: files.iter().map(|file| file.bytes).sum(),
        truncated: listing.truncated,
        files,
    })
}

pub(super) async fn show(session: &Session, request: RunFileShow) -> Result<FileView, Problem> {
    let workspace = open(session, request.run_id).await?;
    let path = parse(&request.path)?;
    let read = workspace.read_start(&path, PREVIEW as u64).await;
    let (content, bytes) = read.map_err(|error| problem::file(&error))?;
    let (path, truncated) = (path.to_string(), bytes > content.len() as u64);
    // A cut may fall into a character; what stands before it is text all the same.
    let text = match std::str::from_utf8(&content) {
        Ok(text) => Some(text),
        Err(error) if truncated && error.error_len().is_none() => {
            content.get(..error.valid_up_to()).and_then(|whole| std::str::from_utf8(whole).ok())
        }
        Err(_) => None,
    };
    let binary = text.is_none_or(|text| text.contains('\0'));
    let hash = (!truncated && !binary).then(|| content_hash(&content).0);
    let content = text.filter(|_| !binary).unwrap_or_default().to_owned();
    Ok(FileView { path, content, bytes, truncated, binary, hash })
}

pub(super) async fn save(session: &Session, request: RunFileSave) -> Result<FileSaved, Problem> {
    if request.content.len() > PREVIEW {
        return Err(Problem::new(
            ErrorCode::TooLarge,
            format!("the file has {} bytes; at most {PREVIEW} can be saved", request.content.len()),
        ));
    }
    let workspace = open(session, request.run_id).await?;
    let path = parse(&request.path)?;
    // Between the look and the writing nobody else may write.
    let _turn = session.app.saving.of(&(&request.run_id, path.as_str())).lock().await;
    if let Some(expected) = &request.expected_hash {
        let now = match workspace.read(&path).await {
            Ok(content) => Some(content_hash(&content).0),
            Err(FileError::NotFound(_)) => None,
            Err(error) => return Err(problem::file(&error)),
        };
        if now.as_ref() != Some(expected) {
            return Err(Problem::new(
                ErrorCode::Conflict,
                format!("{path} was changed since it was read, so nothing was saved"),
            )
            .with_hint("read it again and carry your change over"));
        }
    }
    let written = workspace.write(&path, request.content.as_bytes()).await;
    let written = written.map_err(|error| problem::file(&error))?;
    Ok(FileSaved { path: path.to_string(), bytes: request.content.len() as u64, hash: written.after.0 })
}

pub(super) async fn open(session: &Session, run_id: RunId) -> Result<DiskWorkspace, Problem> {
    let run = runs::show(session, run_id).await?;
    let opened = tokio::task::spawn_blocking(move || DiskWorkspace::open(Path::new(&run.dir))).await;
    opened
        .map_err(|error| Problem::new(ErrorCode::Internal, format!("the workspace did not open: {error}")))?
        .map_err(|error| problem::workspace(&error))
}

fn parse(path: &str) -> Result<WorkspacePath, Problem> {
    WorkspacePath::new(path).map_err(|error| {
        Problem::new(ErrorCode::InvalidRequest, error.to_string())
            .with_hint("paths are relative to the workspace, such as src/main.py")
    })
}

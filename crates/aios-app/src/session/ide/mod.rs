//! What an editor asks for: the user's own folders, files, terminals and what a window keeps. Only for the user of this
//! machine: the table of commands sees to that.

pub(super) mod files;
pub(super) mod folders;
pub(super) mod git;
pub(super) mod search;
pub(super) mod servers;
pub(super) mod settings;
pub(super) mod terminals;
pub(super) mod windows;

use std::sync::Arc;

use aios_core::WorkspacePath;
use aios_protocol::{ErrorCode, FolderId, Problem};

use super::Session;
use crate::folders::OpenFolder;

/// Runs blocking work of the application, off the async threads.
async fn blocking<T: Send + 'static>(
    session: &Session,
    work: impl FnOnce(&crate::App) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let app = session.app.clone();
    let done = tokio::task::spawn_blocking(move || work(&app)).await;
    done.map_err(|error| Problem::new(ErrorCode::Internal, format!("the work broke off: {error}")))?
}

/// Runs blocking work in an opened folder.
async fn in_folder<T: Send + 'static>(
    session: &Session,
    folder: FolderId,
    work: impl FnOnce(&Arc<OpenFolder>) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    blocking(session, move |app| work(&app.folders.get(&folder)?)).await
}

async fn folder(session: &Session, folder: FolderId) -> Result<Arc<OpenFolder>, Problem> {
    in_folder(session, folder, |folder| Ok(folder.clone())).await
}

fn path(text: &str) -> Result<WorkspacePath, Problem> {
    WorkspacePath::new(text).map_err(|error| {
        Problem::new(ErrorCode::InvalidRequest, error.to_string())
            .with_hint("paths are relative to the opened folder, such as src/main.py")
    })
}

//! Opening folders, trusting them, watching them.

use std::path::{Path, PathBuf};

use aios_core::Clock;
use aios_protocol::{
    BrowsedFolder, Done, ErrorCode, Folder, FolderBrowse, FolderChange, FolderForget, FolderOpen,
    FolderTrust, FolderWatch, Folders, Items, Problem,
};
use aios_workspace::folders_in;
use async_stream::stream;
use futures::StreamExt;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::{blocking, folder};
use crate::App;
use crate::session::Session;

pub(crate) async fn open(session: &Session, request: FolderOpen) -> Result<Folder, Problem> {
    blocking(session, move |app| app.folders.open(&absolute(app, &request.path)?, app.clock.now())).await
}

pub(crate) async fn list(session: &Session) -> Result<Folders, Problem> {
    blocking(session, |app| Ok(Folders { folders: app.folders.list()? })).await
}

pub(crate) async fn trust(session: &Session, request: FolderTrust) -> Result<Folder, Problem> {
    blocking(session, move |app| app.folders.trust(&request.folder, request.trusted)).await
}

pub(crate) async fn forget(session: &Session, request: FolderForget) -> Result<Done, Problem> {
    blocking(session, move |app| app.folders.forget(&request.folder).map(|()| Done {})).await
}

pub(crate) async fn browse(session: &Session, request: FolderBrowse) -> Result<BrowsedFolder, Problem> {
    blocking(session, move |app| {
        let path = absolute(app, request.path.as_deref().unwrap_or("~"))?;
        let refused = |error: std::io::Error| {
            let code = match error.kind() {
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => ErrorCode::NotFound,
                _ => ErrorCode::Storage,
            };
            Problem::new(code, format!("the folder {} cannot be shown: {error}", path.display()))
        };
        let (path, folders) = folders_in(&path).map_err(refused)?;
        Ok(BrowsedFolder {
            parent: path.parent().map(|parent| parent.display().to_string()),
            path: path.display().to_string(),
            folders,
        })
    })
    .await
}

/// A path of this machine as people write it.
fn absolute(app: &App, text: &str) -> Result<PathBuf, Problem> {
    let home = app.config.user_home.as_deref();
    let path = match (text.strip_prefix('~'), home) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
            home.join(rest.trim_start_matches('/'))
        }
        _ => Path::new(text).to_owned(),
    };
    if path.is_absolute() {
        return Ok(path);
    }
    Err(Problem::new(ErrorCode::InvalidRequest, format!("{text:?} is not an absolute path")))
}

pub(crate) fn watch(session: &Session, request: FolderWatch, stop: CancellationToken) -> Items<FolderChange> {
    let session = session.clone();
    stream! {
        let subscribed = match folder(&session, request.folder).await {
            Ok(folder) => folder.changes().await,
            Err(problem) => Err(problem),
        };
        let mut changes = match subscribed {
            Ok(changes) => changes,
            Err(problem) => {
                yield Err(problem);
                return;
            }
        };
        loop {
            match changes.recv().await {
                Ok(change) => yield Ok(change),
                Err(RecvError::Lagged(_)) => yield Ok(FolderChange::Rescan {}),
                Err(RecvError::Closed) => return,
            }
        }
    }
    .take_until(stop.cancelled_owned())
    .boxed()
}

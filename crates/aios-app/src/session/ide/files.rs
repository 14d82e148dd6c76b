//! Files as an editor opens and saves them.

use aios_protocol::{
    DirList, DirListing, Done, EntryCopy, EntryCreate, EntryRemove, EntryRemoved, EntryRename, FileBytes,
    FileContent, FileOpen, FileSave, FileStored, FileWindow, OpenedFile, Problem, WindowOfLines,
};

use super::{in_folder, path};
use crate::problem;
use crate::session::Session;

pub(crate) async fn list(session: &Session, request: DirList) -> Result<DirListing, Problem> {
    let level = request.path.as_deref().filter(|level| !level.is_empty()).map(path).transpose()?;
    in_folder(session, request.folder, move |folder| {
        folder.files.list(level.as_ref()).map_err(|error| problem::folder(&error))
    })
    .await
}

pub(crate) async fn open(session: &Session, request: FileOpen) -> Result<OpenedFile, Problem> {
    let file = path(&request.path)?;
    in_folder(session, request.folder, move |folder| {
        folder.files.open_file(&file, request.encoding).map_err(|error| problem::folder(&error))
    })
    .await
}

pub(crate) async fn bytes(session: &Session, request: FileBytes) -> Result<FileContent, Problem> {
    let file = path(&request.path)?;
    in_folder(session, request.folder, move |folder| {
        folder.files.file_bytes(&file).map_err(|error| problem::folder(&error))
    })
    .await
}

pub(crate) async fn window(session: &Session, request: FileWindow) -> Result<WindowOfLines, Problem> {
    let file = path(&request.path)?;
    in_folder(session, request.folder, move |folder| {
        let window = folder.files.file_window(&file, request.first_line, request.lines);
        window.map_err(|error| problem::folder(&error))
    })
    .await
}

pub(crate) async fn save(session: &Session, request: FileSave) -> Result<FileStored, Problem> {
    let file = path(&request.path)?;
    in_folder(session, request.folder, move |folder| {
        let written_as = (request.encoding, request.line_ending);
        let stored =
            folder.files.save_file(&file, &request.text, written_as, request.base_version.as_deref());
        stored.map_err(|error| problem::folder(&error))
    })
    .await
}

pub(crate) async fn create(session: &Session, request: EntryCreate) -> Result<Done, Problem> {
    let entry = path(&request.path)?;
    in_folder(session, request.folder, move |folder| {
        folder.files.create(&entry, request.kind).map_err(|error| problem::folder(&error))?;
        Ok(Done {})
    })
    .await
}

pub(crate) async fn rename(session: &Session, request: EntryRename) -> Result<Done, Problem> {
    let (from, to) = (path(&request.from)?, path(&request.to)?);
    in_folder(session, request.folder, move |folder| {
        folder.files.rename(&from, &to).map_err(|error| problem::folder(&error))?;
        Ok(Done {})
    })
    .await
}

pub(crate) async fn copy(session: &Session, request: EntryCopy) -> Result<Done, Problem> {
    let (from, to) = (path(&request.from)?, path(&request.to)?);
    in_folder(session, request.folder, move |folder| {
        folder.files.copy(&from, &to).map_err(|error| problem::folder(&error))?;
        Ok(Done {})
    })
    .await
}

pub(crate) async fn remove(session: &Session, request: EntryRemove) -> Result<EntryRemoved, Problem> {
    let entry = path(&request.path)?;
    in_folder(session, request.folder, move |folder| {
        folder.files.remove(&entry, request.forever).map_err(|error| problem::folder(&error))
    })
    .await
}

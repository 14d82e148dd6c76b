//! The settings of the editor: the user's file in the data folder, and a trusted project's own.

use aios_core::{FileError, WorkspacePath};
use aios_protocol::{
    Encoding, ErrorCode, FileStored, FolderId, LineEnding, Problem, Settings, SettingsFile, SettingsSave,
    SettingsSchemaView, SettingsSet, SettingsShow, SettingsView,
};
use aios_workspace::{FolderError, UserFolder};
use serde_json::{Map, Value};

use super::{blocking, path};
use crate::session::Session;
use crate::settings::{self, Whose};
use crate::{App, problem};

/// Where a project keeps its settings.
const PROJECT: &str = ".cesaflow/settings.json";
/// The user's file in the data folder.
const USER: &str = "settings.json";

pub(crate) async fn show(session: &Session, request: SettingsShow) -> Result<SettingsView, Problem> {
    blocking(session, move |app| view(app, request.folder.as_ref())).await
}

pub(crate) async fn save(session: &Session, request: SettingsSave) -> Result<SettingsView, Problem> {
    blocking(session, move |app| {
        write(app, request.folder.as_ref(), &request.text, request.base_version.as_deref())?;
        view(app, request.folder.as_ref())
    })
    .await
}

pub(crate) async fn set(session: &Session, request: SettingsSet) -> Result<SettingsView, Problem> {
    blocking(session, move |app| {
        let whose = if request.folder.is_some() { Whose::Project } else { Whose::User };
        let (file, _) =
            with_folder(app, request.folder.as_ref(), |folder, path| read(folder, path, whose, true))?;
        let text = settings::set(&file.text, &request.key, request.value.as_ref())?;
        write(app, request.folder.as_ref(), &text, file.version.as_deref())?;
        view(app, request.folder.as_ref())
    })
    .await
}

pub(crate) fn schema() -> SettingsSchemaView {
    SettingsSchemaView { schema: settings::schema() }
}

/// The user's settings alone, for what starts programs.
pub(crate) fn of_user(app: &App) -> Result<Settings, Problem> {
    Ok(view(app, None)?.settings)
}

fn view(app: &App, folder: Option<&FolderId>) -> Result<SettingsView, Problem> {
    let (user, mine) = with_folder(app, None, |folder, path| read(folder, path, Whose::User, true))?;
    let mut all = vec![mine];
    let project = match folder {
        None => None,
        Some(id) => {
            let trusted = app.folders.get(id)?.is_trusted();
            let read_it =
                |folder: &UserFolder, path: &WorkspacePath| read(folder, path, Whose::Project, trusted);
            let (file, theirs) = with_folder(app, Some(id), read_it)?;
            all.push(theirs);
            Some(file)
        }
    };
    Ok(SettingsView { settings: settings::merged(all), user, project })
}

/// The folder and path of a settings file: the project's, or the user's.
fn with_folder<T>(
    app: &App,
    folder: Option<&FolderId>,
    work: impl FnOnce(&UserFolder, &WorkspacePath) -> Result<T, Problem>,
) -> Result<T, Problem> {
    match folder {
        Some(folder) => work(&app.folders.get(folder)?.files, &path(PROJECT)?),
        None => {
            let home = UserFolder::open(app.home.root(), app.home.trash(&app.config));
            work(&home.map_err(|error| problem::folder_open(&error))?, &path(USER)?)
        }
    }
}

/// A settings file, and what it sets where it may.
fn read(
    folder: &UserFolder,
    path: &WorkspacePath,
    whose: Whose,
    trusted: bool,
) -> Result<(SettingsFile, Map<String, Value>), Problem> {
    let shown = folder.path().join(path.as_path()).display().to_string();
    let (text, version) = match folder.open_file(path, Some(Encoding::Utf8)) {
        Ok(opened) => (opened.text.unwrap_or_default(), opened.version),
        Err(FolderError::File(FileError::NotFound(_))) => (String::new(), None),
        Err(error) => return Err(problem::folder(&error)),
    };
    let read = settings::read(&text, whose);
    let applied = trusted && read.is_ok();
    let (set, problems) = match read {
        Ok(set) => (set, Vec::new()),
        Err(problem) => (Map::new(), vec![problem]),
    };
    let file = SettingsFile { path: shown, text, version, applied, problems };
    Ok((file, if applied { set } else { Map::new() }))
}

fn write(app: &App, folder: Option<&FolderId>, text: &str, base: Option<&str>) -> Result<(), Problem> {
    let utf8 = (Encoding::Utf8, LineEnding::Lf);
    with_folder(app, folder, |folder, path| match folder.save_file(path, text, utf8, base) {
        Ok(FileStored::Saved { .. }) => Ok(()),
        Ok(FileStored::Conflict { .. }) => Err(Problem::new(
            ErrorCode::Conflict,
            "the settings file was changed meanwhile, so nothing was saved",
        )
        .with_hint("read it again and carry your change over")),
        Err(error) => Err(problem::folder(&error)),
    })
}

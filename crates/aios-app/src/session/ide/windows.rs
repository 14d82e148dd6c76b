//! What a window keeps: unsaved text and its own state.

use aios_core::Clock;
use aios_protocol::{
    Done, Draft, DraftList, DraftRemove, DraftSave, Drafts, ErrorCode, Problem, WindowState, WindowStateLoad,
    WindowStateSave,
};

use super::blocking;
use crate::session::Session;

/// The longest name, in bytes.
const NAME: usize = 200;
/// The largest state of a window, in bytes.
const STATE: usize = 4 * 1024 * 1024;

pub(crate) async fn draft_save(session: &Session, request: DraftSave) -> Result<Done, Problem> {
    named("a draft", &request.draft)?;
    blocking(session, move |app| {
        let DraftSave { draft, folder, path, text, base_version } = request;
        let draft = Draft { draft, folder, path, text, base_version, saved_at: app.clock.now() };
        app.drafts.save(&draft.draft, &draft)?;
        Ok(Done {})
    })
    .await
}

pub(crate) async fn draft_list(session: &Session, request: DraftList) -> Result<Drafts, Problem> {
    blocking(session, move |app| {
        let mut drafts: Vec<Draft> = app.drafts.all()?;
        drafts.retain(|draft| request.folder.is_none() || draft.folder == request.folder);
        drafts.sort_by_key(|draft| std::cmp::Reverse(draft.saved_at));
        Ok(Drafts { drafts })
    })
    .await
}

pub(crate) async fn draft_remove(session: &Session, request: DraftRemove) -> Result<Done, Problem> {
    blocking(session, move |app| app.drafts.remove(&request.draft).map(|()| Done {})).await
}

pub(crate) async fn state_save(session: &Session, request: WindowStateSave) -> Result<Done, Problem> {
    named("a window", &request.window)?;
    if request.state.len() > STATE {
        return Err(Problem::new(
            ErrorCode::TooLarge,
            format!("the state of a window has at most {STATE} bytes"),
        ));
    }
    blocking(session, move |app| {
        app.windows.save(&request.window, &request.state)?;
        Ok(Done {})
    })
    .await
}

pub(crate) async fn state_load(session: &Session, request: WindowStateLoad) -> Result<WindowState, Problem> {
    blocking(session, move |app| Ok(WindowState { state: app.windows.load(&request.window)? })).await
}

fn named(what: &str, name: &str) -> Result<(), Problem> {
    if (1..=NAME).contains(&name.len()) {
        return Ok(());
    }
    Err(Problem::new(ErrorCode::InvalidRequest, format!("the name of {what} has 1 to {NAME} bytes")))
}

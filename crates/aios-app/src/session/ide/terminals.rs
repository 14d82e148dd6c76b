//! Terminals of the user's windows.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use aios_protocol::{
    Done, ErrorCode, Items, Problem, TerminalClose, TerminalEvent, TerminalId, TerminalOpen, TerminalResize,
    TerminalWrite, generate,
};
use aios_workspace::{Shown, Terminal, TerminalError, TerminalSpec};
use async_stream::stream;
use futures::StreamExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{folder, path};
use crate::App;
use crate::session::Session;

/// The terminals that are open.
#[derive(Default)]
pub(crate) struct Terminals(Mutex<HashMap<TerminalId, (Arc<Terminal>, CancellationToken)>>);

impl Terminals {
    fn get(&self, id: &TerminalId) -> Result<Arc<Terminal>, Problem> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.get(id).map(|(terminal, _)| terminal.clone());
        found.ok_or_else(|| Problem::new(ErrorCode::NotFound, format!("there is no terminal {id}")))
    }

    fn put(&self, id: TerminalId, terminal: Terminal, close: CancellationToken) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(id, (Arc::new(terminal), close));
    }

    fn take(&self, id: &TerminalId) -> Option<Arc<Terminal>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(id).map(|(terminal, close)| {
            close.cancel();
            terminal
        })
    }
}

/// A terminal that ends with whoever shows it.
struct Showing {
    app: Arc<App>,
    id: TerminalId,
}

impl Drop for Showing {
    fn drop(&mut self) {
        let Some(terminal) = self.app.terminals.take(&self.id) else { return };
        // Looking for what was started from it takes a moment.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || drop(terminal))),
            Err(_) => drop(terminal),
        }
    }
}

pub(crate) fn open(
    session: &Session,
    request: TerminalOpen,
    stop: CancellationToken,
) -> Items<TerminalEvent> {
    let session = session.clone();
    stream! {
        let close = stop.child_token();
        let (showing, shell, mut shown) = match start(&session, request, close.clone()).await {
            Ok(started) => started,
            Err(problem) => {
                yield Err(problem);
                return;
            }
        };
        yield Ok(TerminalEvent::Opened { terminal: showing.id.clone(), shell: shell.display().to_string() });
        loop {
            let next = tokio::select! {
                biased;
                () = close.cancelled() => return,
                next = shown.recv() => next,
            };
            match next {
                Some(Shown::Text(text)) => yield Ok(TerminalEvent::Output { text }),
                Some(Shown::Exited(code)) => {
                    yield Ok(TerminalEvent::Exited { code });
                    return;
                }
                None => return,
            }
        }
    }
    .boxed()
}

async fn start(
    session: &Session,
    request: TerminalOpen,
    close: CancellationToken,
) -> Result<(Showing, PathBuf, mpsc::Receiver<Shown>), Problem> {
    let folder = folder(session, request.folder).await?;
    folder.must_be_trusted("a terminal")?;
    let mut place = folder.files.path().to_owned();
    if let Some(within) = request.path.as_deref().filter(|within| !within.is_empty()) {
        place.push(path(within)?.as_path());
    }
    let shell = request.shell.filter(|shell| !shell.is_empty()).map(PathBuf::from);
    let shell = shell.unwrap_or_else(|| usual_shell(&session.app));
    let spec = TerminalSpec { folder: place, shell: shell.clone(), size: (request.columns, request.rows) };
    let opened = tokio::task::spawn_blocking(move || Terminal::open(&spec)).await;
    let opened = opened.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
    let (terminal, shown) = opened.map_err(|error| problem(&error))?;
    let showing = Showing { app: session.app.clone(), id: generate() };
    session.app.terminals.put(showing.id.clone(), terminal, close);
    Ok((showing, shell, shown))
}

fn usual_shell(app: &App) -> PathBuf {
    let (variable, fallback) = if cfg!(windows) { ("COMSPEC", "cmd.exe") } else { ("SHELL", "/bin/sh") };
    app.config.env.get(variable).filter(|shell| !shell.is_empty()).map_or(fallback.into(), PathBuf::from)
}

pub(crate) fn write(session: &Session, request: TerminalWrite) -> Result<Done, Problem> {
    let terminal = session.app.terminals.get(&request.terminal)?;
    terminal.write(request.text).map_err(|error| problem(&error)).map(|()| Done {})
}

pub(crate) fn resize(session: &Session, request: &TerminalResize) -> Result<Done, Problem> {
    let terminal = session.app.terminals.get(&request.terminal)?;
    terminal.resize(request.columns, request.rows).map_err(|error| problem(&error)).map(|()| Done {})
}

pub(crate) async fn close(session: &Session, request: TerminalClose) -> Result<Done, Problem> {
    let Some(terminal) = session.app.terminals.take(&request.terminal) else {
        return Err(Problem::new(ErrorCode::NotFound, format!("there is no terminal {}", request.terminal)));
    };
    super::blocking(session, move |_| {
        drop(terminal);
        Ok(Done {})
    })
    .await
}

fn problem(error: &TerminalError) -> Problem {
    let (code, hint) = match error {
        TerminalError::Start { .. } => {
            (ErrorCode::NotConfigured, "name a shell that is installed in the settings, at terminal.shell")
        }
        TerminalError::Full => (ErrorCode::Conflict, "wait until the program in it reads again"),
        TerminalError::Resize(_) => (ErrorCode::Storage, "open the terminal anew"),
    };
    Problem::new(code, error.to_string()).with_hint(hint)
}

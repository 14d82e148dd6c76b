//! Language servers of the user's windows.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use aios_protocol::{
    Done, ErrorCode, Items, LanguageServer as ListedServer, LanguageServerEvent, LanguageServerId,
    LanguageServerList, LanguageServerOpen, LanguageServerSend, LanguageServers, Problem, Settings, generate,
};
use aios_workspace::{
    KnownServer, LanguageServer, SERVERS, ServerError, ServerSpec, find_program, server_for,
};
use async_stream::stream;
use futures::StreamExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{in_folder, settings};
use crate::App;
use crate::folders::OpenFolder;
use crate::session::Session;

/// The servers that run.
#[derive(Default)]
pub(crate) struct Servers(Mutex<HashMap<LanguageServerId, Arc<LanguageServer>>>);

/// A server that ends with whoever talks to it.
struct Talking {
    app: Arc<App>,
    id: LanguageServerId,
}

impl Drop for Talking {
    fn drop(&mut self) {
        let mut all = self.app.servers.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&self.id);
    }
}

/// A server as it would be started.
struct Found {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
}

pub(crate) async fn list(session: &Session, request: LanguageServerList) -> Result<LanguageServers, Problem> {
    let app = session.app.clone();
    in_folder(session, request.folder, move |folder| {
        let settings = settings::of_user(&app)?;
        let servers = SERVERS.iter().map(|known| {
            let found = find(&app, folder, known, &settings);
            ListedServer {
                languages: known.languages.iter().map(|&language| language.to_owned()).collect(),
                name: found.as_ref().map_or_else(|| first(known), |found| found.name).to_owned(),
                program: found.map(|found| found.program.display().to_string()),
                install: known.install.to_owned(),
            }
        });
        Ok(LanguageServers { servers: servers.collect() })
    })
    .await
}

fn first(known: &KnownServer) -> &'static str {
    known.programs.first().map_or("", |(name, _)| name)
}

/// The first server of a group that is installed and wanted. What a folder brings along counts once it is trusted.
fn find(app: &App, folder: &OpenFolder, known: &KnownServer, settings: &Settings) -> Option<Found> {
    known.programs.iter().find_map(|(name, usual)| {
        let wish = settings.language_servers.get(*name).cloned().unwrap_or_default();
        if !wish.enabled {
            return None;
        }
        let on_path = |name: &str| app.toolbox.toolchains().find(name);
        let program = match wish.program.filter(|program| !program.is_empty()) {
            Some(program) => PathBuf::from(program),
            None if folder.is_trusted() => find_program(folder.files.path(), name, on_path)?,
            None => on_path(name)?,
        };
        let usual = || usual.iter().map(|&argument| argument.to_owned()).collect();
        Some(Found { name, program, arguments: wish.arguments.unwrap_or_else(usual) })
    })
}

pub(crate) fn open(
    session: &Session,
    request: LanguageServerOpen,
    stop: CancellationToken,
) -> Items<LanguageServerEvent> {
    let session = session.clone();
    stream! {
        let (talking, name, root, mut told) = match start(&session, request).await {
            Ok(started) => started,
            Err(problem) => {
                yield Err(problem);
                return;
            }
        };
        yield Ok(LanguageServerEvent::Started { server: talking.id.clone(), name: name.to_owned(), root });
        while let Some(said) = told.recv().await {
            yield match said {
                Ok(json) => Ok(LanguageServerEvent::Message { json }),
                Err(error) => Err(problem(&error)),
            };
        }
    }
    .take_until(stop.cancelled_owned())
    .boxed()
}

type Told = mpsc::Receiver<Result<String, ServerError>>;

async fn start(
    session: &Session,
    request: LanguageServerOpen,
) -> Result<(Talking, &'static str, String, Told), Problem> {
    let app = session.app.clone();
    let language = request.language;
    let (name, spec) = in_folder(session, request.folder, move |folder| {
        folder.must_be_trusted("a language server")?;
        let known = server_for(&language).ok_or_else(|| {
            let language: String = language.chars().take(80).collect();
            Problem::new(ErrorCode::NotFound, format!("no language server is known for {language:?}"))
        })?;
        let found = find(&app, folder, known, &settings::of_user(&app)?).ok_or_else(|| {
            Problem::new(ErrorCode::NotConfigured, format!("{} is not installed", first(known)))
                .with_hint(known.install)
        })?;
        let root = folder.files.path().to_owned();
        Ok((found.name, ServerSpec { program: found.program, arguments: found.arguments, root }))
    })
    .await?;
    let root = url::Url::from_directory_path(&spec.root).map(String::from).unwrap_or_default();
    let (server, told) = LanguageServer::start(&spec).map_err(|error| problem(&error))?;
    let talking = Talking { app: session.app.clone(), id: generate() };
    let mut all = session.app.servers.0.lock().unwrap_or_else(PoisonError::into_inner);
    all.insert(talking.id.clone(), Arc::new(server));
    drop(all);
    Ok((talking, name, root, told))
}

pub(crate) fn send(session: &Session, request: LanguageServerSend) -> Result<Done, Problem> {
    let all = session.app.servers.0.lock().unwrap_or_else(PoisonError::into_inner);
    let server = all.get(&request.server).ok_or_else(|| {
        Problem::new(ErrorCode::NotFound, format!("no language server {} runs", request.server))
    })?;
    server.send(request.json).map_err(|error| problem(&error)).map(|()| Done {})
}

fn problem(error: &ServerError) -> Problem {
    let (code, hint) = match error {
        ServerError::Start { .. } => {
            (ErrorCode::NotConfigured, "check its program in the settings, at language_servers")
        }
        ServerError::Ended { .. } => (ErrorCode::Conflict, "start it again; what it said may tell why"),
        ServerError::Deaf => (ErrorCode::Conflict, "start it again"),
    };
    Problem::new(code, error.to_string()).with_hint(hint)
}

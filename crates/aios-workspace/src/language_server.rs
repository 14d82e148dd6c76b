//! Language servers, which an editor talks to itself: this starts them, and frames what they say.
//!
//! A server gets the user's own environment and no sandbox, as in every editor; so it is started only for folders that the
//! user trusts, which the caller sees to.

mod catalogue;
mod framing;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::sync::mpsc;

pub use self::catalogue::{KnownServer, SERVERS, server_for};
use framing::{read_message, write_message};

/// Messages that wait, in either direction.
const WAITING: usize = 64;
/// How long the last words of a server may take that has ended.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// Lines of its errors that are remembered.
const SAID: usize = 12;

/// How a server is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSpec {
    /// Its file.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The folder that it serves.
    pub root: PathBuf,
}

/// A server that runs. Dropping it ends the server and what it started.
#[derive(Debug)]
pub struct LanguageServer {
    outgoing: mpsc::Sender<String>,
    _tree: Tree,
}

/// Why a server did not start, or does not run any more.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// It could not be started.
    #[error("{} could not be started: {source}", .program.display())]
    Start {
        /// Its file.
        program: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It ended by itself.
    #[error("{} ended ({ended}){}{said}", .program.display(), if .said.is_empty() { "" } else { ": " })]
    Ended {
        /// Its file.
        program: PathBuf,
        /// How.
        ended: String,
        /// What it said last on its standard error.
        said: String,
    },
    /// It takes no messages.
    #[error("the language server does not take messages any more, or not as fast as they come")]
    Deaf,
}

/// The processes of a server.
#[derive(Debug)]
struct Tree(Option<u32>);

impl Drop for Tree {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(leader) = self.0.and_then(|id| rustix::process::Pid::from_raw(id.cast_signed())) {
            _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

impl LanguageServer {
    /// Starts a server. Its messages come through the channel; the last item is its end.
    pub fn start(
        spec: &ServerSpec,
    ) -> Result<(Self, mpsc::Receiver<Result<String, ServerError>>), ServerError> {
        let mut command = Command::new(&spec.program);
        command
            .args(&spec.arguments)
            .current_dir(&spec.root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let failed = |source| ServerError::Start { program: spec.program.clone(), source };
        let mut child = command.spawn().map_err(failed)?;
        let tree = Tree(child.id());
        let (outgoing, mut to_server) = mpsc::channel::<String>(WAITING);
        if let Some(mut stdin) = child.stdin.take() {
            tokio::spawn(async move {
                while let Some(message) = to_server.recv().await {
                    if write_message(&mut stdin, &message).await.is_err() {
                        return;
                    }
                }
            });
        }
        let (tell, told) = mpsc::channel(WAITING);
        tokio::spawn(listen(child, spec.program.clone(), tell));
        Ok((Self { outgoing, _tree: tree }, told))
    }

    /// Sends a message to it. Never waits.
    pub fn send(&self, message: String) -> Result<(), ServerError> {
        self.outgoing.try_send(message).map_err(|_| ServerError::Deaf)
    }
}

/// Passes on what a server says until it ends or nobody listens.
async fn listen(mut child: Child, program: PathBuf, tell: mpsc::Sender<Result<String, ServerError>>) {
    let said = Arc::new(Mutex::new(VecDeque::with_capacity(SAID + 1)));
    let complaining = child.stderr.take().map(|errors| tokio::spawn(remember(errors, said.clone())));
    let Some(output) = child.stdout.take() else { return };
    let mut speaking = pin!(pass_on(output, &tell));
    let (heard, status) = tokio::select! {
        heard = &mut speaking => {
            if heard.is_err() {
                _ = child.start_kill();
            }
            (heard, child.wait().await)
        }
        // Processes that it started may hold its pipes open after it.
        status = child.wait() => {
            (tokio::time::timeout(LAST_WORDS, speaking).await.unwrap_or(Ok(())), status)
        }
    };
    if let Some(complaining) = complaining {
        let stop = complaining.abort_handle();
        if tokio::time::timeout(LAST_WORDS, complaining).await.is_err() {
            stop.abort();
        }
    }
    let ended = match (heard, status) {
        (Err(unreadable), _) => unreadable.to_string(),
        (Ok(()), Ok(status)) => status.to_string(),
        (Ok(()), Err(error)) => error.to_string(),
    };
    let said = Vec::from_iter(said.lock().unwrap_or_else(PoisonError::into_inner).drain(..)).join("\n");
    // Whoever left does not miss it.
    _ = tell.send(Err(ServerError::Ended { program, ended, said: said.trim().to_owned() })).await;
}

/// Passes messages on until there are none, or nobody takes them.
async fn pass_on(
    output: ChildStdout,
    tell: &mpsc::Sender<Result<String, ServerError>>,
) -> std::io::Result<()> {
    let mut output = BufReader::new(output);
    while let Some(message) = read_message(&mut output).await? {
        if tell.send(Ok(message)).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// Keeps the last lines of what a server complains about.
async fn remember(errors: ChildStderr, said: Arc<Mutex<VecDeque<String>>>) {
    let mut lines = BufReader::new(errors).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        let line: String = String::from_utf8_lossy(&line).chars().take(500).collect();
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        said.push_back(line);
        if said.len() > SAID {
            said.pop_front();
        }
    }
}

/// Where a program is: among those that the folder brings along, or on the `PATH`.
pub fn find_program(folder: &Path, name: &str, on_path: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let own = ["node_modules/.bin", ".venv/bin", "venv/bin", ".venv/Scripts"];
    let own = own.iter().map(|place| folder.join(place).join(name)).find(|path| path.is_file());
    own.or_else(|| on_path(name))
}

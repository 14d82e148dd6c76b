//! A model server on loopback that plays a script over the real wires of OpenAI and Anthropic.
//!
//! Strict: a request that a provider would refuse is answered with an error and fails the test when the server is
//! dropped. Lives on a thread of its own, so that it also answers while a test waits for a child process.

mod anthropic;
mod http;
mod openai;
mod play;
mod wire;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use serde_json::Value;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::http::{Connection, Request};
use self::wire::{Answer, Asked, Wire};
use crate::script::{Play, agent_of};
use crate::turn::Turn;
use crate::{Script, conversation, shape};

/// A scripted model server. Dropping it fails the test if a request was not as it should be.
#[derive(Debug)]
pub struct ModelServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

/// A request that the server was asked, in the order of arrival.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// When it had arrived in full.
    pub at: Instant,
    /// When the last byte of its reply was sent; nothing when it got an error, or the reply was cut off.
    pub answered_at: Option<Instant>,
    /// `/v1/chat/completions` or `/v1/messages`.
    pub path: String,
    /// The agent that its system prompt names, in small letters.
    pub agent: Option<String>,
    /// Size of its body.
    pub bytes: usize,
    /// Its body.
    pub body: Value,
}

impl Recorded {
    /// All its texts, one below the other: what a model would read.
    pub fn prompt(&self) -> String {
        shape::texts(&self.body).join("\n")
    }
}

#[derive(Debug)]
struct State {
    play: Play,
    requests: Vec<Recorded>,
}

impl ModelServer {
    /// The key that every request must carry; it must not appear in any prompt.
    pub const KEY: &str = "sk-scripted-0123456789abcdef";

    /// Starts a server on a free port.
    pub fn start(script: Script) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let play = Play::new(script.secret(Self::KEY));
        let state = Arc::new(Mutex::new(State { play, requests: Vec::new() }));
        let stop = CancellationToken::new();
        let thread = std::thread::spawn({
            let (state, stop) = (state.clone(), stop.clone());
            move || serve(listener, state, &stop)
        });
        Self { address, state, stop, thread: Some(thread) }
    }

    /// The base address for clients that speak OpenAI's wire: they add `/chat/completions`.
    pub fn openai_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The base address for clients that speak Anthropic's wire: they add `/v1/messages`.
    pub fn anthropic_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far, those with faults included.
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.state).requests.clone()
    }

    /// Ends the server; panics if a request was wrong or a reply was never asked for.
    pub fn finish(mut self) {
        self.shut_down();
        let verdict = lock(&self.state).play.verdict(true);
        // What is said here must not be said again by `drop`.
        lock(&self.state).play = Play::new(Script::new());
        if let Some(verdict) = verdict {
            panic!("{verdict}");
        }
    }

    fn shut_down(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.shut_down();
        if let Some(verdict) = lock(&self.state).play.verdict(false)
            && !std::thread::panicking()
        {
            panic!("{verdict}");
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(listener: TcpListener, state: Arc<Mutex<State>>, stop: &CancellationToken) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    runtime.block_on(async {
        listener.set_nonblocking(true).expect("a socket can be made non-blocking");
        let listener = tokio::net::TcpListener::from_std(listener).expect("a socket joins the runtime");
        let mut clients = JoinSet::new();
        while let Some(Ok((socket, _))) = stop.run_until_cancelled(listener.accept()).await {
            let state = state.clone();
            clients.spawn(async move {
                // A client that goes away in the middle is its own affair.
                if let Ok(connection) = Connection::new(socket) {
                    let _ = converse(connection, &state).await;
                }
            });
        }
    });
}

/// Answers the requests of one connection until a side ends it.
async fn converse(mut connection: Connection, state: &Mutex<State>) -> io::Result<()> {
    while let Some(request) = connection.request().await? {
        let last = request.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        let wire = Wire::of(&request);
        let open = if (request.method.as_str(), request.path.as_str()) == ("GET", "/v1/models") {
            connection.answer(200, "", &wire.models().to_string()).await?;
            Some(connection)
        } else {
            attend(connection, wire, &request, state).await?
        };
        match open {
            Some(open) if !last => connection = open,
            _ => break,
        }
    }
    Ok(())
}

/// Answers one request; gives the connection back if it can be used again.
async fn attend(
    mut connection: Connection,
    wire: Wire,
    request: &Request,
    state: &Mutex<State>,
) -> io::Result<Option<Connection>> {
    match judge(wire, request, state) {
        Ok(Accepted { number, asked, turn, ids }) => {
            let answer = Answer { model: &asked.model, turn: &turn, ids: &ids, usage: asked.usage };
            let open = connection.reply(wire, asked.stream, &answer).await?;
            lock(state).requests[number].answered_at = open.is_some().then(Instant::now);
            Ok(open)
        }
        Err((status, message)) => {
            connection.answer(status, "", &wire.error(status, &message).to_string()).await?;
            Ok(Some(connection))
        }
    }
}

/// A request in which nothing was wrong, and what it gets.
struct Accepted {
    /// Its place among the recorded ones.
    number: usize,
    asked: Asked,
    turn: Turn,
    /// For the turn's calls.
    ids: Vec<String>,
}

/// Records a request and decides what it gets: a turn, or an error.
fn judge(wire: Wire, request: &Request, state: &Mutex<State>) -> Result<Accepted, (u16, String)> {
    let at = Instant::now();
    let mut wrong = Vec::new();
    let authorised = wire.check_head(request, &mut wrong);
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_else(|error| {
        wrong.push(format!("the body is not JSON: {error}"));
        Value::Null
    });
    let mut asked = Asked::default();
    if !body.is_null() {
        asked = wire.read(&body, &mut wrong);
        conversation::check(&asked.said, &mut wrong);
    }
    let agent = agent_of(&asked.system);
    let mut state = lock(state);
    state.play.find_secrets(shape::texts(&body).into_iter(), &mut wrong);
    let (path, bytes) = (request.path.clone(), request.body.len());
    let number = state.requests.len();
    state.requests.push(Recorded { at, answered_at: None, path, agent: agent.clone(), bytes, body });
    let status = if authorised { 400 } else { 401 };
    let turn = state.play.answer(agent.as_deref(), wrong).map_err(|message| (status, message))?;
    let ids = turn.calls.iter().map(|_| format!("call_{}", state.play.next_call())).collect();
    Ok(Accepted { number, asked, turn, ids })
}

//! A model server on loopback that plays a script over the real wires of OpenAI and Anthropic.
//!
//! Strict: a request that a provider would refuse is answered with an error and fails the test when the server is
//! dropped. Lives on a thread of its own, so that it also answers while a test waits for a child process.

mod anthropic;
mod http;
mod openai;
mod wire;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::http::{Connection, Request};
use self::wire::{Answer, Asked};
use crate::script::{Play, agent_of};
use crate::turn::{Fault, Turn};
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
                    let _ = attend(connection, &state).await;
                }
            });
        }
    });
}

/// Answers the requests of one connection until a side ends it.
async fn attend(mut connection: Connection, state: &Mutex<State>) -> io::Result<()> {
    while let Some(request) = connection.request().await? {
        let last = request.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        let wire = Wire::of(&request);
        let open = if (request.method.as_str(), request.path.as_str()) == ("GET", "/v1/models") {
            connection.answer(200, "", &wire.models().to_string()).await?;
            Some(connection)
        } else {
            connection.attend(wire, &request, state).await?
        };
        match open {
            Some(open) if !last => connection = open,
            _ => break,
        }
    }
    Ok(())
}

/// Records a request and decides what it gets: a turn with ids for its calls, or an error.
fn judge(
    wire: Wire,
    request: &Request,
    state: &Mutex<State>,
) -> Result<(Asked, Turn, Vec<String>), (u16, String)> {
    let at = Instant::now();
    let mut wrong = Vec::new();
    let authorised = wire.check_head(request, &mut wrong);
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_else(|error| {
        wrong.push(format!("the body is not JSON: {error}"));
        Value::Null
    });
    let asked = if body.is_null() { Asked::default() } else { wire.read(&body, &mut wrong) };
    if !body.is_null() {
        conversation::check(&asked.said, &mut wrong);
    }
    let agent = agent_of(&asked.system);
    let mut state = lock(state);
    state.play.find_secrets(shape::texts(&body).into_iter(), &mut wrong);
    let (path, bytes) = (request.path.clone(), request.body.len());
    state.requests.push(Recorded { at, path, agent: agent.clone(), bytes, body });
    let status = if authorised { 400 } else { 401 };
    let turn = state.play.answer(agent.as_deref(), wrong).map_err(|message| (status, message))?;
    let ids = turn.calls.iter().map(|_| format!("call_{}", state.play.next_call())).collect();
    Ok((asked, turn, ids))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wire {
    OpenAi,
    Anthropic,
}

impl Wire {
    fn of(request: &Request) -> Self {
        let anthropic = request.path == "/v1/messages" || request.header("x-api-key").is_some();
        if anthropic { Self::Anthropic } else { Self::OpenAi }
    }

    /// Complains about method, path and headers; answers whether the key is right.
    fn check_head(self, request: &Request, wrong: &mut Vec<String>) -> bool {
        let (path, header, expected) = match self {
            Self::OpenAi => ("/v1/chat/completions", "authorization", format!("Bearer {}", ModelServer::KEY)),
            Self::Anthropic => ("/v1/messages", "x-api-key", ModelServer::KEY.to_owned()),
        };
        if (request.method.as_str(), request.path.as_str()) != ("POST", path) {
            wrong.push(format!("{} {} is not an endpoint", request.method, request.path));
        }
        let content_type = request.header("content-type").unwrap_or_default();
        if content_type.split(';').next() != Some("application/json") {
            wrong.push(format!("the content type is {content_type:?}"));
        }
        if self == Self::Anthropic && request.header("anthropic-version") != Some("2023-06-01") {
            wrong.push("the header anthropic-version is missing or unknown".into());
        }
        let authorised = request.header(header) == Some(&expected);
        if !authorised {
            wrong.push(format!(
                "the header {header} is {}",
                if request.header(header).is_some() { "wrong" } else { "missing" }
            ));
        }
        authorised
    }

    fn read(self, body: &Value, wrong: &mut Vec<String>) -> Asked {
        match self {
            Self::OpenAi => openai::read(body, wrong),
            Self::Anthropic => anthropic::read(body, wrong),
        }
    }

    fn stream(self, answer: &Answer<'_>) -> Vec<String> {
        match self {
            Self::OpenAi => openai::stream(answer),
            Self::Anthropic => anthropic::stream(answer),
        }
    }

    fn whole(self, answer: &Answer<'_>) -> Value {
        match self {
            Self::OpenAi => openai::whole(answer),
            Self::Anthropic => anthropic::whole(answer),
        }
    }

    fn error(self, status: u16, message: &str) -> Value {
        match self {
            Self::OpenAi => openai::error(status, message),
            Self::Anthropic => anthropic::error(status, message),
        }
    }

    fn models(self) -> Value {
        match self {
            Self::OpenAi => json!({"object": "list",
                "data": [{"id": "scripted", "object": "model", "created": 1_767_225_600, "owned_by": "scripted"}]}),
            Self::Anthropic => {
                json!({"data": [{"type": "model", "id": "scripted", "display_name": "Scripted",
                "created_at": "2026-01-01T00:00:00Z"}], "has_more": false, "first_id": "scripted", "last_id": "scripted"})
            }
        }
    }
}

impl Connection {
    /// Answers one request; gives the connection back if it can be used again.
    async fn attend(
        mut self,
        wire: Wire,
        request: &Request,
        state: &Mutex<State>,
    ) -> io::Result<Option<Self>> {
        match judge(wire, request, state) {
            Ok((asked, turn, ids)) => {
                let answer = Answer { model: &asked.model, turn: &turn, ids: &ids, usage: asked.usage };
                self.reply(wire, asked.stream, &answer).await
            }
            Err((status, message)) => {
                self.answer(status, "", &wire.error(status, &message).to_string()).await.map(|()| Some(self))
            }
        }
    }

    async fn reply(mut self, wire: Wire, stream: bool, answer: &Answer<'_>) -> io::Result<Option<Self>> {
        match &answer.turn.fault {
            Some(Fault::HangBeforeHeaders) => self.fall_silent().await.map(|()| None),
            Some(Fault::Status { code, retry_after }) => {
                let wait =
                    retry_after.map(|seconds| format!("retry-after: {seconds}\r\n")).unwrap_or_default();
                let body = wire.error(*code, "scripted fault").to_string();
                self.answer(*code, &wait, &body).await.map(|()| Some(self))
            }
            fault if stream => self.play_stream(&wire.stream(answer), answer.turn, fault.as_ref()).await,
            fault => self.play_whole(&wire.whole(answer).to_string(), answer.turn, fault.as_ref()).await,
        }
    }

    async fn play_stream(
        mut self,
        events: &[String],
        turn: &Turn,
        fault: Option<&Fault>,
    ) -> io::Result<Option<Self>> {
        let sent = if fault.is_some() { &events[..events.len() / 2] } else { events };
        if turn.pause.is_zero() {
            self.begin_stream(&sent.concat()).await?;
        } else {
            self.begin_stream("").await?;
            for event in sent {
                tokio::time::sleep(turn.pause).await;
                self.piece(event).await?;
            }
        }
        if fault == Some(&Fault::InvalidJson) {
            self.piece("data: {\"choices\": [{\"delta\": {\"content\": \"cut of\n\n").await?;
        }
        self.end(fault, true).await
    }

    async fn play_whole(
        mut self,
        body: &str,
        turn: &Turn,
        fault: Option<&Fault>,
    ) -> io::Result<Option<Self>> {
        tokio::time::sleep(turn.pause).await;
        let half = body.floor_char_boundary(body.len() / 2);
        match fault {
            None => self.answer(200, "", body).await?,
            Some(Fault::InvalidJson) => self.answer(200, "", &body[..half]).await?,
            Some(_) => self.answer_part(200, "", body, half).await?,
        }
        self.end(fault, false).await
    }

    /// What comes after the last byte of a reply.
    async fn end(mut self, fault: Option<&Fault>, stream: bool) -> io::Result<Option<Self>> {
        match fault {
            Some(Fault::Reset) => self.reset().map(|()| None),
            Some(Fault::HangMidStream) => self.fall_silent().await.map(|()| None),
            Some(Fault::Truncate) if !stream => Ok(None),
            _ if stream => self.end_stream().await.map(|()| Some(self)),
            _ => Ok(Some(self)),
        }
    }
}

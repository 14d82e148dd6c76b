//! Harness shared by the cross-crate tests: runs of the real application against scripted models.
//!
//! Everything is real (store, files, sandbox, processes, sockets) but the model's far side, which a strict server plays.
#![expect(clippy::unwrap_used, clippy::panic, reason = "it exists to make tests fail")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests are hosts: they read the environment and look at files"
)]

mod served;

pub use served::{Served, options};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aios_app::{App, AppConfig, Session};
use aios_protocol::{Api, EventFrame, RunDetail, RunEvent, RunId, RunShow, RunStart, RunStatus};
use aios_testkit::{ModelServer, RunTranscript, Script};
use futures::StreamExt;
use tempfile::TempDir;

/// How long a test waits before it gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// One data folder with its application, and the models that it talks to.
pub struct World {
    home: TempDir,
    child: PathBuf,
    env: BTreeMap<String, String>,
    servers: Vec<ModelServer>,
    app: Option<Arc<App>>,
}

impl World {
    /// A world whose OpenAI is played by this script. `child` is the test binary `aios-test-child`.
    pub fn new(child: &str, script: Script) -> Self {
        let server = ModelServer::start(script);
        let mut env: BTreeMap<String, String> = std::env::vars()
            .filter(|(name, _)| matches!(name.as_str(), "PATH" | "HOME" | "XDG_CACHE_HOME"))
            .collect();
        env.insert("OPENAI_API_KEY".into(), ModelServer::KEY.into());
        env.insert("OPENAI_BASE_URL".into(), server.openai_url());
        // The keyring of whoever runs the tests is not ours to write to.
        env.insert("AIOS_KEYRING".into(), "off".into());
        Self {
            home: tempfile::tempdir().unwrap(),
            child: child.into(),
            env,
            servers: vec![server],
            app: None,
        }
    }

    /// Adds an Anthropic that is played by this script.
    #[must_use]
    pub fn with_anthropic(mut self, script: Script) -> Self {
        let server = ModelServer::start(script);
        self.env.insert("ANTHROPIC_API_KEY".into(), ModelServer::KEY.into());
        self.env.insert("ANTHROPIC_BASE_URL".into(), server.anthropic_url());
        self.servers.push(server);
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn with_env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// The data folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A session of the local user.
    pub async fn session(&mut self) -> Session {
        self.app().await.session()
    }

    /// The application, opened at first use.
    pub async fn app(&mut self) -> Arc<App> {
        if let Some(app) = &self.app {
            return app.clone();
        }
        let config = AppConfig {
            home: self.home.path().join("data"),
            models_dir: Some(self.home.path().join("models")),
            env: self.env.clone(),
            exe: self.child.clone(),
            user_home: self.env.get("HOME").map(PathBuf::from),
        };
        let app = App::open(config).await.unwrap();
        self.app.insert(app).clone()
    }

    /// Ends the process, as far as the application can tell: runs are saved, and the next session opens everything anew.
    pub async fn restart(&mut self) {
        if let Some(app) = self.app.take() {
            app.shutdown(PATIENCE).await;
        }
    }

    /// Starts a run with the scripted OpenAI, unless the request names another model.
    pub async fn start(&mut self, request: RunStart) -> RunId {
        let model = request.model.clone().unwrap_or_else(|| "openai/gpt-4o".into());
        let started = self.session().await.run_start(RunStart { model: Some(model), ..request }).await;
        started.unwrap_or_else(|problem| panic!("the run did not start: {problem:?}")).run_id
    }

    /// Starts a run and waits until nothing more happens.
    pub async fn run(&mut self, request: RunStart) -> Finished {
        let run_id = self.start(request).await;
        self.follow(run_id).await
    }

    /// Waits until nothing more happens in a run.
    pub async fn follow(&mut self, run_id: RunId) -> Finished {
        self.follow_until(run_id, |_| false).await
    }

    /// Waits until an event, or until nothing more happens.
    pub async fn follow_until(&mut self, run_id: RunId, until: impl Fn(&RunEvent) -> bool) -> Finished {
        let session = self.session().await;
        let mut stream = session.subscribe(run_id, 0);
        let mut frames = Vec::new();
        let read = async {
            while let Some(frame) = stream.next().await {
                let frame = frame.unwrap();
                let stop = until(&frame.event);
                frames.push(frame);
                if stop {
                    break;
                }
            }
        };
        if tokio::time::timeout(PATIENCE, read).await.is_err() {
            panic!("the run did not end; it said:\n{}", RunTranscript::new(&frames));
        }
        let detail = session.run_show(RunShow { run_id }).await.unwrap();
        check_history(&frames);
        Finished { frames, detail }
    }

    /// The requests that the scripted models got, in order of arrival.
    pub fn requests(&self) -> Vec<aios_testkit::Recorded> {
        let mut all: Vec<_> = self.servers.iter().flat_map(ModelServer::requests).collect();
        all.sort_by_key(|request| request.at);
        all
    }

    /// Ends everything; panics if a model was asked wrongly or had more to say.
    pub async fn finish(mut self) {
        self.restart().await;
        for server in self.servers.drain(..) {
            server.finish();
        }
    }
}

/// Stored events count from 1 without gaps; chunks carry the number of the last one.
fn check_history(frames: &[EventFrame]) {
    let mut last = 0;
    for frame in frames {
        if frame.event.is_durable() {
            assert_eq!(frame.seq, last + 1, "a gap before {:?}", frame.event);
            last = frame.seq;
        }
    }
}

/// What came of a run.
pub struct Finished {
    /// Its events.
    pub frames: Vec<EventFrame>,
    /// How it stands.
    pub detail: RunDetail,
}

impl Finished {
    /// Its stored events as stable text.
    pub fn transcript(&self) -> RunTranscript {
        RunTranscript::new(&self.frames)
    }

    /// The names of its stored events, in order, chunks left out.
    pub fn names(&self) -> Vec<String> {
        let durable = self.frames.iter().filter(|frame| frame.event.is_durable());
        durable
            .map(|frame| {
                let value = serde_json::to_value(&frame.event).unwrap();
                let text = |key: &str| value.get(key).and_then(|value| value.as_str()).unwrap_or_default();
                format!("{} {}", text("event"), text("agent")).trim().to_owned()
            })
            .collect()
    }

    /// Panics unless it ended like this; says what happened.
    #[track_caller]
    pub fn expect(&self, status: RunStatus) -> &Self {
        assert_eq!(self.detail.status, status, "{:?}\n{}", self.detail.failure, self.transcript());
        self
    }

    /// A file of its workspace.
    pub fn file(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(Path::new(&self.detail.dir).join(path)).ok()
    }
}

/// A request with this objective and persona.
pub fn objective(text: &str, persona: &str) -> RunStart {
    RunStart { objective: text.into(), persona: Some(persona.into()), ..RunStart::default() }
}

//! The embedded model behind the `Model` port.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aios_core::{
    Completion, Finish, Infill, Message, Model, ModelError, ModelEvent, ModelInfo, ModelRequest, ModelStream,
    ModelStyle,
};
use aios_protocol::{ModelPrice, TokenUsage};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::self_test;
use crate::supervisor::{Crash, Replies, Supervisor, WorkerEvent, WorkerOptions};
use crate::wire::{self, Failure, Generation, Load, LoadFailure, Role, Threads, ToWorker, Usage, Variant};

/// Which weights to serve, and how.
#[derive(Clone, Debug)]
pub struct LocalModelOptions {
    /// What people call it: the alias in the catalogue.
    pub name: String,
    /// The file with the weights.
    pub weights: PathBuf,
    /// An executable that calls `worker_main` for [`crate::WORKER_ARGUMENT`]: usually our own.
    pub executable: PathBuf,
    /// Where the self-test keeps its result.
    pub state_dir: PathBuf,
    /// Tokens that one request may hold, prompt and reply together.
    pub context: u32,
    /// Requests that may be decoded at once.
    pub parallel: u32,
    /// Threads to compute with.
    pub threads: Threads,
    /// How long the worker may stay without a request.
    pub idle: Duration,
}

/// Tokens that one request to an embedded model may hold, unless its options say otherwise.
pub const CONTEXT: u32 = 8_192;

impl LocalModelOptions {
    /// The usual options: so many tokens, four requests at once, every core, ten minutes.
    pub fn new(name: impl Into<String>, weights: PathBuf, executable: PathBuf, state_dir: PathBuf) -> Self {
        Self {
            name: name.into(),
            weights,
            executable,
            state_dir,
            context: CONTEXT,
            parallel: 4,
            threads: Threads::All,
            idle: Duration::from_secs(600),
        }
    }
}

/// The embedded model. Nothing is started before its first request; that of a new machine or build also runs the
/// self-test. Text deltas do not repeat a request's prefill; without a temperature it is greedy.
#[derive(Clone)]
pub struct LocalModel {
    shared: Arc<Shared>,
}

struct Shared {
    info: ModelInfo,
    options: LocalModelOptions,
    supervisor: OnceCell<Supervisor>,
}

impl LocalModel {
    /// Starts nothing, and does not look whether the weights are there.
    pub fn new(options: LocalModelOptions) -> Self {
        let info = ModelInfo {
            provider: "local".to_owned(),
            name: options.name.clone(),
            context: options.context,
            max_output: options.context,
            price: Some(ModelPrice::default()),
            style: ModelStyle::Guided,
            infill: true,
        };
        Self { shared: Arc::new(Shared { info, options, supervisor: OnceCell::new() }) }
    }
}

impl Model for LocalModel {
    fn info(&self) -> &ModelInfo {
        &self.shared.info
    }

    fn stream(&self, request: ModelRequest, stop: CancellationToken) -> ModelStream {
        let shared = self.shared.clone();
        Box::pin(async_stream::try_stream! {
            let mut replies = shared.submit(request, &stop).await?;
            loop {
                let event = tokio::select! {
                    event = replies.next() => Ok(event),
                    () = stop.cancelled() => Err(ModelError::Cancelled),
                };
                match event? {
                    Some(WorkerEvent::Delta(text)) => yield ModelEvent::Text(text),
                    Some(WorkerEvent::Finished { finish, usage }) => {
                        yield ModelEvent::Done(shared.completion(finish, usage)?);
                        return;
                    }
                    Some(WorkerEvent::Failed(reason)) => Err(shared.failed(&reason))?,
                    Some(WorkerEvent::LoadFailed(reason)) => Err(shared.not_ready(&reason))?,
                    Some(WorkerEvent::Crashed(crash)) => Err(shared.crashed(crash))?,
                    None => Err(shared.crashed(Crash::abandoned()))?,
                }
            }
        })
    }
}

impl Shared {
    async fn submit(&self, request: ModelRequest, stop: &CancellationToken) -> Result<Replies, ModelError> {
        if !self.options.weights.is_file() {
            return Err(ModelError::NotReady {
                model: self.info.full_name(),
                reason: format!("its weights are not at {}", self.options.weights.display()),
                advice: format!("pull it with `aios models pull {}`", self.info.name),
            });
        }
        let supervisor = tokio::select! {
            supervisor = self.supervisor.get_or_init(|| self.supervise()) => supervisor,
            () = stop.cancelled() => return Err(ModelError::Cancelled),
        };
        let generation = Generation {
            max_tokens: request.max_tokens.unwrap_or(u32::MAX),
            temperature: request.temperature.unwrap_or(0.0),
            seed: request.seed.map(|seed| (seed ^ (seed >> 32)) as u32),
            stop: request.stop,
            grammar: request.grammar,
            ..Generation::default()
        };
        let prefill = request.prefill.unwrap_or_default();
        if let Some(Infill { prefix, suffix }) = request.infill {
            let (prefix, suffix) = (prefix.to_string(), suffix.to_string());
            return Ok(supervisor.submit(|id| ToWorker::Complete {
                id,
                prefix,
                suffix,
                middle: prefill,
                generation,
            }));
        }
        let messages = request.messages.iter().map(plain).collect();
        Ok(supervisor.submit(|id| ToWorker::Chat { id, messages, prefill, generation }))
    }

    async fn supervise(&self) -> Supervisor {
        let options = &self.options;
        let load = Load {
            model: options.weights.clone(),
            context: options.context,
            parallel: options.parallel,
            threads: options.threads,
            variant: Variant::Baseline,
        };
        let worker = WorkerOptions { executable: options.executable.clone(), load, idle: options.idle };
        let state = options.state_dir.join(format!("{}-cpu.json", options.name));
        let variant = self_test::choose(&worker, &state).await;
        Supervisor::new(WorkerOptions { load: Load { variant, ..worker.load.clone() }, ..worker })
    }

    fn completion(&self, finish: wire::Finish, usage: Usage) -> Result<Completion, ModelError> {
        let finish = match finish {
            wire::Finish::Stop => Finish::Stop,
            wire::Finish::Length => Finish::Length,
            wire::Finish::Cancelled => return Err(ModelError::Cancelled),
        };
        let usage = TokenUsage {
            input: usage.prompt_tokens.into(),
            cached: usage.cached_tokens.into(),
            output: usage.generated_tokens.into(),
        };
        Ok(Completion { finish, usage, model: self.info.full_name(), price: self.info.price })
    }

    fn failed(&self, reason: &Failure) -> ModelError {
        let (model, detail) = (self.info.full_name(), reason.to_string());
        match reason {
            Failure::PromptTooLong { .. } => ModelError::ContextTooLong { model, detail },
            Failure::BadGrammar | Failure::NoInfill => ModelError::Refused { model, detail },
            Failure::GrammarDeadEnd | Failure::Decode { .. } => ModelError::BadReply { model, detail },
        }
    }

    fn not_ready(&self, reason: &LoadFailure) -> ModelError {
        let name = &self.info.name;
        let advice = match reason {
            LoadFailure::BadFile { .. } | LoadFailure::Unreadable { .. } => {
                format!(
                    "remove it with `aios models remove {name}` and pull it again with `aios models pull {name}`"
                )
            }
            LoadFailure::NoContext { .. } => "free some memory".to_owned(),
            LoadFailure::Processor { .. } => "choose a provider's model with --model".to_owned(),
            LoadFailure::NoVariant { .. } => format!("delete {}", self.options.state_dir.display()),
        };
        ModelError::NotReady { model: self.info.full_name(), reason: reason.to_string(), advice }
    }

    fn crashed(&self, crash: Crash) -> ModelError {
        ModelError::Crashed { model: self.info.full_name(), reason: crash.reason, advice: crash.advice }
    }
}

/// It knows no tools: what one answered is told as the user's words.
fn plain(message: &Message) -> wire::Message {
    let (role, text) = match message {
        Message::System { text } => (Role::System, text.to_string()),
        Message::User { text } => (Role::User, text.to_string()),
        Message::Assistant { text, .. } => (Role::Assistant, text.to_string()),
        Message::Tool { name, content, .. } => (Role::User, format!("{name} answered:\n{content}")),
    };
    wire::Message { role, text }
}

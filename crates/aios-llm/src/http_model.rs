//! A model behind a provider's HTTP interface.

use std::sync::Arc;

use aios_core::{
    Completion, Model, ModelError, ModelEvent, ModelInfo, ModelRequest, ModelStream, ModelStyle, Secret,
};
use async_stream::try_stream;
use reqwest::Url;
use tokio_util::sync::CancellationToken;

use crate::cancel::until_cancelled;
use crate::catalog::catalog;
use crate::fault::Fault;
use crate::http::Http;
use crate::keys::Keys;
use crate::line::Line;
use crate::name::{ModelRef, did_you_mean};
use crate::provider::{Provider, nearest_providers, provider};
use crate::turn::Finished;

/// Context window and longest reply of models that the catalogue does not know.
const UNKNOWN_CONTEXT: u32 = 128_000;
const UNKNOWN_MAX_OUTPUT: u32 = 8_192;

/// A model behind a provider's HTTP interface. Makes one attempt for each request: see `Retrying` and `Failover`.
pub struct HttpModel {
    shared: Arc<Shared>,
}

struct Shared {
    info: ModelInfo,
    full_name: String,
    key: Option<Secret<String>>,
    http: Http,
    line: Line,
}

/// Why a model cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// Nobody has this name.
    #[error("unknown provider `{provider}`{}", did_you_mean(nearest))]
    UnknownProvider {
        /// As given.
        provider: String,
        /// Names like it.
        nearest: Vec<String>,
    },
    /// The provider wants a key and there is none.
    #[error("{provider} needs a key: set {variable}")]
    NoKey {
        /// Short name of the provider.
        provider: String,
        /// The variable that holds it.
        variable: String,
    },
    /// The key cannot be sent: it holds a line break or the like.
    #[error("the key of {provider} has characters that cannot be in a key: check {variable}")]
    BadKey {
        /// Short name of the provider.
        provider: String,
        /// The variable that holds it.
        variable: String,
    },
    /// The address that the user gave is none.
    #[error("the address `{address}` of {provider} is none: it should look like https://host/v1")]
    BadAddress {
        /// Short name of the provider.
        provider: String,
        /// As given.
        address: String,
    },
}

impl HttpModel {
    /// Sets a model up without connecting. A key is needed unless the provider wants none, or the user moved it to another
    /// address.
    pub fn new(model: &ModelRef, keys: &Keys, http: &Http) -> Result<Self, SetupError> {
        let provider = provider(&model.provider).ok_or_else(|| SetupError::UnknownProvider {
            provider: model.provider.clone(),
            nearest: nearest_providers(&model.provider),
        })?;
        let key = keys.key(provider);
        let variable = || provider.key_variables.first().copied().unwrap_or_default().to_owned();
        if key.is_none() && !provider.key_variables.is_empty() && keys.base_url(provider).is_none() {
            return Err(SetupError::NoKey { provider: provider.id.to_owned(), variable: variable() });
        }
        let base = base_url(provider, keys.base_url(provider))?;
        let moved = keys.base_url(provider).is_some();
        let line = Line::new(provider.wire, &base, moved, &model.name, key)
            .map_err(|_| SetupError::BadKey { provider: provider.id.to_owned(), variable: variable() })?;
        let info = info(provider, &model.name);
        let full_name = info.full_name();
        let shared = Shared { info, full_name, key: key.cloned(), http: http.clone(), line };
        Ok(Self { shared: Arc::new(shared) })
    }
}

/// The provider's own address, or the one that the user moved it to.
fn base_url(provider: &Provider, moved: Option<&str>) -> Result<Url, SetupError> {
    let address = moved.unwrap_or(provider.base_url);
    // Addresses without a scheme are common for servers on the own network.
    let whole = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
    let bad = || SetupError::BadAddress { provider: provider.id.to_owned(), address: address.to_owned() };
    let mut url = Url::parse(&whole).map_err(|_| bad())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad());
    }
    if provider.base_is_host && url.path() == "/" {
        url.set_path("/v1");
        if url.host_str() == Some("0.0.0.0") {
            // Where a server listens, not where it is reached.
            url.set_host(Some("127.0.0.1")).map_err(|_| bad())?;
        }
    }
    Ok(url)
}

fn info(provider: &Provider, name: &str) -> ModelInfo {
    let entry = catalog().find(provider.id, name);
    ModelInfo {
        provider: provider.id.to_owned(),
        name: name.to_owned(),
        context: entry.map_or(UNKNOWN_CONTEXT, |entry| entry.context),
        max_output: entry.map_or(UNKNOWN_MAX_OUTPUT, |entry| entry.max_output),
        price: entry.and_then(|entry| entry.price),
        style: ModelStyle::Tools,
        infill: false,
    }
}

impl Model for HttpModel {
    fn info(&self) -> &ModelInfo {
        &self.shared.info
    }

    fn stream(&self, request: ModelRequest, stop: CancellationToken) -> ModelStream {
        until_cancelled(Arc::clone(&self.shared).stream(request), stop)
    }
}

impl Shared {
    fn stream(self: Arc<Self>, request: ModelRequest) -> ModelStream {
        Box::pin(try_stream! {
            let opened = self.line.open(&request, &self.info, &self.http).await;
            let mut incoming = opened.map_err(|fault| self.blame(fault))?;
            let mut events = Vec::new();
            loop {
                let last = incoming.next(&mut events).await.map_err(|fault| self.blame(fault))?;
                for event in events.drain(..) {
                    yield event;
                }
                if last {
                    break;
                }
            }
            let Finished { calls, finish, usage } =
                incoming.finish().finish(&request).map_err(|fault| self.blame(fault))?;
            for call in calls {
                yield ModelEvent::ToolCall(call);
            }
            yield ModelEvent::Done(Completion {
                finish,
                usage,
                model: self.full_name.clone(),
                price: self.info.price,
            });
        })
    }

    /// Puts the model's name to a fault; to an unknown model the names that were perhaps meant, to a key where it is set.
    fn blame(&self, fault: Fault) -> ModelError {
        let fault = match fault {
            Fault::NoSuchModel(detail) => {
                let nearest = catalog().nearest_names(&self.info.provider, &self.info.name);
                if nearest.contains(&self.info.name) {
                    Fault::NoSuchModel(detail)
                } else {
                    Fault::NoSuchModel(format!("{detail}{}", did_you_mean(&nearest)))
                }
            }
            Fault::Unauthorised(detail) => {
                let variable =
                    provider(&self.info.provider).and_then(|provider| provider.key_variables.first());
                let advice = variable.map(|variable| format!("; check {variable}")).unwrap_or_default();
                Fault::Unauthorised(format!("{detail}{advice}"))
            }
            fault => fault,
        };
        fault.of(&self.full_name, self.key.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_or_refused() {
        let check = |id: &str, moved: Option<&str>, expect: Option<&str>| {
            let found = base_url(provider(id).unwrap(), moved).ok();
            assert_eq!(found.as_ref().map(Url::as_str), expect, "{id} {moved:?}");
        };
        check("openai", None, Some("https://api.openai.com/v1"));
        check("openai", Some("http://127.0.0.1:8080/v1/"), Some("http://127.0.0.1:8080/v1/"));
        check("openai", Some("127.0.0.1:8080/v1"), Some("http://127.0.0.1:8080/v1"));
        check("openai", Some("http://127.0.0.1:8080"), Some("http://127.0.0.1:8080/"));
        check("ollama", Some("0.0.0.0:11434"), Some("http://127.0.0.1:11434/v1"));
        check("ollama", Some("https://ollama.example.com/api/v1"), Some("https://ollama.example.com/api/v1"));
        check("openai", Some("ftp://example.com"), None);
        check("openai", Some("http://"), None);
        check("openai", Some("http://a b"), None);
    }

    #[test]
    fn what_is_missing_is_said_before_anything_is_sent() {
        let check = |model: &str, keys: &Keys, expect: &str| {
            let (provider, name) = model.split_once('/').unwrap();
            let model = ModelRef { provider: provider.to_owned(), name: name.to_owned() };
            let error = HttpModel::new(&model, keys, &Http::default()).err().map(|error| error.to_string());
            assert_eq!(error.unwrap_or_default(), expect, "{model}");
        };
        check(
            "anthropic/claude-sonnet-4-5",
            &Keys::default(),
            "anthropic needs a key: set ANTHROPIC_API_KEY",
        );
        check("ollama/llama3.1:8b", &Keys::default(), "");
        check("opnai/x", &Keys::default(), "unknown provider `opnai`; did you mean openai?");
        let keys =
            Keys::collect(|variable| Some(if variable.ends_with("KEY") { "a\nb" } else { "::" }.to_owned()));
        check("groq/x", &keys, "the key of groq has characters that cannot be in a key: check GROQ_API_KEY");
        check("ollama/x", &keys, "the address `::` of ollama is none: it should look like https://host/v1");
    }
}

//! `aios models`: the catalogue, and the embedded model's weights.

use aios_protocol::{
    Api, ModelEntry, ModelList, Models, ProviderEntry, WeightsEntry, WeightsList, WeightsPage, WeightsRemove,
};
use serde::Serialize;

use crate::args::{ModelsList, ModelsPull, ModelsRemove};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::text::{Line, Tone};
use crate::{download, words};

/// Both lists in one object, as `--json` prints them.
#[derive(Serialize)]
struct Everything {
    #[serde(flatten)]
    embedded: WeightsPage,
    #[serde(flatten)]
    catalogue: Models,
}

pub(super) async fn list(context: &Context, arguments: ModelsList) -> Result<Exit, Failure> {
    let one = arguments.provider.is_some();
    let api = context.place().await?.api();
    let catalogue = api.model_list(ModelList { provider: arguments.provider, free: None }).await?;
    let embedded = match one {
        true => WeightsPage { weights: Vec::new() },
        false => api.weights_list(WeightsList {}).await?,
    };
    if context.json {
        context.print_json(&Everything { embedded, catalogue })?;
        return Ok(Exit::Completed);
    }
    let mut lines = weights_lines(&embedded.weights);
    for provider in &catalogue.providers {
        lines.extend(provider_lines(provider, one));
    }
    context.print_table(lines)?;
    Ok(Exit::Completed)
}

pub(super) async fn pull(context: &Context, arguments: ModelsPull) -> Result<Exit, Failure> {
    let id = arguments.id.unwrap_or_default();
    let from = arguments.from.map(|file| context.environment.absolute(&file));
    let session = &context.here("models pull").await?.session;
    let path = download::pull(context, session, without_provider(&id), from).await?;
    match context.json {
        true => context.print_json(&session.weights_list(WeightsList {}).await?)?,
        false => context.print(&[Line::new().add(Tone::Good, "✓ ").plain(&path.display().to_string())])?,
    }
    Ok(Exit::Completed)
}

pub(super) async fn remove(context: &Context, arguments: ModelsRemove) -> Result<Exit, Failure> {
    let id = without_provider(&arguments.id).to_owned();
    let done = context.place().await?.api().weights_remove(WeightsRemove { id: id.clone() }).await?;
    match context.json {
        true => context.print_json(&done)?,
        false => context.print(&[Line::from(format!("deleted {id}; get it back: aios models pull {id}"))])?,
    }
    Ok(Exit::Completed)
}

/// People write what `--model` takes, too.
fn without_provider(id: &str) -> &str {
    id.strip_prefix("local/").unwrap_or(id)
}

fn weights_lines(weights: &[WeightsEntry]) -> Vec<Line> {
    if weights.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::new().add(Tone::Bold, "Embedded").dim("  no key, no network")];
    let column = 6 + weights.iter().map(|weights| weights.id.len() + "local/".len()).max().unwrap_or(0);
    for entry in weights {
        let (mark, state) = match entry.path {
            Some(_) => (mark(true), "on disk".to_owned()),
            None => (mark(false), format!("aios models pull {}", entry.id)),
        };
        let purpose = if entry.purpose == "run" { "runs" } else { "Tab" };
        lines.push(
            mark.plain("local/")
                .plain(&entry.id)
                .pad(column)
                .plain(&format!("{purpose:<6}{:>9}  ", words::bytes(entry.bytes)))
                .plain(&state),
        );
    }
    lines
}

fn provider_lines(provider: &ProviderEntry, with_details: bool) -> Vec<Line> {
    let key = match (&provider.key_variable, provider.configured) {
        (_, true) => "ready".to_owned(),
        (Some(variable), false) => format!("set {variable}"),
        (None, false) => "not reachable".to_owned(),
    };
    let mut lines = vec![
        Line::new(),
        Line::new().add(Tone::Bold, &provider.name).plain("  ").join(match provider.configured {
            true => Line::new().add(Tone::Good, &key),
            false => Line::new().dim(&key),
        }),
    ];
    let names = provider.models.iter().map(|model| Line::from(full_name(provider, model)).width());
    let column = 6 + names.max().unwrap_or(0);
    for model in &provider.models {
        lines.push(
            mark(provider.configured)
                .plain(&full_name(provider, model))
                .pad(column)
                .dim(&format!("{:>6}  ", context_window(model.context)))
                .plain(&model.pricing),
        );
        if with_details {
            lines.push(Line::new().pad(column).dim(&model.best_for));
            lines.push(Line::new().pad(column).dim(&model.rate_limit));
        }
    }
    lines
}

fn full_name(provider: &ProviderEntry, model: &ModelEntry) -> String {
    format!("{}/{}", provider.id, model.id)
}

fn mark(ready: bool) -> Line {
    if ready { Line::new().add(Tone::Good, "  ✓ ") } else { Line::new().dim("  ○ ") }
}

/// `128k`, `1M`.
fn context_window(tokens: u32) -> String {
    match tokens {
        1_000_000.. => format!("{}M", tokens / 1_000_000),
        1000.. => format!("{}k", tokens / 1000),
        _ => tokens.to_string(),
    }
}

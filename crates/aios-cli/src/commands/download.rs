//! `aios runs download`: the files of a run, wherever they are.

use std::path::PathBuf;

use aios_protocol::{RunId, RunShow};
use serde_json::json;

use crate::args::RunsDownload;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::place::Place;
use crate::text::Line;
use crate::view::field;
use crate::{run_ref, unpack, words};

pub(super) async fn download(context: &Context, arguments: RunsDownload) -> Result<Exit, Failure> {
    let place = context.place().await?;
    let run_id = run_ref::resolve(place.api(), &arguments.run).await?;
    let Place::There(client) = place else {
        return tell(context, place, run_id).await;
    };
    let to = arguments.to.unwrap_or_else(|| PathBuf::from(format!("run_{run_id}")));
    let to = context.environment.absolute(&to);
    let shown = to.display().to_string();
    let pieces = client.download(run_id).await?;
    if to.extension().is_some_and(|extension| extension == "zip") {
        unpack::save(pieces, &to).await?;
        match context.json {
            true => context.print_json(&json!({ "archive": shown }))?,
            false => context.print(&[field("archive", &shown)])?,
        }
        return Ok(Exit::Completed);
    }
    let files = unpack::unpack(pieces, &to).await?;
    match context.json {
        true => context.print_json(&json!({ "dir": shown, "files": files }))?,
        false => context.print(&[field("files", &words::count(files, "file")), field("in", &shown)])?,
    }
    Ok(Exit::Completed)
}

/// Here the files are where the run left them.
async fn tell(context: &Context, place: &Place, run_id: RunId) -> Result<Exit, Failure> {
    let dir = place.api().run_show(RunShow { run_id }).await?.dir;
    match context.json {
        true => context.print_json(&json!({ "dir": dir }))?,
        false => context
            .print(&[Line::from("nothing to download: the files are on this machine"), field("in", &dir)])?,
    }
    Ok(Exit::Completed)
}

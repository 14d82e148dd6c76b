//! Finding files and text.

use aios_protocol::{
    ErrorCode, FilesFind, FoundFiles, Items, Problem, TextFound, TextReplace, TextReplaced, TextSearch,
};
use aios_workspace::{SearchError, replace, search};
use async_stream::stream;
use futures::StreamExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{folder, in_folder};
use crate::session::Session;

/// Files that are answered, unless more are asked for.
const FILES: u32 = 50;
/// Matches after which a search ends, unless more are asked for.
const MATCHES: u32 = 20_000;
/// Items that wait to be taken.
const WAITING: usize = 64;

pub(crate) async fn find(session: &Session, request: FilesFind) -> Result<FoundFiles, Problem> {
    let limit = request.limit.unwrap_or(FILES) as usize;
    folder(session, request.folder.clone()).await?.keep_listed().await;
    in_folder(session, request.folder, move |folder| Ok(folder.list.find(&request.query, limit))).await
}

pub(crate) fn text(session: &Session, request: TextSearch, stop: CancellationToken) -> Items<TextFound> {
    let session = session.clone();
    stream! {
        let folder = match folder(&session, request.folder).await {
            Ok(folder) => folder,
            Err(problem) => {
                yield Err(problem);
                return;
            }
        };
        let (tell, mut found) = mpsc::channel(WAITING);
        let ends = stop.clone();
        // A search that nobody listens to any more ends by itself.
        let _ended_with_us = ends.clone().drop_guard();
        let searching = tokio::task::spawn_blocking(move || {
            let most = u64::from(request.max_matches.unwrap_or(MATCHES));
            search(&folder.files, &request.query, most, &tell, &ends)
        });
        while let Some(item) = found.recv().await {
            yield Ok(item);
        }
        match searching.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => yield Err(invalid(&error)),
            Err(error) => yield Err(Problem::new(ErrorCode::Internal, error.to_string())),
        }
    }
    .boxed()
}

pub(crate) async fn text_replace(session: &Session, request: TextReplace) -> Result<TextReplaced, Problem> {
    if request.query.replacement.is_none() {
        return Err(Problem::new(ErrorCode::InvalidRequest, "the query says no replacement"));
    }
    in_folder(session, request.folder, move |folder| {
        let files = replace(&folder.files, &request.query, &request.files);
        Ok(TextReplaced { files: files.map_err(|error| invalid(&error))? })
    })
    .await
}

fn invalid(error: &SearchError) -> Problem {
    Problem::new(ErrorCode::InvalidRequest, error.to_string())
}

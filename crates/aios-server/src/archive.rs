//! `GET /runs/{run_id}/download`: the files of a run as a ZIP, made while it is sent.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use aios_app::RunFiles;
use aios_protocol::{ErrorCode, Right, RunId};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use futures::future::ready;
use futures::{StreamExt, stream};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::failure::Failure;
use crate::request;
use crate::server::Server;

/// Bytes that are sent at once.
const PIECE: usize = 64 * 1024;
/// Pieces that wait for the client.
const WAITING: usize = 8;

/// Answers with the archive, or with why there is none. A fault on the way cuts the transfer, so that no client takes half an
/// archive for a whole one.
pub(crate) async fn download(
    State(server): State<Arc<Server>>,
    request: Request,
) -> Result<Response, Failure> {
    let (mut parts, _) = request.into_parts();
    let guest = server.enter(&parts).await?;
    guest.access.caller().require(Right::Read, "run_download")?;
    let text = request::parameter(&mut parts).await?;
    let run_id: RunId =
        text.parse().map_err(|_| Failure::new(ErrorCode::NotFound, "there is no such run"))?;
    let session = guest.access.inner();
    let files = session.run_files(run_id).await?;
    let share = server.download_shares.take(session.organisation());
    let permit = share.zip(server.downloads.clone().try_acquire_owned().ok());
    let permit = permit.ok_or_else(|| Failure::too_often(Duration::from_secs(5)))?;
    let (pieces, receiver) = mpsc::channel(WAITING);
    let sending =
        Sending { buffer: Vec::with_capacity(PIECE), pieces, patience: server.options.stall_timeout };
    let writing = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        write(&files, sending)
    });
    // The pieces end when the writer does, one way or the other.
    let end = stream::once(writing).filter_map(move |written| {
        let error = written.map_err(io::Error::other).flatten().err();
        if let Some(error) = &error {
            tracing::warn!(%run_id, %error, "a download was cut");
        }
        ready(error.map(Err))
    });
    let mut response = Response::new(Body::from_stream(ReceiverStream::new(receiver).map(Ok).chain(end)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    let name = format!("attachment; filename=\"run_{run_id}.zip\"");
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment")),
    );
    Ok(response)
}

fn write(files: &RunFiles, to: Sending) -> io::Result<()> {
    let mut archive = ZipWriter::new_stream(to);
    files.each(|path, bytes, content| {
        let options = SimpleFileOptions::default().large_file(bytes >= u64::from(u32::MAX));
        archive.start_file(path, options)?;
        io::copy(content, &mut archive).map(|_| ())
    })?;
    archive.finish()?.into_inner().finish()
}

/// Writes into the body of an answer, as fast as the client reads.
struct Sending {
    buffer: Vec<u8>,
    pieces: mpsc::Sender<Bytes>,
    patience: Duration,
}

impl Sending {
    fn finish(mut self) -> io::Result<()> {
        self.flush()
    }
}

impl Write for Sending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE)).into();
        Handle::current().block_on(async {
            match tokio::time::timeout(self.patience, self.pieces.send(piece)).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the client left")),
                Err(_) => {
                    Err(io::Error::new(io::ErrorKind::TimedOut, "the client read nothing for too long"))
                }
            }
        })
    }
}

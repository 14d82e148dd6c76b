//! The hub: one file over HTTP, resumed by byte range.

use std::io::SeekFrom;
use std::time::Duration;

use futures::StreamExt;
use reqwest::header::{CONTENT_RANGE, RANGE};
use reqwest::{Client, Response, StatusCode};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::pull::{Phase, Pull, PullError, Source, SourceError};

/// Short, so that a machine without the hub goes on to the next source soon.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest wait between two pieces of the file.
const STALL: Duration = Duration::from_secs(30);
/// Attempts in a row that bring nothing new before we give up.
const FRUITLESS: u32 = 3;
/// Pause before another attempt.
const PAUSE: Duration = Duration::from_millis(300);

/// Fetches into the part file, going on from what it holds.
pub(super) async fn fetch(pull: &Pull<'_>, base: &str) -> Result<(), SourceError> {
    tokio::select! {
        result = fetch_all(pull, base) => result,
        () = pull.cancel.cancelled() => Err(PullError::Cancelled.into()),
    }
}

async fn fetch_all(pull: &Pull<'_>, base: &str) -> Result<(), SourceError> {
    let client = Client::builder().connect_timeout(CONNECT).read_timeout(STALL).build().map_err(gave_up)?;
    let url = pull.weights.hub.url(base);
    let mut part = Part::open(pull).await?;
    let mut fruitless = 0;
    let mut reached = false;
    while part.have != pull.weights.bytes {
        let before = part.have;
        match attempt(&mut part, &client, &url).await {
            Ok(()) => {}
            Err(Attempt::Stop(error)) => return Err(error),
            Err(Attempt::Broken(error)) if error.is_connect() && !reached => return Err(gave_up(error)),
            Err(Attempt::Broken(error)) if fruitless + 1 >= FRUITLESS => return Err(gave_up(error)),
            Err(Attempt::Broken(_)) => tokio::time::sleep(PAUSE).await,
        }
        reached = true;
        fruitless = if part.have > before { 0 } else { fruitless + 1 };
        if fruitless >= FRUITLESS {
            return Err(SourceError::GaveUp(format!("the file ends after {} bytes", part.have)));
        }
    }
    part.file.sync_all().await.map_err(|e| pull.write_error(e).into())
}

/// How one request failed.
enum Attempt {
    /// The connection broke: another request may go on from there.
    Broken(reqwest::Error),
    /// Another request will not help.
    Stop(SourceError),
}

/// The part file.
struct Part<'a> {
    pull: &'a Pull<'a>,
    file: File,
    have: u64,
}

impl<'a> Part<'a> {
    async fn open(pull: &'a Pull<'a>) -> Result<Self, SourceError> {
        let open = OpenOptions::new().create(true).truncate(false).write(true).open(&pull.part).await;
        let mut file = open.map_err(|e| pull.write_error(e))?;
        let have = file.seek(SeekFrom::End(0)).await.map_err(|e| pull.write_error(e))?;
        let mut part = Self { pull, file, have };
        if part.have > pull.weights.bytes {
            part.begin_anew().await?;
        }
        Ok(part)
    }

    async fn begin_anew(&mut self) -> Result<(), SourceError> {
        self.file.set_len(0).await.map_err(|e| self.pull.write_error(e))?;
        self.file.rewind().await.map_err(|e| self.pull.write_error(e))?;
        self.have = 0;
        Ok(())
    }

    async fn append(&mut self, bytes: &[u8]) -> Result<(), SourceError> {
        self.have += bytes.len() as u64;
        if self.have > self.pull.weights.bytes {
            self.begin_anew().await?;
            return Err(SourceError::GaveUp("the file is longer than it should be".to_owned()));
        }
        self.file.write_all(bytes).await.map_err(|e| self.pull.write_error(e))?;
        self.pull.report(Phase::Fetching(Source::Hub), self.have);
        Ok(())
    }
}

async fn attempt(part: &mut Part<'_>, client: &Client, url: &str) -> Result<(), Attempt> {
    let mut request = client.get(url);
    if part.have > 0 {
        request = request.header(RANGE, format!("bytes={}-", part.have));
    }
    let response = request.send().await.map_err(Attempt::Broken)?;
    match response.status() {
        StatusCode::PARTIAL_CONTENT if continues(&response, part.have, part.pull.weights.bytes) => {}
        StatusCode::OK => part.begin_anew().await.map_err(Attempt::Stop)?,
        // What we hold is no beginning of what it has.
        StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
            return part.begin_anew().await.map_err(Attempt::Stop);
        }
        status => return Err(Attempt::Stop(SourceError::GaveUp(format!("it answers {status}")))),
    }
    let mut stream = response.bytes_stream();
    let mut broken = Ok(());
    while let Some(piece) = stream.next().await {
        match piece {
            Ok(bytes) => part.append(&bytes).await.map_err(Attempt::Stop)?,
            Err(error) => broken = Err(Attempt::Broken(error)),
        }
    }
    part.file.flush().await.map_err(|e| Attempt::Stop(part.pull.write_error(e).into()))?;
    broken
}

/// Whether a partial answer is the rest that was asked for.
fn continues(response: &Response, have: u64, total: u64) -> bool {
    let range = response.headers().get(CONTENT_RANGE).and_then(|value| value.to_str().ok());
    range == Some(format!("bytes {have}-{}/{total}", total.saturating_sub(1)).as_str())
}

/// The innermost cause says most: the outer ones repeat the address.
fn gave_up(error: reqwest::Error) -> SourceError {
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    SourceError::GaveUp(cause.to_string())
}

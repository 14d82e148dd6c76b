//! One confined process from start to end: its socket, its output, its time.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as StdStream;
use std::pin::pin;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use aios_core::Limits;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::net::unix::pipe;
use tokio_util::sync::CancellationToken;

use super::launch::Launch;
use super::output::Output;
use super::wire::{Reply, Request};

/// How long to wait for a tree to end.
const GRACE: Duration = Duration::from_secs(2);

/// How long finding out what works may take.
const PROBE_TIME: Duration = Duration::from_secs(10);

/// How a process ended.
pub(super) enum Ended {
    Itself(Reply),
    /// Before the inner stage could say anything.
    Silently,
    TimedOut,
    Cancelled,
}

/// What a process did.
pub(super) struct Finished {
    pub(super) ended: Ended,
    pub(super) output: String,
    pub(super) duration: Duration,
}

/// Our ends of a command's socket and output. The socket is its standard input, so that nothing but standard streams must
/// be handed down; closing ours is what ends the tree.
fn connect(command: &mut Command) -> io::Result<(StdStream, io::PipeReader)> {
    let (ours, theirs) = StdStream::pair()?;
    let (reader, writer) = io::pipe()?;
    command.env_clear().stdin(Stdio::from(OwnedFd::from(theirs))).stdout(writer.try_clone()?).stderr(writer);
    Ok((ours, reader))
}

fn line(request: &Request) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    Ok(line)
}

/// Runs a command that says nothing, blocking.
pub(super) fn probe(launch: Launch) -> io::Result<Reply> {
    let Launch { mut command, request, scratch: _scratch } = launch;
    let (mut socket, mut output) = connect(&mut command)?;
    let mut child = command.spawn()?;
    drop(command);
    socket.set_read_timeout(Some(PROBE_TIME))?;
    let mut reply = String::new();
    let told =
        socket.write_all(&line(&request)?).and_then(|()| BufReader::new(&socket).read_line(&mut reply));
    drop(socket);
    if told.is_err() {
        child.kill()?;
    }
    child.wait()?;
    if reply.is_empty() {
        let mut said = String::new();
        output.read_to_string(&mut said)?;
        let why = if said.trim().is_empty() { "it ended without a report" } else { said.trim() };
        return Err(io::Error::other(why));
    }
    Ok(serde_json::from_str(&reply)?)
}

/// Runs a command to its end, to the end of its time, or until it is stopped.
pub(super) async fn run(launch: Launch, limits: &Limits, stop: &CancellationToken) -> io::Result<Finished> {
    let Launch { mut command, request, scratch } = launch;
    let started = Instant::now();
    let (socket, reader) = connect(&mut command)?;
    socket.set_nonblocking(true)?;
    let mut socket = tokio::io::BufReader::new(UnixStream::from_std(socket)?);
    let mut reader = pipe::Receiver::from_owned_fd(reader.into())?;
    let mut command = tokio::process::Command::from(command);
    let mut child = command.spawn()?;
    // It holds the other ends of our socket and pipe.
    drop(command);

    let mut output = Output::new(limits.output_bytes);
    let ended = {
        let mut pump = pin!(async {
            let mut part = vec![0; 64 * 1024];
            while let Ok(count @ 1..) = reader.read(&mut part).await {
                output.push(&part[..count]);
            }
        });
        let mut pumped = false;
        let ended = {
            let mut answer = pin!(exchange(&mut socket, &request));
            let mut time = pin!(tokio::time::sleep(limits.wall));
            loop {
                tokio::select! {
                    biased;
                    () = stop.cancelled() => break Ended::Cancelled,
                    () = &mut time => break Ended::TimedOut,
                    reply = &mut answer => break reply?.map_or(Ended::Silently, Ended::Itself),
                    () = &mut pump, if !pumped => pumped = true,
                }
            }
        };
        drop(socket);
        let rest = async {
            let _ = child.wait().await;
            if !pumped {
                pump.await;
            }
        };
        let reported = matches!(ended, Ended::Itself(_));
        if !reported && tokio::time::timeout(GRACE, rest).await.is_err() {
            // The inner stage knows, and goes on ending what is left; killing it would only set the tree free.
            tracing::warn!("a command's processes take long to end");
        }
        ended
    };
    // After a report nobody is left to write. The outer processes take milliseconds more to put away their namespaces, and hold the
    // pipe open meanwhile; the runtime collects them.
    let mut part = [0; 4096];
    while let Ok(count @ 1..) = rustix::io::read(&reader, &mut part) {
        output.push(&part[..count]);
    }
    let duration = started.elapsed();
    if scratch.is_some() {
        // Off the async threads; what a command left there may be large.
        drop(tokio::task::spawn_blocking(move || drop(scratch)));
    }
    Ok(Finished { ended, output: output.into_text(), duration })
}

/// Tells the inner stage what to run and waits for its report; there is none when it could not even start.
async fn exchange(
    socket: &mut tokio::io::BufReader<UnixStream>,
    request: &Request,
) -> io::Result<Option<Reply>> {
    let mut reply = String::new();
    let sent = socket.write_all(&line(request)?).await;
    if sent.is_err() || socket.read_line(&mut reply).await.is_err() || reply.is_empty() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_str(&reply)?))
}

//! The task that owns a worker process.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{Command, Crash, WORKER_ARGUMENT, WorkerEvent, WorkerOptions};
use crate::wire::{self, FromWorker, ToWorker};

/// Lines of the worker's stderr that are kept for its obituary.
const LAST_LINES: usize = 40;
/// How long a worker may take to be gone once its pipes are closed.
const GRACE: Duration = Duration::from_secs(2);

/// Serves commands until the last [`super::Supervisor`] handle is gone.
pub(super) async fn keep(options: WorkerOptions, mut commands: mpsc::UnboundedReceiver<Command>) {
    let mut worker: Option<Worker> = None;
    loop {
        let idle = worker.as_ref().is_some_and(|worker| worker.pending.is_empty());
        tokio::select! {
            command = commands.recv() => match command {
                None => return,
                Some(command) => obey(&options, &mut worker, command).await,
            },
            message = next_message(&mut worker) => match message {
                Some(message @ FromWorker::LoadFailed { .. }) => {
                    if let Some(mut useless) = worker.take() {
                        useless.pass_on(message);
                    }
                }
                Some(message) => {
                    if let Some(worker) = &mut worker {
                        worker.pass_on(message);
                    }
                }
                None => {
                    if let Some(dead) = worker.take() {
                        dead.bury().await;
                    }
                }
            },
            () = tokio::time::sleep(options.idle), if idle => worker = None,
        }
    }
}

async fn obey(options: &WorkerOptions, worker: &mut Option<Worker>, command: Command) {
    match command {
        Command::Cancel { id } => {
            if let Some(worker) = worker.as_mut().filter(|worker| worker.pending.contains_key(&id)) {
                worker.send(&ToWorker::Cancel { id }).await;
            }
        }
        Command::Submit { id, request, events } => {
            let alive = match worker {
                Some(worker) => worker,
                None => match Worker::start(options).await {
                    Ok(started) => worker.insert(started),
                    Err(error) => {
                        // Nobody may be listening any more; then nobody needs to know.
                        let _ = events
                            .send(WorkerEvent::Crashed(Crash::not_started(&options.executable, &error)));
                        return;
                    }
                },
            };
            alive.pending.insert(id, events);
            alive.send(&request).await;
        }
    }
}

/// Waits for ever while there is no worker.
async fn next_message(worker: &mut Option<Worker>) -> Option<FromWorker> {
    match worker {
        Some(worker) => worker.messages.recv().await,
        None => std::future::pending().await,
    }
}

struct Worker {
    child: Child,
    stdin: ChildStdin,
    messages: mpsc::UnboundedReceiver<FromWorker>,
    stderr: JoinHandle<VecDeque<String>>,
    pending: HashMap<u64, mpsc::UnboundedSender<WorkerEvent>>,
}

impl Worker {
    async fn start(options: &WorkerOptions) -> io::Result<Self> {
        // It needs nothing of our environment, which may hold secrets. Threads that wait asleep cost a little on an
        // idle machine; threads that wait spinning make it ten times slower while a build or a test runs.
        let mut child = tokio::process::Command::new(&options.executable)
            .arg(WORKER_ARGUMENT)
            .env_clear()
            .env("OMP_WAIT_POLICY", "passive")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let pipe = || io::Error::other("a pipe of the worker is missing");
        let stdin = child.stdin.take().ok_or_else(pipe)?;
        let stdout = child.stdout.take().ok_or_else(pipe)?;
        let stderr = child.stderr.take().ok_or_else(pipe)?;
        let (sender, messages) = mpsc::unbounded_channel();
        tokio::spawn(listen(stdout, sender));
        let stderr = tokio::spawn(last_lines(stderr));
        let mut worker = Self { child, stdin, messages, stderr, pending: HashMap::new() };
        worker.send(&ToWorker::Load(options.load.clone())).await;
        Ok(worker)
    }

    /// A worker that cannot be written to is dying: its stdout ends, and that is where we notice.
    async fn send(&mut self, message: &ToWorker) {
        if let Ok(frame) = wire::encode(message) {
            let _ = self.stdin.write_all(&frame).await;
        }
    }

    fn pass_on(&mut self, message: FromWorker) {
        match message {
            FromWorker::Ready { threads, load_ms } => {
                tracing::info!(threads, load_ms, "the embedded model is loaded")
            }
            FromWorker::LoadFailed { reason } => {
                for (_, events) in self.pending.drain() {
                    let _ = events.send(WorkerEvent::LoadFailed(reason.clone()));
                }
            }
            FromWorker::Delta { id, text } => {
                if let Some(events) = self.pending.get(&id) {
                    let _ = events.send(WorkerEvent::Delta(text));
                }
            }
            FromWorker::Finished { id, finish, usage } => {
                self.conclude(id, WorkerEvent::Finished { finish, usage })
            }
            FromWorker::Failed { id, reason } => self.conclude(id, WorkerEvent::Failed(reason)),
        }
    }

    fn conclude(&mut self, id: u64, event: WorkerEvent) {
        if let Some(events) = self.pending.remove(&id) {
            let _ = events.send(event);
        }
    }

    /// Finds out how it died, and tells those who wait for it.
    async fn bury(mut self) {
        drop(self.stdin);
        let status: Option<ExitStatus> = match tokio::time::timeout(GRACE, self.child.wait()).await {
            Ok(status) => status.ok(),
            Err(_) => None,
        };
        let lines = match tokio::time::timeout(GRACE, self.stderr).await {
            Ok(Ok(lines)) => lines.into(),
            _ => Vec::new(),
        };
        let crash = Crash::explain(status, &lines);
        if !self.pending.is_empty() {
            tracing::warn!(reason = %crash.reason, "the embedded model's process ended");
        }
        for (_, events) in self.pending.drain() {
            let _ = events.send(WorkerEvent::Crashed(crash.clone()));
        }
    }
}

/// Ends, and closes the channel, when the worker's stdout does or makes no sense.
async fn listen(mut stdout: ChildStdout, messages: mpsc::UnboundedSender<FromWorker>) {
    while let Ok(Some(message)) = wire::read_async(&mut stdout).await {
        if messages.send(message).is_err() {
            return;
        }
    }
}

async fn last_lines(stderr: impl tokio::io::AsyncRead + Unpin) -> VecDeque<String> {
    let mut lines = VecDeque::new();
    let mut reader = BufReader::new(stderr);
    let mut line = Vec::new();
    while let Ok(1..) = reader.read_until(b'\n', &mut line).await {
        if lines.len() == LAST_LINES {
            lines.pop_front();
        }
        lines.push_back(String::from_utf8_lossy(&line).trim_end().to_owned());
        line.clear();
    }
    lines
}

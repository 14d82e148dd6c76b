//! The user's own git, which changes the repository: their hooks, signatures, filters and credentials count.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use aios_core::WorkspacePath;
use aios_protocol::{GitChange, GitCommitted, SyncAct};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{GitError, Repo, failed};
use crate::UserFolder;

/// What is kept of what git said last.
const SAID: usize = 4_000;

/// The user's git.
#[derive(Debug, Clone)]
pub struct GitProgram(PathBuf);

impl GitProgram {
    /// The program at this path; nothing is there to be run where the user has none.
    pub fn new(path: Option<PathBuf>) -> Result<Self, GitError> {
        path.map(Self).ok_or(GitError::NoProgram)
    }

    fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.0);
        // Names are names, whatever characters they have; nobody is there to answer questions.
        command
            .arg("--literal-pathspecs")
            .args(arguments)
            .current_dir(folder)
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_EDITOR", ":")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs git to its end and answers its output.
    pub(super) fn run(
        &self,
        folder: &Path,
        arguments: &[&str],
        input: Option<&str>,
    ) -> Result<String, GitError> {
        let mut command = self.command(folder, arguments);
        if input.is_some() {
            command.stdin(Stdio::piped());
        }
        let mut child = command.spawn().map_err(GitError::Start)?;
        let stdin = child.stdin.take();
        let done = std::thread::scope(|scope| {
            if let (Some(mut stdin), Some(input)) = (stdin, input) {
                // One that ends early does not read everything, and says why.
                scope.spawn(move || _ = stdin.write_all(input.as_bytes()));
            }
            child.wait_with_output()
        });
        let done = done.map_err(GitError::Start)?;
        if done.status.success() {
            return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
        }
        let said = [done.stderr, done.stdout].concat();
        Err(refused(arguments, String::from_utf8_lossy(&said).trim()))
    }

    /// Makes a folder a repository.
    pub fn init(&self, folder: &Path) -> Result<(), GitError> {
        self.run(folder, &["init"], None).map(|_| ())
    }

    /// Talks to a remote, and tells each line that git says.
    pub async fn sync(
        &self,
        folder: &Path,
        act: SyncAct,
        remote: Option<&str>,
        tell: &mpsc::Sender<String>,
        stop: &CancellationToken,
    ) -> Result<(), GitError> {
        let remote = remote.filter(|remote| !remote.is_empty());
        if let Some(bad) = remote.filter(|remote| remote.starts_with('-')) {
            return Err(GitError::BadName(bad.to_owned()));
        }
        let arguments: Vec<&str> = match act {
            SyncAct::Fetch => ["fetch", "--progress"].into_iter().chain(remote).collect(),
            SyncAct::Pull => ["pull", "--ff-only", "--progress"].into_iter().chain(remote).collect(),
            SyncAct::Push => {
                vec!["push", "--progress", "--set-upstream", remote.unwrap_or("origin"), "HEAD"]
            }
        };
        let mut command = tokio::process::Command::from(self.command(folder, &arguments));
        let mut child = command.stdout(Stdio::null()).kill_on_drop(true).spawn().map_err(GitError::Start)?;
        let mut said = String::new();
        if let Some(stderr) = child.stderr.take() {
            let mut lines = BufReader::new(stderr).split(b'\n');
            loop {
                let line = tokio::select! {
                    line = lines.next_segment() => line,
                    () = stop.cancelled() => return Err(refused(&arguments, "it was stopped")),
                };
                let Ok(Some(line)) = line else { break };
                let line = String::from_utf8_lossy(&line);
                // What overwrites itself in a terminal counts as its last state.
                let line = line.trim_end().rsplit('\r').next().unwrap_or_default().to_owned();
                said.push_str(&line);
                said.push('\n');
                if tell.send(line).await.is_err() {
                    return Err(refused(&arguments, "nobody waits for it"));
                }
            }
        }
        let status = child.wait().await.map_err(GitError::Start)?;
        if status.success() { Ok(()) } else { Err(refused(&arguments, said.trim())) }
    }
}

fn refused(arguments: &[&str], said: &str) -> GitError {
    let skip = said.chars().count().saturating_sub(SAID);
    let command = arguments.first().copied().unwrap_or_default().to_owned();
    GitError::Refused { command, said: said.chars().skip(skip).collect() }
}

impl Repo {
    /// Takes files or folders into the next commit; everything when none are named.
    pub fn stage(&self, git: &GitProgram, paths: &[WorkspacePath]) -> Result<(), GitError> {
        self.with_paths(git, &["add", "--all"], paths)
    }

    /// Takes them out again; they stay as they are on disk.
    pub fn unstage(&self, git: &GitProgram, paths: &[WorkspacePath]) -> Result<(), GitError> {
        match self.repository.head() {
            Ok(_) => self.with_paths(git, &["reset", "--quiet"], paths),
            Err(_) => self.with_paths(git, &["rm", "--cached", "-r", "--quiet"], paths),
        }
    }

    /// Takes files back to what is staged, and untracked ones to the trash.
    pub fn discard(
        &self,
        git: &GitProgram,
        folder: &UserFolder,
        paths: &[WorkspacePath],
    ) -> Result<(), GitError> {
        let mut tracked = Vec::new();
        for file in self.status()?.files {
            let Ok(path) = WorkspacePath::new(&file.path) else { continue };
            let wanted = paths.iter().any(|wanted| path.as_path().starts_with(wanted.as_path()));
            match file.unstaged.filter(|_| wanted) {
                Some(GitChange::Untracked) => _ = folder.remove(&path, false)?,
                Some(_) => tracked.push(path),
                None => {}
            }
        }
        if tracked.is_empty() { Ok(()) } else { self.restore(git, &tracked) }
    }

    pub(super) fn restore(&self, git: &GitProgram, paths: &[WorkspacePath]) -> Result<(), GitError> {
        self.with_paths(git, &["restore", "--worktree"], paths)
    }

    /// Commits what is staged.
    pub fn commit_staged(
        &self,
        git: &GitProgram,
        message: &str,
        amend: bool,
    ) -> Result<GitCommitted, GitError> {
        let mut arguments = vec!["commit", "--quiet", "--file=-"];
        if amend {
            arguments.push("--amend");
        }
        git.run(&self.root, &arguments, Some(message))?;
        let head = self.repository.head().and_then(|head| head.peel_to_commit());
        let head = head.map_err(failed("read the commit"))?;
        Ok(GitCommitted { id: head.id().to_string(), summary: super::history::message(&head).0 })
    }

    /// Runs git on files of the folder; on the whole folder when none are named.
    fn with_paths(
        &self,
        git: &GitProgram,
        arguments: &[&str],
        paths: &[WorkspacePath],
    ) -> Result<(), GitError> {
        let mut inside: Vec<String> =
            paths.iter().map(|path| self.inside(path).to_string_lossy().into_owned()).collect();
        if inside.is_empty() {
            let whole = self.prefix.to_string_lossy();
            inside.push(if whole.is_empty() { ".".to_owned() } else { whole.into_owned() });
        }
        let all: Vec<&str> =
            arguments.iter().copied().chain(["--"]).chain(inside.iter().map(String::as_str)).collect();
        git.run(&self.root, &all, None).map(|_| ())
    }
}

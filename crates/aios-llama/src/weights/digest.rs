//! The hash of a large file, off the async threads.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

/// Bytes read at once, and between two looks at `cancel`.
const CHUNK: usize = 1 << 20;

/// SHA-256 in lower-case hexadecimal; `progress` gets the bytes read so far. Cancelled reads fail as interrupted.
pub(super) async fn sha256(
    path: PathBuf,
    cancel: CancellationToken,
    progress: impl Fn(u64) + Send + 'static,
) -> io::Result<String> {
    let read = move || {
        let mut file = File::open(path)?;
        let (mut hash, mut chunk, mut done) = (Sha256::new(), vec![0; CHUNK], 0);
        loop {
            if cancel.is_cancelled() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            match file.read(&mut chunk)? {
                0 => break,
                n => {
                    hash.update(&chunk[..n]);
                    done += n as u64;
                    progress(done);
                }
            }
        }
        Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    };
    tokio::task::spawn_blocking(read).await.map_err(io::Error::other)?
}

//! Files of a run that come from a server: the archive, and the folder that it becomes.

#![expect(clippy::disallowed_methods, reason = "a host writes where its user says")]

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use aios_protocol::{ErrorCode, Problem};
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use zip::ZipArchive;

/// Bytes that an archive may become: a small hostile one could fill any disk.
const MOST_UNPACKED: u64 = 16 << 30;

/// Writes an archive as it comes. Nothing is left of one that is cut.
pub(crate) async fn save(
    mut pieces: BoxStream<'static, Result<Bytes, Problem>>,
    to: &Path,
) -> Result<(), Problem> {
    if to.exists() {
        return Err(Problem::new(ErrorCode::Conflict, format!("{} exists already", to.display()))
            .with_hint("name another place"));
    }
    let mut part = Part::create(to)?;
    while let Some(piece) = pieces.next().await {
        part.write(&piece?)?;
    }
    part.finish(to)
}

/// Makes a folder of an archive as it comes; tells how many files it has.
pub(crate) async fn unpack(
    mut pieces: BoxStream<'static, Result<Bytes, Problem>>,
    to: &Path,
) -> Result<usize, Problem> {
    check_is_free(to)?;
    let mut part = Part::create(to)?;
    while let Some(piece) = pieces.next().await {
        part.write(&piece?)?;
    }
    let to = to.to_owned();
    let unpacked = tokio::task::spawn_blocking(move || {
        let file = File::open(&part.path).map_err(|error| failed(&part.path, &error))?;
        extract(file, &to, MOST_UNPACKED)
    });
    unpacked.await.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?
}

/// A file that is not whole yet; deleted unless it is finished.
struct Part {
    path: PathBuf,
    file: File,
    is_whole: bool,
}

impl Part {
    fn create(to: &Path) -> Result<Self, Problem> {
        let path = to.with_added_extension("part");
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(&path);
        let file = file.map_err(|error| failed(&path, &error))?;
        Ok(Self { path, file, is_whole: false })
    }

    fn write(&mut self, piece: &[u8]) -> Result<(), Problem> {
        self.file.write_all(piece).map_err(|error| failed(&self.path, &error))
    }

    fn finish(mut self, to: &Path) -> Result<(), Problem> {
        let renamed = self.file.sync_all().and_then(|()| std::fs::rename(&self.path, to));
        renamed.map_err(|error| failed(to, &error))?;
        self.is_whole = true;
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_whole {
            // What cannot be deleted is named so that nobody takes it for the whole.
            _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Writes the files of an archive beneath a folder, and nowhere else: whoever made it may be hostile.
fn extract(archive: File, to: &Path, most: u64) -> Result<usize, Problem> {
    let broken = |error: &dyn std::error::Error| {
        Problem::new(ErrorCode::Unavailable, format!("the archive of the run cannot be read: {error}"))
    };
    let mut archive = ZipArchive::new(archive).map_err(|error| broken(&error))?;
    let (mut files, mut left) = (0, most);
    std::fs::create_dir_all(to).map_err(|error| failed(to, &error))?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| broken(&error))?;
        let Some(path) = entry.enclosed_name().filter(|_| !entry.is_symlink()) else {
            return Err(broken(&io::Error::new(
                ErrorKind::InvalidData,
                format!("it holds {:?}", entry.name()),
            )));
        };
        let path = to.join(path);
        if entry.is_dir() {
            std::fs::create_dir_all(&path).map_err(|error| failed(&path, &error))?;
            continue;
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        }
        let written = OpenOptions::new().write(true).create_new(true).open(&path);
        // What an entry says of its size may be a lie.
        left -= written
            .and_then(|mut file| io::copy(&mut (&mut entry).take(left), &mut file))
            .map_err(|error| failed(&path, &error))?;
        if left == 0 {
            return Err(Problem::new(
                ErrorCode::TooLarge,
                format!(
                    "the run's files are more than {} GB; {} holds the first of them",
                    most >> 30,
                    to.display()
                ),
            )
            .with_hint("save the archive instead: name a file that ends with .zip"));
        }
        files += 1;
    }
    Ok(files)
}

/// Files are never mixed with others.
fn check_is_free(folder: &Path) -> Result<(), Problem> {
    match std::fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Problem::new(ErrorCode::Conflict, format!("{} is not empty", folder.display()))
            .with_hint("name a new folder, or a file that ends with .zip")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(folder, &error)),
    }
}

fn failed(path: &Path, error: &io::Error) -> Problem {
    Problem::new(ErrorCode::Storage, format!("{} cannot be written: {error}", path.display()))
        .with_hint("name a place that can be written")
}

#[cfg(test)]
mod tests {
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// Packs, unpacks; the names in the folder afterwards, or why there are none.
    fn check(make: impl FnOnce(&mut ZipWriter<File>), expect: Result<&[&str], &str>) {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("archive");
        let mut writer = ZipWriter::new(File::create(&path).unwrap());
        make(&mut writer);
        writer.finish().unwrap();
        let inside = home.path().join("inside");
        match (extract(File::open(&path).unwrap(), &inside, 1 << 20), expect) {
            (Ok(files), Ok(names)) => {
                assert_eq!(files, names.len());
                assert!(names.iter().all(|name| inside.join(name).is_file()), "{names:?}");
            }
            (Err(problem), Err(expect)) => assert!(problem.message.contains(expect), "{problem}"),
            (found, expect) => panic!("{found:?} instead of {expect:?}"),
        }
        let mut left: Vec<_> =
            std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["archive", "inside"], "written outside");
    }

    #[test]
    fn folders_of_archives() {
        let options = SimpleFileOptions::default();
        check(|_| {}, Ok(&[]));
        check(
            |zip| {
                for name in ["a.md", "src/deep/große datei.py"] {
                    zip.start_file(name, options).unwrap();
                    zip.write_all(b"text").unwrap();
                }
            },
            Ok(&["a.md", "src/deep/große datei.py"]),
        );
    }

    #[test]
    fn a_small_archive_of_much() {
        check(
            |zip| {
                zip.start_file("zeros", SimpleFileOptions::default()).unwrap();
                zip.write_all(&vec![0; 2 << 20]).unwrap();
            },
            Err("the run's files are more than"),
        );
    }

    #[test]
    fn archives_that_lead_out() {
        let options = SimpleFileOptions::default();
        for name in ["../outside", "a/../../outside"] {
            let escapes = |zip: &mut ZipWriter<File>| zip.start_file(name, options).unwrap();
            check(escapes, Err("it holds"));
        }
        check(|zip| zip.start_file("/root.md", options).unwrap(), Ok(&["root.md"]));
        check(|zip| zip.add_symlink("link", "/etc", options).unwrap(), Err("it holds"));
    }
}

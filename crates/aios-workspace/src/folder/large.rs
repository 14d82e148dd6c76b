//! Windows into files that are too large to be opened: an index of where lines begin, made as far as it is needed.

use std::collections::VecDeque;
use std::io::{Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use aios_core::WorkspacePath;
use aios_protocol::WindowOfLines;
use cap_std::fs::{File, Metadata};

use super::{FolderError, UserFolder, io};

/// Every so many lines it is remembered where one begins.
const STRIDE: u64 = 256;
/// How long one request looks on for lines.
const PATIENCE: Duration = Duration::from_millis(250);
/// What is read at once.
const PART: usize = 1024 * 1024;
/// The most lines of a window.
const MOST_LINES: u32 = 5_000;
/// The most characters of a line that are shown.
const LINE_CHARS: usize = 10_000;
/// Files whose index is remembered.
const REMEMBERED: usize = 8;

/// The indexes of the files that were looked at last.
#[derive(Default)]
pub(super) struct Indexes(Mutex<VecDeque<(WorkspacePath, Arc<Mutex<Index>>)>>);

/// Where the lines of a file begin, as far as it was looked through.
struct Index {
    bytes: u64,
    modified: Option<SystemTime>,
    /// Where line `STRIDE * n` begins.
    starts: Vec<u64>,
    /// Lines that begin before `known`.
    lines: u64,
    known: u64,
}

impl Indexes {
    fn of(&self, path: &WorkspacePath, metadata: &Metadata) -> Arc<Mutex<Index>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let modified = metadata.modified().ok().map(cap_std::time::SystemTime::into_std);
        let found = all.iter().position(|(known, _)| known == path).and_then(|at| all.remove(at));
        let index = match found {
            Some((_, index)) if is_of(&index, metadata.len(), modified) => index,
            _ => Arc::new(Mutex::new(Index {
                bytes: metadata.len(),
                modified,
                starts: vec![0],
                lines: u64::from(metadata.len() > 0),
                known: 0,
            })),
        };
        all.push_front((path.clone(), index.clone()));
        all.truncate(REMEMBERED);
        index
    }
}

fn is_of(index: &Mutex<Index>, bytes: u64, modified: Option<SystemTime>) -> bool {
    let index = index.lock().unwrap_or_else(PoisonError::into_inner);
    index.bytes == bytes && index.modified == modified
}

impl Index {
    /// Looks on until `line` is known, the file ends, or it takes too long.
    fn look_until(&mut self, line: u64, file: &mut File) -> std::io::Result<()> {
        let begun = Instant::now();
        let mut part = vec![0; PART];
        file.seek(SeekFrom::Start(self.known))?;
        while self.lines <= line && self.known < self.bytes && begun.elapsed() < PATIENCE {
            let count = file.read(&mut part)?;
            if count == 0 {
                self.known = self.bytes;
                break;
            }
            for at in memchr::memchr_iter(b'\n', &part[..count]) {
                let start = self.known + at as u64 + 1;
                if start >= self.bytes {
                    break;
                }
                if self.lines.is_multiple_of(STRIDE) {
                    self.starts.push(start);
                }
                self.lines += 1;
            }
            self.known += count as u64;
        }
        Ok(())
    }
}

impl UserFolder {
    /// Reads some lines of a file of any size.
    pub fn file_window(
        &self,
        path: &WorkspacePath,
        first_line: u64,
        lines: u32,
    ) -> Result<WindowOfLines, FolderError> {
        let (mut file, metadata) = self.root.open(path)?;
        let index = self.indexes.of(path, &metadata);
        let mut index = index.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = u64::from(lines.min(MOST_LINES));
        index.look_until(first_line.saturating_add(lines), &mut file).map_err(io("read", path))?;
        let count = index.lines.saturating_sub(first_line).min(lines);
        let shown = match index.starts.get((first_line / STRIDE) as usize) {
            Some(start) if count > 0 => {
                file.seek(SeekFrom::Start(*start)).map_err(io("read", path))?;
                read_lines(&mut file, first_line % STRIDE, count).map_err(io("read", path))?
            }
            _ => Vec::new(),
        };
        Ok(WindowOfLines {
            first_line,
            lines: shown,
            known_lines: index.lines,
            known_bytes: index.known,
            bytes: index.bytes,
        })
    }
}

/// Skips some lines and reads the next; keeps no more of a line than is shown.
fn read_lines(file: &mut File, skip: u64, count: u64) -> std::io::Result<Vec<String>> {
    let keep = 4 * LINE_CHARS;
    let (mut skipped, mut line, mut all) = (0, Vec::new(), Vec::new());
    let mut part = vec![0; PART];
    loop {
        let read = file.read(&mut part)?;
        if read == 0 {
            if skipped == skip && !line.is_empty() {
                all.push(shown(&line));
            }
            return Ok(all);
        }
        let mut rest = &part[..read];
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest);
            let (piece, after) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
            rest = after;
            if skipped < skip {
                skipped += u64::from(end.is_some());
                continue;
            }
            let room = keep.saturating_sub(line.len());
            line.extend_from_slice(&piece[..piece.len().min(room)]);
            if end.is_some() {
                all.push(shown(&line));
                line.clear();
                if all.len() as u64 == count {
                    return Ok(all);
                }
            }
        }
    }
}

fn shown(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    String::from_utf8_lossy(line).chars().take(LINE_CHARS).collect()
}

//! Terminals of the user: a shell on a PTY of its own, outside of any sandbox, because it is the user who types.
//!
//! What the shell writes is read no faster than it is taken: a program that writes without end waits, as it would for a
//! slow screen. Closing ends the shell and everything that was started from it.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use portable_pty::{Child, ChildKiller, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tokio::sync::mpsc;

/// What is told at once, at most.
const PART: usize = 32 * 1024;
/// Parts that wait to be taken.
const WAITING: usize = 8;

/// How a terminal is opened.
#[derive(Debug, Clone)]
pub struct TerminalSpec {
    /// The folder that it starts in.
    pub folder: PathBuf,
    /// The shell's file.
    pub shell: PathBuf,
    /// Columns and rows.
    pub size: (u16, u16),
}

/// What a terminal's shell does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// It wrote something.
    Text(String),
    /// It ended, with this code unless a signal ended it.
    Exited(Option<i32>),
}

/// An open terminal. Dropping it ends everything in it.
pub struct Terminal {
    master: Mutex<Option<Box<dyn MasterPty + Send>>>,
    keys: std::sync::mpsc::SyncSender<String>,
    killer: Mutex<Box<dyn ChildKiller + Send + Sync>>,
    shell: Shell,
}

/// The shell's process, as long as its number cannot mean another one.
type Shell = Arc<Mutex<Option<u32>>>;

/// Why a terminal could not be opened or told something.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// The system gave no PTY, or the shell did not start.
    #[error("could not {attempted} {}: {source}", .shell.display())]
    Start {
        /// What was attempted.
        attempted: &'static str,
        /// The shell.
        shell: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The shell takes nothing any more, or not as fast as it is typed.
    #[error("the terminal does not take what is typed")]
    Full,
    /// The PTY refused.
    #[error("could not change the terminal's size: {0}")]
    Resize(std::io::Error),
}

impl Terminal {
    /// Starts a shell. What it shows comes through the channel; the last is its end.
    pub fn open(spec: &TerminalSpec) -> Result<(Self, mpsc::Receiver<Shown>), TerminalError> {
        let failed =
            |attempted, source| TerminalError::Start { attempted, shell: spec.shell.clone(), source };
        let pair = native_pty_system()
            .openpty(size(spec.size))
            .map_err(|error| failed("open a terminal for", std::io::Error::other(error)))?;
        let mut command = CommandBuilder::new(&spec.shell);
        command.cwd(&spec.folder);
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env("TERM_PROGRAM", "CesaFlow");
        let child = pair
            .slave
            .spawn_command(command)
            .map_err(|error| failed("start", std::io::Error::other(error)))?;
        // Ours would keep the terminal open after the shell's end.
        drop(pair.slave);
        let io = |error| failed("talk to", std::io::Error::other(error));
        let reader = pair.master.try_clone_reader().map_err(io)?;
        let writer = pair.master.take_writer().map_err(io)?;
        let (tell, shown) = mpsc::channel(WAITING);
        let (keys, typed) = std::sync::mpsc::sync_channel(1024);
        let terminal = Self {
            master: Mutex::new(Some(pair.master)),
            keys,
            killer: Mutex::new(child.clone_killer()),
            shell: Arc::new(Mutex::new(child.process_id())),
        };
        let thread = |name: &str, work: Box<dyn FnOnce() + Send>| {
            std::thread::Builder::new().name(name.to_owned()).spawn(work)
        };
        let shell = terminal.shell.clone();
        thread("terminal-out", Box::new(move || show(reader, child, &shell, &tell)))
            .and_then(|_| thread("terminal-in", Box::new(move || type_in(writer, &typed))))
            .map_err(|error| failed("talk to", error))?;
        Ok((terminal, shown))
    }

    /// Types a text. Never waits: a shell that does not read takes only so much.
    pub fn write(&self, text: String) -> Result<(), TerminalError> {
        self.keys.try_send(text).map_err(|_| TerminalError::Full)
    }

    /// Tells the shell the size of its window.
    pub fn resize(&self, columns: u16, rows: u16) -> Result<(), TerminalError> {
        let master = self.master.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(master) = master.as_ref() else { return Ok(()) };
        master
            .resize(size((columns, rows)))
            .map_err(|error| TerminalError::Resize(std::io::Error::other(error)))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner).take();
        #[cfg(unix)]
        if let Some(shell) = shell {
            tree::end(shell);
        }
        if shell.is_some() {
            _ = self.killer.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
        drop(self.master.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

fn size((columns, rows): (u16, u16)) -> PtySize {
    PtySize { rows: rows.max(1), cols: columns.max(1), pixel_width: 0, pixel_height: 0 }
}

/// Passes on what the shell writes until it ends or nobody looks any more. A character that came in parts is told whole.
fn show(
    mut reader: Box<dyn Read + Send>,
    mut child: Box<dyn Child + Send + Sync>,
    shell: &Mutex<Option<u32>>,
    tell: &mpsc::Sender<Shown>,
) {
    let mut part = vec![0; PART];
    let mut begun = 0;
    let mut is_looked_at = true;
    while let Ok(count @ 1..) = reader.read(&mut part[begun..]) {
        let filled = begun + count;
        let whole = whole_characters(&part[..filled]);
        if whole > 0 {
            let text = String::from_utf8_lossy(&part[..whole]).into_owned();
            is_looked_at = tell.blocking_send(Shown::Text(text)).is_ok();
            if !is_looked_at {
                break;
            }
        }
        part.copy_within(whole..filled, 0);
        begun = filled - whole;
    }
    if is_looked_at {
        // It ended by itself and is collected now; what it left behind on purpose lives on.
        shell.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
    let code = child.wait().ok().filter(|status| status.signal().is_none());
    // Whoever left does not miss it.
    _ = tell.blocking_send(Shown::Exited(code.map(|status| status.exit_code().cast_signed())));
}

/// How many bytes do not end in the middle of a character.
fn whole_characters(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(3);
    let begins = |at: &usize| bytes[*at] & 0xc0 != 0x80;
    let Some(last) = (tail..bytes.len()).rev().find(begins) else { return bytes.len() };
    let length = match bytes[last] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    if last + length > bytes.len() { last } else { bytes.len() }
}

fn type_in(mut writer: Box<dyn Write + Send>, typed: &std::sync::mpsc::Receiver<String>) {
    while let Ok(text) = typed.recv() {
        if writer.write_all(text.as_bytes()).and_then(|()| writer.flush()).is_err() {
            return;
        }
    }
}

/// Everything that was started from a shell.
#[cfg(unix)]
mod tree {
    use rustix::process::{Pid, Signal, kill_process, kill_process_group};

    /// Ends a shell, the jobs of its session, and what they started, wherever that went.
    pub(super) fn end(shell: u32) {
        let Some(leader) = pid(shell) else { return };
        let all = started_from(shell);
        _ = kill_process_group(leader, Signal::KILL);
        for process in all.into_iter().filter_map(pid) {
            _ = kill_process(process, Signal::KILL);
        }
    }

    fn pid(number: u32) -> Option<Pid> {
        Pid::from_raw(number.cast_signed())
    }

    /// The processes of a shell's session, and the descendants of all of them.
    #[cfg(target_os = "linux")]
    fn started_from(shell: u32) -> Vec<u32> {
        let mut rest: Vec<Process> = std::fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .filter_map(|entry| read(entry.ok()?.file_name().to_str()?.parse().ok()?))
            .collect();
        let mut found = vec![shell];
        loop {
            let belongs = |process: &Process| process.session == shell || found.contains(&process.parent);
            let (more, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(belongs);
            if more.is_empty() {
                return found;
            }
            found.extend(more.iter().map(|process| process.id));
            rest = others;
        }
    }

    #[cfg(target_os = "linux")]
    struct Process {
        id: u32,
        parent: u32,
        session: u32,
    }

    #[cfg(target_os = "linux")]
    fn read(id: u32) -> Option<Process> {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name in brackets may hold anything.
        let (_, rest) = stat.rsplit_once(')')?;
        let mut fields = rest.split_ascii_whitespace().skip(1);
        let parent = fields.next()?.parse().ok()?;
        let session = fields.nth(1)?.parse().ok()?;
        Some(Process { id, parent, session })
    }

    /// Elsewhere the system tells a session's jobs itself that their terminal is gone.
    #[cfg(not(target_os = "linux"))]
    fn started_from(shell: u32) -> Vec<u32> {
        vec![shell]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_never_cut() {
        let check = |bytes: &[u8], expect| assert_eq!(whole_characters(bytes), expect, "{bytes:?}");
        check(b"", 0);
        check(b"abc", 3);
        check("aé".as_bytes(), 3);
        check(b"a\xc3", 1);
        check(b"a\xe2\x82", 1);
        check(b"a\xf0\x9f\x98", 1);
        check("😀".as_bytes(), 4);
        // What is no UTF-8 anyway is not waited for.
        check(b"a\xff", 2);
        check(b"\x80\x80\x80\x80", 4);
    }
}

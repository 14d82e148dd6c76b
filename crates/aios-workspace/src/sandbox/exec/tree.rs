//! The tree of processes that a command makes: watching it, measuring it, ending it.

#[cfg(target_os = "linux")]
use std::collections::{BTreeSet, HashMap};
#[cfg(target_os = "linux")]
use std::io::Read;
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal};

use super::super::wire::Request;

/// How long a look at the tree may be overdue.
const TICK: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// Sleeps until something may have happened.
pub(super) struct Watch {
    #[cfg(target_os = "linux")]
    main: std::os::fd::OwnedFd,
}

impl Watch {
    #[cfg(target_os = "linux")]
    pub(super) fn new(main: Pid) -> rustix::io::Result<Self> {
        let main = rustix::process::pidfd_open(main, rustix::process::PidfdFlags::empty())?;
        Ok(Self { main })
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn new(_: Pid) -> rustix::io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the command's end, the runner's hanging up, or the next tick.
    pub(super) fn wait(&self, socket: &UnixStream) -> Wake {
        let ready = PollFlags::IN | PollFlags::HUP;
        let mut ends = vec![PollFd::new(socket, ready)];
        #[cfg(target_os = "linux")]
        ends.push(PollFd::new(&self.main, ready));
        match poll(&mut ends, Some(&TICK)) {
            Ok(0) => Wake::Tick,
            Ok(_) if !ends[0].revents().is_empty() => Wake::HungUp,
            _ => Wake::Ended,
        }
    }
}

/// Why a wait is over.
pub(super) enum Wake {
    Ended,
    HungUp,
    Tick,
}

/// Whether there are more processes than allowed.
///
/// Counted because the kernel's own limit does not hold for root and counts per user, not per command.
#[cfg(target_os = "linux")]
pub(super) fn is_larger_than(request: &Request) -> bool {
    descendants().len() as u64 > request.processes
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_larger_than(_: &Request) -> bool {
    false
}

/// Ends all descendants: whole groups first, because that is one step in which nothing can fork away, then whoever left
/// its group, again and again until none is left. Orphans come to this process, so none can hide.
#[cfg(target_os = "linux")]
pub(super) fn end(_: Pid) {
    use rustix::process::{WaitOptions, getpid, kill_process, kill_process_group, wait};
    loop {
        loop {
            match wait(WaitOptions::NOHANG) {
                Ok(Some(_)) => {}
                Ok(None) => break,
                // No child any more, hence no descendant.
                Err(_) => return,
            }
        }
        let found = descendants();
        let groups: BTreeSet<i32> = found.iter().map(|process| process.group).collect();
        // After a fork a child is still in this process's own group.
        for group in groups.into_iter().filter_map(Pid::from_raw).filter(|group| *group != getpid()) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        for process in found.iter().filter_map(|process| Pid::from_raw(process.id)) {
            let _ = kill_process(process, Signal::KILL);
        }
    }
}

/// Ends the command's process group; a program that made a session of its own is out of reach here.
#[cfg(not(target_os = "linux"))]
pub(super) fn end(main: Pid) {
    let _ = rustix::process::kill_process_group(main, Signal::KILL);
}

#[cfg(target_os = "linux")]
struct Process {
    id: i32,
    group: i32,
}

/// All processes below this one, from their parents' ids in /proc.
#[cfg(target_os = "linux")]
fn descendants() -> Vec<Process> {
    let mut children: HashMap<i32, Vec<Process>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let mut stat = [0; 512];
        let read = std::fs::File::open(format!("/proc/{id}/stat")).and_then(|mut file| file.read(&mut stat));
        let stat = String::from_utf8_lossy(&stat[..read.unwrap_or_default()]);
        // The name in parentheses may hold anything, so count from its end: state, parent, group.
        let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(1);
        let mut number = || fields.next()?.parse::<i32>().ok();
        if let (Some(parent), Some(group)) = (number(), number()) {
            children.entry(parent).or_default().push(Process { id, group });
        }
    }
    let own = rustix::process::getpid().as_raw_nonzero().get();
    let mut below = children.remove(&own).unwrap_or_default();
    let mut next = 0;
    while let Some(parent) = below.get(next) {
        below.extend(children.remove(&parent.id).unwrap_or_default());
        next += 1;
    }
    below
}

//! The tree of processes that a command makes: watching it, measuring it, ending it.

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

/// Ends all descendants. They are stopped first, until no new one appears: what is stopped cannot fork.
#[cfg(target_os = "linux")]
pub(super) fn end(_: Pid) {
    use rustix::process::{WaitOptions, kill_process, wait};
    loop {
        let mut stopped: Vec<Pid> = Vec::new();
        loop {
            let fresh: Vec<Pid> = descendants().into_iter().filter(|pid| !stopped.contains(pid)).collect();
            if fresh.is_empty() {
                break;
            }
            for pid in fresh {
                let _ = kill_process(pid, Signal::STOP);
                stopped.push(pid);
            }
        }
        for pid in stopped {
            let _ = kill_process(pid, Signal::KILL);
        }
        // Orphans come to this process, so that none is left when it has no child any more.
        loop {
            match wait(WaitOptions::NOHANG) {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) => return,
            }
        }
    }
}

/// Ends the command's process group; a program that made a session of its own is out of reach here.
#[cfg(not(target_os = "linux"))]
pub(super) fn end(main: Pid) {
    let _ = rustix::process::kill_process_group(main, Signal::KILL);
}

/// All processes below this one, from their parents' ids in /proc.
#[cfg(target_os = "linux")]
fn descendants() -> Vec<Pid> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let all: Vec<(i32, i32)> = entries
        .filter_map(|entry| {
            let id: i32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            // The name in parentheses may hold anything, so count from its end: state, then the parent.
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
            Some((id, parent))
        })
        .collect();
    let mut below = vec![rustix::process::getpid().as_raw_nonzero().get()];
    let mut next = 0;
    while let Some(&parent) = below.get(next) {
        below.extend(all.iter().filter(|(id, of)| *of == parent && *id != parent).map(|(id, _)| *id));
        next += 1;
    }
    below.into_iter().skip(1).filter_map(Pid::from_raw).collect()
}

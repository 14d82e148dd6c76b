//! The sandbox's inner stage: the product's executable started again, with a hidden first argument.
//!
//! It confines a child process, runs the command in it, and ends the whole tree when the command has ended, when the runner hangs up
//! its socket (a cancel, a time-out, or the product's death), or when there are too many processes. It is started with an empty
//! environment and its socket as standard input, and has one thread, so forking is safe.

#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod seccomp;
mod tree;

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitCode, Stdio};

use rustix::process::{Pid, Resource, Rlimit, WaitOptions, WaitStatus};

#[cfg(target_os = "linux")]
pub(super) use landlock::Level;
use tree::Wake;

use super::wire::{Reply, Request};

/// The largest request, far above what a command line can be.
const REQUEST_LIMIT: u64 = 16 * 1024 * 1024;

/// Runs the inner stage. The host's `main` calls it, before anything else, when the first argument is
/// [`SANDBOX_EXEC`](crate::SANDBOX_EXEC).
pub fn sandbox_exec_main() -> ExitCode {
    // Nobody but the runner starts this; without its socket there is nobody to tell.
    let Ok(socket) = io::stdin().as_fd().try_clone_to_owned() else { return ExitCode::from(2) };
    let socket = UnixStream::from(socket);
    let Some(request) = receive(&socket) else { return ExitCode::from(2) };
    let reply = match supervise(&request, &socket) {
        Ok(Some(reply)) => reply,
        Ok(None) => return ExitCode::FAILURE,
        Err(Failure::Folder(error)) => Reply::NoFolder(error.raw_os_error()),
        Err(Failure::Start(errno)) => Reply::NotStarted(errno),
        Err(Failure::Confine(attempted, why)) => Reply::NotConfined(format!("could not {attempted}: {why}")),
    };
    let sent = serde_json::to_vec(&reply).map(|mut line| {
        line.push(b'\n');
        (&socket).write_all(&line)
    });
    if matches!(sent, Ok(Ok(()))) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn receive(socket: &UnixStream) -> Option<Request> {
    let mut line = Vec::new();
    BufReader::new(socket.take(REQUEST_LIMIT)).read_until(b'\n', &mut line).ok()?;
    serde_json::from_slice(&line).ok()
}

enum Failure {
    Folder(rustix::io::Errno),
    Start(i32),
    Confine(&'static str, String),
}

/// Turns an error into the failure of a step of the confinement.
fn confine<E: std::fmt::Display>(attempted: &'static str) -> impl Fn(E) -> Failure {
    move |error| Failure::Confine(attempted, error.to_string())
}

/// Runs the command to its end; answers nothing when the runner hung up.
fn supervise(request: &Request, socket: &UnixStream) -> Result<Option<Reply>, Failure> {
    prepare(request)?;
    let child = start(request)?;
    let main = Pid::from_child(&child);
    let watch = tree::Watch::new(main).map_err(confine("watch the command"))?;
    let reply = loop {
        if let Some(status) = reap(main) {
            break Some(ended(status));
        }
        match watch.wait(socket) {
            Wake::HungUp => break None,
            Wake::Tick if tree::is_larger_than(request) => break Some(Reply::TooManyProcesses),
            Wake::Tick | Wake::Ended => {}
        }
    };
    // With the end of a namespace's first process, which this one is, the kernel ends all others. But a report promises
    // that they have ended, and is waited for no longer than needed.
    if reply.is_some() || !request.namespaces {
        tree::end(main);
    }
    Ok(reply)
}

/// What this process needs for itself, before the child exists.
fn prepare(request: &Request) -> Result<(), Failure> {
    let _ = rustix::process::setsid();
    enter(request).map_err(Failure::Folder)?;
    let limit = |resource, most| {
        rustix::process::setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
            .map_err(confine("set a limit"))
    };
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, request.file_bytes)?;
    limit(Resource::Nofile, 4096)?;
    // Not the address space: node's WebAssembly reserves many gigabytes that it never uses.
    limit(Resource::Data, request.memory_bytes)?;
    #[cfg(target_os = "linux")]
    {
        use rustix::process::DumpableBehavior;
        use rustix::thread::{CapabilitySet, CapabilitySets};
        // In a user namespace the kernel counts the sandbox alone; elsewhere the limit would hit the user's whole session.
        if request.namespaces {
            limit(Resource::Nproc, request.processes)?;
        }
        // Should memory run out, commands go first, not the editor.
        let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
        if !request.namespaces {
            rustix::process::set_child_subreaper(Some(rustix::process::getpid()))
                .map_err(confine("adopt orphans"))?;
        }
        // The command has the same user: it must not reach into this process through /proc.
        rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)
            .map_err(confine("close /proc"))?;
        let none = CapabilitySet::empty();
        let none = CapabilitySets { effective: none, permitted: none, inheritable: none };
        rustix::thread::set_capabilities(None, none).map_err(confine("drop capabilities"))?;
        rustix::thread::set_no_new_privs(true).map_err(confine("forbid new privileges"))?;
    }
    Ok(())
}

/// Enters the command's folder, which must lie in the workspace, links included.
fn enter(request: &Request) -> rustix::io::Result<()> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
    let mut folder = open(&request.workspace, flags, Mode::empty())?;
    if let Some(name) = &request.folder {
        #[cfg(target_os = "linux")]
        {
            let beneath = rustix::fs::ResolveFlags::BENEATH;
            folder = rustix::fs::openat2(&folder, name.as_str(), flags, Mode::empty(), beneath)?;
        }
        #[cfg(not(target_os = "linux"))]
        {
            folder = rustix::fs::openat(&folder, name.as_str(), flags, Mode::empty())?;
        }
    }
    rustix::process::fchdir(folder)
}

#[cfg_attr(target_os = "linux", expect(unsafe_code, reason = "the child is confined between fork and exec"))]
fn start(request: &Request) -> Result<Child, Failure> {
    let Some((program, arguments)) = request.argv.split_first() else {
        return Err(Failure::Start(NOT_FOUND));
    };
    let mut command = Command::new(program);
    command.args(arguments).env_clear().envs(request.env.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::null()).process_group(0);
    #[cfg(target_os = "linux")]
    {
        let filters = seccomp::filters(request).map_err(confine("compile the system call filter"))?;
        let mut rules = Some(landlock::rules(request).map_err(confine("make the Landlock rules"))?);
        let namespaces = request.namespaces;
        let restrict = move || {
            // However many processes there will be, the one that ends them gets its turn, and so does the editor.
            let _ = rustix::process::nice(5);
            if let Some(rules) = rules.take() {
                landlock::apply(rules, namespaces)?;
            }
            filters.iter().try_for_each(|filter| {
                seccompiler::apply_filter(filter).map_err(|_| io::Error::from_raw_os_error(NOT_CONFINED))
            })
        };
        // SAFETY: this process has one thread, so the child may do after fork whatever this process may.
        unsafe { command.pre_exec(restrict) };
    }
    command.spawn().map_err(|error| match error.raw_os_error() {
        Some(NOT_CONFINED) => Failure::Confine("confine the command", "Landlock or seccomp refused".into()),
        Some(errno) => Failure::Start(errno),
        None => Failure::Confine("start the command", error.to_string()),
    })
}

/// ENOENT.
const NOT_FOUND: i32 = rustix::io::Errno::NOENT.raw_os_error();

/// What the child reports when it could not be confined; starting a program never fails so (ENOTUNIQ).
#[cfg(target_os = "linux")]
const NOT_CONFINED: i32 = rustix::io::Errno::NOTUNIQ.raw_os_error();
#[cfg(not(target_os = "linux"))]
const NOT_CONFINED: i32 = i32::MIN;

/// Collects ended processes, adopted orphans included; answers how the main one ended.
fn reap(main: Pid) -> Option<WaitStatus> {
    while let Ok(Some((pid, status))) = rustix::process::wait(WaitOptions::NOHANG) {
        if pid == main {
            return Some(status);
        }
    }
    None
}

fn ended(status: WaitStatus) -> Reply {
    match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => Reply::Exited(code),
        (None, signal) => Reply::Signalled(signal.unwrap_or_default()),
    }
}

//! What hostile commands try, and what must be true afterwards whatever they print.

use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::process::{Child, Command};

use aios_core::{CommandSpec, Exit};

use super::{MODES, Mode, Sandbox, spec, unique_sleep, write};

/// The world around a sandbox: everything here must stay unread, unreached and unchanged.
struct World {
    sandbox: Sandbox,
    tcp: TcpListener,
    unix: UnixListener,
    abstract_name: String,
    bystander: Child,
}

const HOOK: &str = "#!/bin/sh\nexit 0\n";
const CONFIG: &str = "[core]\n\trepositoryformatversion = 0\n";

impl World {
    fn new(mode: Mode) -> Self {
        let sandbox = Sandbox::new(mode);
        let place = &sandbox.place;
        for (path, content) in [
            (".env", "KEY=SECRET-A\n"),
            ("sub/.env", "KEY=SECRET-B\n"),
            ("sub/code.py", "print(1)\n"),
            ("keys/private.pem", "SECRET-C\n"),
            (".aiosignore", "notes/\n"),
            ("notes/diary.md", "SECRET-D\n"),
            (".git/hooks/sample", HOOK),
            (".git/config", CONFIG),
            (".git/HEAD", "ref: refs/heads/main\n"),
            (".aios/plan.md", "plan\n"),
            (".envrc", "export A=1\n"),
            ("sub/.vscode/tasks.json", "{}\n"),
            ("open/file.txt", "open\n"),
        ] {
            place.put(path, content);
        }
        for path in [".ssh/id_rsa", ".aws/credentials", ".cargo/credentials.toml", ".config/app/token"] {
            write(sandbox.home().join(path), "SECRET-H\n");
        }
        std::fs::create_dir_all(sandbox.home().join(".cargo/bin")).unwrap();
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        tcp.set_nonblocking(true).unwrap();
        let unix = UnixListener::bind(sandbox.home().join("socket")).unwrap();
        unix.set_nonblocking(true).unwrap();
        let abstract_name = format!("aios-{}", unique_sleep());
        let bystander = Command::new("sleep").arg(unique_sleep()).env("KEY", "SECRET-P").spawn().unwrap();
        Self { sandbox, tcp, unix, abstract_name, bystander }
    }

    fn fill_in(&self, line: &str) -> String {
        line.replace("{outside}", self.sandbox.place.outside().to_str().unwrap())
            .replace("{home}", self.sandbox.home().to_str().unwrap())
            .replace("{root}", self.sandbox.place.root().to_str().unwrap())
            .replace("{port}", &self.tcp.local_addr().unwrap().port().to_string())
            .replace("{abstract}", &self.abstract_name)
            .replace("{bystander}", &self.bystander.id().to_string())
            .replace("{runner}", &std::process::id().to_string())
    }

    fn assert_untouched(&mut self, after: &str) {
        let place = &self.sandbox.place;
        place.assert_outside_is_untouched(after);
        for (path, content) in [
            (".env", "KEY=SECRET-A\n"),
            ("sub/.env", "KEY=SECRET-B\n"),
            ("keys/private.pem", "SECRET-C\n"),
            (".aiosignore", "notes/\n"),
            ("notes/diary.md", "SECRET-D\n"),
            (".git/hooks/sample", HOOK),
            (".git/config", CONFIG),
            (".git/HEAD", "ref: refs/heads/main\n"),
            (".aios/plan.md", "plan\n"),
            (".envrc", "export A=1\n"),
            ("sub/.vscode/tasks.json", "{}\n"),
        ] {
            assert_eq!(place.text(path), content, "{after}: {path}");
        }
        let names = |path: &str| {
            let mut names: Vec<_> =
                std::fs::read_dir(place.root().join(path)).unwrap().map(|e| e.unwrap().file_name()).collect();
            names.sort();
            names
        };
        assert_eq!(names(".git"), ["HEAD", "config", "hooks"], "{after}");
        assert_eq!(names(".git/hooks"), ["sample"], "{after}");
        assert_eq!(names(".aios"), ["plan.md"], "{after}");
        assert!(self.tcp.accept().is_err(), "{after}: the TCP listener was reached");
        assert!(self.unix.accept().is_err(), "{after}: the socket file was reached");
        assert!(self.bystander.try_wait().unwrap().is_none(), "{after}: a process outside was ended");
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.bystander.kill();
        let _ = self.bystander.wait();
    }
}

/// Each line is one command; a `;;` starts another command in the same workspace, as an agent's next call does.
const ATTACKS: &[&str] = &[
    // Files outside.
    "echo pwned > {outside}/canary.txt",
    "echo pwned >> ../outside/canary.txt",
    "ln -s {outside} open/link && echo pwned > open/link/canary.txt",
    "ln {outside}/canary.txt open/hard && echo pwned > open/hard",
    "mv {outside}/canary.txt open/",
    "rm -rf {outside}; rm -rf {home}/.ssh",
    "truncate -s 0 {outside}/canary.txt",
    "/usr/bin/python3 -c \"import os; os.truncate('{outside}/canary.txt', 0)\"",
    "/usr/bin/python3 -c \"import os; os.open('{outside}/canary.txt', os.O_RDONLY | os.O_TRUNC)\"",
    "touch {outside}/new; mkdir {outside}/new; ln -s / {outside}/new",
    "cp /bin/sh open/sh && chmod u+s open/sh && open/sh -p -c 'echo pwned > {outside}/canary.txt'",
    "cat {home}/.ssh/id_rsa {home}/.aws/credentials {home}/.cargo/credentials.toml {home}/.config/app/token",
    "grep -r SECRET {home} / --include=id_rsa --include=credentials -s -m1 --exclude-dir=usr --exclude-dir=proc --exclude-dir=nix",
    // Ways out of the namespaces and rules.
    "unshare -Urm sh -c 'mount -t tmpfs none /mnt && echo SECRET-unshared'",
    "unshare -U sh -c 'echo SECRET-unshared'",
    "mount --bind / open && echo pwned > open{outside}/canary.txt",
    "umount -l {root}/.env; umount -l {root}/.git; cat .env; echo pwned > .git/config",
    "nsenter -t 1 -m sh -c 'echo pwned > {outside}/canary.txt'",
    "nsenter -t {runner} -m sh -c 'echo pwned > {outside}/canary.txt'",
    "echo pwned > /proc/1/root{outside}/canary.txt; echo pwned > /proc/{runner}/root{outside}/canary.txt",
    "echo pwned > /proc/1/cwd/../outside/canary.txt; cat /proc/{runner}/cwd/../home/.ssh/id_rsa",
    "chroot /proc/1/root cat {home}/.ssh/id_rsa",
    "cat /proc/*/environ | tr '\\0' '\\n'; cat /proc/{bystander}/environ",
    "mknod open/disk b 254 0 && head -c 16 open/disk && echo SECRET-disk",
    "mknod open/mem c 1 1 && head -c 16 open/mem && echo SECRET-mem",
    "echo 1 > /proc/sys/vm/drop_caches && echo SECRET-sysctl",
    "dd if=/proc/1/mem of=/dev/null count=1 skip=1000 && echo SECRET-mem",
    // Other processes.
    "kill -9 {bystander}; kill -STOP {bystander}; kill -9 {runner}",
    "/usr/bin/python3 -c \"import ctypes; l = ctypes.CDLL(None); print('SECRET-traced' if l.ptrace(16, {bystander}, 0, 0) == 0 else 'no')\"",
    // The network, and sockets of other programs.
    "exec 3<>/dev/tcp/127.0.0.1/{port}; echo hello >&3",
    "/usr/bin/python3 -c \"import socket; socket.create_connection(('127.0.0.1', {port}))\"",
    "/usr/bin/python3 -c \"import socket; socket.create_connection(('::ffff:127.0.0.1', {port}))\"",
    "/usr/bin/python3 -c \"import socket; socket.socket(socket.AF_UNIX).connect('{home}/socket')\"",
    "/usr/bin/python3 -c \"import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW); print('SECRET-raw')\"",
    // Hidden files, also over several commands.
    "cat .env sub/.env keys/private.pem notes/diary.md .aiosignore",
    "cp .env open/x; cp -r sub open/y; cp -r notes open/z; cat open/*",
    "ln .env open/x ;; cat open/x",
    "mv .env open/x ;; cat open/x open/* -s",
    "mv sub venv ;; cat venv/.env ;; mv venv sub",
    "mv sub node_modules ;; cat node_modules/.env ;; mv node_modules sub",
    "mv notes other ;; cat other/diary.md ;; mv other notes",
    "rm -f .aiosignore; : > .aiosignore ;; cat notes/diary.md",
    "mv .aiosignore open/ ;; cat notes/diary.md",
    "tar cf open/all.tar . ; cat open/all.tar",
    "git --no-pager diff --no-index /dev/null .env",
    "echo KEY=mine > .env; rm .env; rm -rf sub/.env",
    // What runs later outside.
    "echo pwned > .git/hooks/pre-commit; echo pwned >> .git/config; chmod +x .git/hooks/*",
    "git config core.hooksPath /tmp; git config core.fsmonitor ./evil",
    "mv .git open/g && mkdir -p .git/hooks && echo pwned > .git/hooks/pre-commit ;; mv open/g .git",
    "mv .git/hooks open/h; rm -rf .git",
    "echo ../open > .git/commondir",
    "echo evil > .envrc; echo evil > sub/.vscode/tasks.json; rm -f .envrc; rm -rf sub/.vscode",
    "mv sub/.vscode open/v; mv .envrc open/e",
    // The harness's word.
    "echo forged > .aios/plan.md; rm -rf .aios; mv .aios open/a",
];

#[tokio::test]
async fn attacks_leave_the_world_untouched() {
    for mode in MODES {
        let mut world = World::new(mode);
        let abstract_socket =
            UnixListener::bind_addr(&SocketAddr::from_abstract_name(&world.abstract_name).unwrap()).unwrap();
        abstract_socket.set_nonblocking(true).unwrap();
        let runner = world.sandbox.runner();
        let by_name =
            "/usr/bin/python3 -c \"import socket; socket.socket(socket.AF_UNIX).connect('\\\\0{abstract}')\"";
        for attack in ATTACKS.iter().chain(&[by_name]) {
            for line in world.fill_in(attack).split(" ;; ") {
                let stop = tokio_util::sync::CancellationToken::new();
                let done = aios_core::Runner::run(&runner, &spec(line), &stop).await;
                let done = done.unwrap_or_else(|error| panic!("{mode:?}: {line}: {error}"));
                assert!(!done.output.contains("SECRET"), "{mode:?}: {line}: {}", done.output);
                assert_ne!(done.exit, Exit::TimedOut, "{mode:?}: {line}");
            }
            let after = format!("{mode:?}: {attack}");
            world.assert_untouched(&after);
            assert!(abstract_socket.accept().is_err(), "{after}: the abstract socket was reached");
        }
    }
}

#[tokio::test]
async fn variables_take_effect_in_the_command_alone() {
    // Preloaded into bubblewrap or the inner stage, a library would run unconfined: each would complain about this one.
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        let line = aios_core::CommandLine::Argv(vec!["true".to_owned()]);
        let env = vec![("LD_PRELOAD".to_owned(), "/no/such/library.so".to_owned())];
        let done = sandbox.try_run(CommandSpec { line, env, ..spec("") }).await.unwrap();
        assert_eq!(done.output.matches("cannot be preloaded").count(), 1, "{mode:?}: {}", done.output);
    }
}

#[tokio::test]
async fn network_is_given_when_allowed() {
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let line = format!("exec 3<>/dev/tcp/127.0.0.1/{port}");
        let done = sandbox.try_run(CommandSpec { network: true, ..spec(&line) }).await.unwrap();
        assert_eq!(done.exit, Exit::Code(0), "{mode:?}: {}", done.output);
    }
}

//! What commands must be able to do, and how the runner answers.

use std::time::Duration;

use aios_core::{CommandLine, Exit, Runner, RunnerError};
use aios_workspace::SandboxRunner;
use tokio_util::sync::CancellationToken;

use super::{MODES, Mode, Sandbox, spec, write};
use crate::at;

#[tokio::test]
async fn ordinary_work_succeeds() {
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        sandbox.place.put("sub/data.txt", "data");
        for line in [
            "true",
            "mkdir -p out && echo text > out/file && cat out/file && rm -r out",
            "echo text > $HOME/file && echo text > $TMPDIR/file && mktemp",
            "test $(pwd) = {root}",
            "cat /etc/passwd < /dev/null > /dev/null && head -c 8 /dev/urandom | wc -c",
            "mv sub sub2 && mv sub2/data.txt . && mv data.txt sub2 && mv sub2 sub",
            "ln sub/data.txt sub/hard && ln -s data.txt sub/link && cat sub/hard sub/link && rm sub/hard sub/link",
            "/usr/bin/python3 -c 'import ssl, json, sqlite3, subprocess as s; assert s.run([\"echo\"]).returncode == 0'",
            "/usr/bin/python3 -c 'import socket; a, b = socket.socketpair(); a.send(b\"x\"); assert b.recv(1)'",
            "/usr/bin/python3 -c 'import asyncio; asyncio.run(asyncio.sleep(0))'",
            "(sleep 0.01 &) ; wait; kill -0 $$; test $CI = 1",
            "git init -q . 2>/dev/null || true; rm -rf .git",
            "test \"$(env | grep -c .)\" -lt 16",
        ] {
            let line = line.replace("{root}", sandbox.place.root().to_str().unwrap());
            let done = sandbox.run(&line).await;
            assert_eq!(done.exit, Exit::Code(0), "{mode:?}: {line}: {}", done.output);
        }
        let node = sandbox
            .run("node -e 'fetch(\"http://127.0.0.1:9\").catch(() => console.log(\"refused\"))'")
            .await;
        assert_eq!(node.output, "refused\n", "{mode:?}");
    }
}

#[tokio::test]
async fn the_sandboxs_own_loopback_serves_tests() {
    let sandbox = Sandbox::new(Mode::Bubblewrap);
    let server = "import socket as s; l = s.socket(); l.bind(('127.0.0.1', 0)); l.listen(); \
                  c = s.create_connection(l.getsockname()); c.send(b'hello'); print(l.accept()[0].recv(9))";
    let done = sandbox.run(&format!("/usr/bin/python3 -c \"{server}\"")).await;
    assert_eq!(done.output, "b'hello'\n");
}

#[tokio::test]
async fn answers_carry_exit_output_and_order() {
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        sandbox.place.put("sub/file", "");
        let check = async |line: &str, exit: Exit, output: &str| {
            let done = sandbox.run(line).await;
            assert_eq!((done.exit, done.output.as_str()), (exit, output), "{mode:?}: {line}");
        };
        check("echo one; echo two >&2; echo three", Exit::Code(0), "one\ntwo\nthree\n").await;
        check("exit 3", Exit::Code(3), "").await;
        check("kill -SEGV $$", Exit::Signal(11), "").await;
        check("read line; echo \"[$line]\"", Exit::Code(0), "[]\n").await;
        check("printf 'a\\377b'", Exit::Code(0), "a\u{fffd}b").await;
        let mut inner = spec("ls; echo $WORD");
        inner.folder = Some(at("sub"));
        inner.env = vec![("WORD".to_owned(), "said".to_owned())];
        assert_eq!(sandbox.try_run(inner).await.unwrap().output, "file\nsaid\n");
    }
}

#[tokio::test]
async fn what_cannot_start_is_named() {
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        sandbox.place.put("plain.txt", "text");
        crate::link(sandbox.place.outside(), sandbox.place.root().join("out"));
        for program in ["no-such-program", "/no/such/program", "./plain.txt", ""] {
            let line = CommandLine::Argv(vec![program.to_owned()]);
            let answer = sandbox.try_run(aios_core::CommandSpec { line, ..spec("") }).await;
            let Err(RunnerError::ProgramNotFound { program: named }) = answer else {
                panic!("{mode:?}: {answer:?}")
            };
            assert_eq!(named, program);
        }
        for folder in ["missing", "plain.txt", "out"] {
            let answer =
                sandbox.try_run(aios_core::CommandSpec { folder: Some(at(folder)), ..spec("pwd") }).await;
            let Err(RunnerError::Io { attempted, .. }) = answer else {
                panic!("{mode:?} {folder}: {answer:?}")
            };
            assert_eq!(attempted, "enter the command's folder");
        }
    }
}

#[tokio::test]
async fn the_report_says_how_and_why_not_better() {
    let report = |mode| Sandbox::new(mode).runner().sandbox();
    let best = report(Mode::Bubblewrap);
    assert_eq!((best.kind.as_str(), best.advice), ("bubblewrap + landlock + seccomp", None));
    let second = report(Mode::Landlock);
    assert_eq!(second.kind, "landlock + seccomp");
    assert!(second.advice.unwrap().contains("install bubblewrap"));

    // A bubblewrap that fails is not passed over in silence.
    let sandbox = Sandbox::new(Mode::Landlock);
    let failing = sandbox.home().join("bwrap");
    write(&failing, "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2; exit 1\n");
    std::process::Command::new("chmod").arg("+x").arg(&failing).status().unwrap();
    let settings = aios_workspace::SandboxSettings { bubblewrap: Some(failing), ..sandbox.settings() };
    let runner = SandboxRunner::new(&sandbox.place.open(), settings);
    assert!(runner.sandbox().advice.unwrap().contains("No permissions to create new namespace"));
}

#[tokio::test]
async fn without_a_sandbox_nothing_runs() {
    let sandbox = Sandbox::new(Mode::Landlock);
    let settings = aios_workspace::SandboxSettings { helper: "/bin/false".into(), ..sandbox.settings() };
    let runner = SandboxRunner::new(&sandbox.place.open(), settings);
    let answer = runner.run(&spec("touch ran"), &CancellationToken::new()).await;
    let Err(RunnerError::NoSandbox { reason, remedy }) = answer else { panic!("{answer:?}") };
    assert!(
        reason.contains("bubblewrap is not installed") && remedy.contains("install bubblewrap"),
        "{reason}"
    );
    assert!(!sandbox.place.root().join("ran").exists());
    assert_eq!(runner.sandbox().kind, "none");
}

#[tokio::test]
async fn toolchains_of_the_home_are_read_only() {
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        let tool = sandbox.home().join(".cargo/bin/tool");
        write(&tool, "#!/bin/sh\necho tool of $CARGO_HOME\n");
        write(sandbox.home().join(".cargo/credentials.toml"), "token");
        std::process::Command::new("chmod").arg("+x").arg(&tool).status().unwrap();
        let done = sandbox.run("tool; echo x >> $(command -v tool); cat $CARGO_HOME/credentials.toml").await;
        assert!(
            done.output.starts_with(&format!("tool of {}\n", sandbox.home().join(".cargo").display())),
            "{done:?}"
        );
        assert_ne!(done.exit, Exit::Code(0));
        assert!(!done.output.contains("token"));
        assert_eq!(std::fs::read_to_string(&tool).unwrap().lines().count(), 2);
    }
}

#[tokio::test]
async fn the_harness_may_write_reports() {
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        sandbox.place.put(".aios/plan.md", "plan");
        let runner = sandbox.runner();
        let write = spec("echo report > .aios/report.xml");
        let stop = CancellationToken::new();
        assert_ne!(runner.run(&write, &stop).await.unwrap().exit, Exit::Code(0), "{mode:?}");
        assert_eq!(runner.for_harness().run(&write, &stop).await.unwrap().exit, Exit::Code(0), "{mode:?}");
        assert_eq!(sandbox.place.text(".aios/report.xml"), "report\n");
    }
}

#[tokio::test]
async fn nothing_is_left_in_the_scratch_folder() {
    let sandbox = Sandbox::new(Mode::Landlock);
    sandbox.run("mkdir -p $HOME/a/b && echo x > $TMPDIR/a/b/c").await;
    let scratch = sandbox.place.root().with_file_name("scratch");
    super::eventually("scratch removed", || std::fs::read_dir(&scratch).unwrap().next().is_none()).await;
    assert!(sandbox.run("sleep 0").await.duration < Duration::from_secs(5));
}

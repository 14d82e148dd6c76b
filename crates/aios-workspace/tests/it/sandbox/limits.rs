//! Bounds on time, memory, output and processes; ends that leave nothing behind.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use aios_core::{CommandSpec, Exit, Limits, Runner};
use tokio_util::sync::CancellationToken;

use super::{MODES, Mode, Sandbox, eventually, running, spec, unique_sleep};

fn limited(line: &str, change: impl FnOnce(&mut Limits)) -> CommandSpec {
    let mut spec = spec(line);
    change(&mut spec.limits);
    spec
}

#[tokio::test]
async fn a_memory_hog_fails() {
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        let hog =
            limited("/usr/bin/python3 -c 'x = bytearray(2 << 30)'", |limits| limits.memory_bytes = 512 << 20);
        let done = sandbox.try_run(hog).await.unwrap();
        assert!(done.exit == Exit::Code(1) && done.output.contains("MemoryError"), "{mode:?}: {done:?}");
    }
}

#[tokio::test]
async fn files_are_bounded() {
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        sandbox
            .try_run(limited("head -c 5M /dev/zero > big", |limits| limits.file_bytes = 1 << 20))
            .await
            .unwrap();
        assert_eq!(std::fs::metadata(sandbox.place.root().join("big")).unwrap().len(), 1 << 20, "{mode:?}");
    }
}

#[tokio::test]
async fn a_flood_of_output_is_cut_in_the_middle() {
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        let flood =
            limited("echo first; yes | head -c 20000000; echo last", |limits| limits.output_bytes = 10_000);
        let done = sandbox.try_run(flood).await.unwrap();
        assert!(
            done.output.len() < 10_100
                && done.output.starts_with("first\n")
                && done.output.ends_with("last\n")
        );
        assert!(done.output.contains("[… 19990011 bytes cut …]"), "{mode:?}");
    }
}

#[tokio::test]
async fn too_many_processes_are_ended() {
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        // Loops that grow steadily: a doubling one would take the machine with it, should the guard fail.
        for bomb in ["while true; do sleep {} & done", "while true; do setsid sleep {} & done"] {
            let sleep = unique_sleep();
            let bomb = limited(&bomb.replace("{}", &sleep), |limits| limits.processes = 100);
            let done = sandbox.try_run(bomb).await.unwrap();
            assert_eq!(done.exit, Exit::Signal(9), "{mode:?}: {done:?}");
            assert!(
                done.output.ends_with("[ended: it had more than 100 processes at the same time]\n"),
                "{mode:?}"
            );
            assert_eq!(running(&sleep), 0, "{mode:?}");
        }
    }
}

#[tokio::test]
async fn time_runs_out() {
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        let sleep = unique_sleep();
        let line = format!("echo started; sleep {sleep} & sleep {sleep}");
        let started = Instant::now();
        let done =
            sandbox.try_run(limited(&line, |limits| limits.wall = Duration::from_millis(500))).await.unwrap();
        assert_eq!((done.exit, done.output.as_str()), (Exit::TimedOut, "started\n"), "{mode:?}");
        assert!(started.elapsed() < Duration::from_millis(2500), "{mode:?}: {:?}", started.elapsed());
        assert_eq!(running(&sleep), 0, "{mode:?}");
    }
}

/// Trees that try to outlive their end.
fn stubborn(sleep: &str) -> [String; 4] {
    [
        format!("sleep {sleep} & sleep {sleep}"),
        format!(
            "trap '' TERM HUP INT; setsid sleep {sleep} & (setsid nohup sleep {sleep} >/dev/null 2>&1 &); sleep {sleep}"
        ),
        format!(
            "/usr/bin/python3 -c \"import os, time\nif os.fork(): os._exit(0)\nos.setsid()\nif os.fork(): os._exit(0)\nos.execvp('sleep', ['sleep', '{sleep}'])\"; sleep {sleep}"
        ),
        format!("(while true; do sleep {sleep} & wait; done) & sleep {sleep}"),
    ]
}

#[tokio::test]
async fn a_cancel_ends_the_whole_tree() {
    for mode in MODES {
        for which in 0..4 {
            let sandbox = Sandbox::new(mode);
            let sleep = unique_sleep();
            let line = &stubborn(&sleep)[which];
            let (runner, spec, stop) = (sandbox.runner(), spec(line), CancellationToken::new());
            let run = tokio::spawn({
                let stop = stop.clone();
                async move { runner.run(&spec, &stop).await.unwrap() }
            });
            eventually("two sleepers", || running(&sleep) >= 2).await;
            let cancelled = Instant::now();
            stop.cancel();
            assert_eq!(run.await.unwrap().exit, Exit::Cancelled, "{mode:?}: {line}");
            assert!(cancelled.elapsed() < Duration::from_secs(2), "{mode:?}: {line}");
            assert_eq!(running(&sleep), 0, "{mode:?}: {line}");
        }
    }
}

#[tokio::test]
async fn what_a_command_leaves_behind_ends_with_it() {
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        let sleep = unique_sleep();
        for line in [
            // It holds the output open.
            format!("sleep {sleep} & echo done"),
            format!("(setsid nohup sleep {sleep} >/dev/null 2>&1 &); echo done"),
            format!(
                "/usr/bin/python3 -c \"import os\nif os.fork(): os._exit(0)\nos.setsid()\nif os.fork(): os._exit(0)\nos.execvp('sleep', ['sleep', '{sleep}'])\"; echo done"
            ),
        ] {
            let started = Instant::now();
            let done = sandbox.run(&line).await;
            assert_eq!((done.exit, done.output.as_str()), (Exit::Code(0), "done\n"), "{mode:?}: {line}");
            assert!(started.elapsed() < Duration::from_secs(3), "{mode:?}: {line}");
            assert_eq!(running(&sleep), 0, "{mode:?}: {line}");
        }
    }
}

#[tokio::test]
async fn a_dropped_run_ends_its_command() {
    for mode in MODES {
        let sandbox = Sandbox::new(mode);
        let sleep = unique_sleep();
        let (runner, spec) = (sandbox.runner(), spec(&format!("sleep {sleep}")));
        let run = tokio::spawn(async move { runner.run(&spec, &CancellationToken::new()).await });
        eventually("a sleeper", || running(&sleep) == 1).await;
        run.abort();
        eventually("no sleeper", || running(&sleep) == 0).await;
    }
}

/// Not a test: the process that `commands_end_with_the_product` kills.
#[tokio::test]
#[ignore = "started by commands_end_with_the_product"]
async fn product_that_is_killed() {
    let mode =
        if std::env::var_os("AIOS_TEST_LANDLOCK").is_some() { Mode::Landlock } else { Mode::Bubblewrap };
    let sleep = std::env::var("AIOS_TEST_SLEEP").unwrap();
    Sandbox::new(mode).run(&format!("sleep {sleep} & sleep {sleep}")).await;
}

#[tokio::test]
async fn commands_end_with_the_product() {
    for mode in MODES {
        let sleep = unique_sleep();
        let folder = tempfile::tempdir().unwrap();
        let mut product = Command::new(std::env::current_exe().unwrap());
        product.args(["--ignored", "--exact", "sandbox::limits::product_that_is_killed"]);
        product.env("AIOS_TEST_SLEEP", &sleep).env("TMPDIR", folder.path()).stdout(Stdio::null());
        if mode == Mode::Landlock {
            product.env("AIOS_TEST_LANDLOCK", "1");
        }
        let mut product = product.spawn().unwrap();
        eventually("two sleepers", || running(&sleep) == 2).await;
        product.kill().unwrap();
        product.wait().unwrap();
        eventually("no sleeper", || running(&sleep) == 0).await;
    }
}

//! What the sandbox adds to starting a program: `run(true)` in each mode beside a bare one, median of 200.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a host of its own: reads PATH, starts processes, prints"
)]

#[cfg(unix)]
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    use aios_core::{CommandLine, CommandSpec, Limits, Runner};
    use aios_workspace::{
        DiskWorkspace, SANDBOX_EXEC, SandboxRunner, SandboxSettings, Toolchains, sandbox_exec_main,
    };
    use std::time::Instant;

    if std::env::args().nth(1).as_deref() == Some(SANDBOX_EXEC) {
        sandbox_exec_main();
        return Ok(());
    }
    let (folder, scratch) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let workspace = DiskWorkspace::open(folder.path())?;
    let path = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    let toolchains = Toolchains { path, home: std::env::home_dir() };
    let spec = CommandSpec {
        line: CommandLine::Argv(vec!["true".to_owned()]),
        folder: None,
        env: Vec::new(),
        network: false,
        limits: Limits::default(),
    };
    let stop = tokio_util::sync::CancellationToken::new();
    let report = |what: &str, mut times: Vec<std::time::Duration>| {
        times.sort();
        println!("{what:32} p50 {:?}, p95 {:?}", times[times.len() / 2], times[times.len() * 95 / 100]);
    };
    let mut bare = Vec::new();
    for _ in 0..200 {
        let start = Instant::now();
        tokio::process::Command::new("true").status().await?;
        bare.push(start.elapsed());
    }
    report("bare", bare);
    for bubblewrap in [toolchains.find("bwrap"), None] {
        let settings = SandboxSettings {
            helper: std::env::current_exe()?,
            bubblewrap,
            toolchains: toolchains.clone(),
            read_only: Vec::new(),
            path_first: Vec::new(),
            scratch: scratch.path().to_owned(),
        };
        let runner = SandboxRunner::new(&workspace, settings);
        let start = Instant::now();
        let kind = runner.sandbox().kind;
        let probe = start.elapsed();
        let mut times = Vec::new();
        for _ in 0..200 {
            let start = Instant::now();
            runner.run(&spec, &stop).await?;
            times.push(start.elapsed());
        }
        println!("{kind}: found out in {probe:?}");
        report(&kind, times);
    }
    Ok(())
}

#[cfg(not(unix))]
fn main() {}

//! The `aios` command: starts runs, shows them, carries answers, goes on where one stopped.
//!
//! A host like the desktop and the server: it knows the words of `aios-protocol` and the use cases of `aios-app`, and
//! decides nothing. Must not know: engines, adapters, how anything is stored.

mod account;
mod args;
mod commands;
mod context;
mod credentials;
mod display;
mod download;
mod echo;
mod environment;
mod exit;
mod input;
mod keyboard;
mod log;
mod place;
mod policy_file;
mod run_ref;
mod screen;
mod signals;
mod text;
mod unpack;
mod view;
mod watch;
mod words;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use aios_protocol::{ErrorCode, Problem};
use clap::{CommandFactory, Parser};

use crate::args::{Cli, Command};
use crate::context::Context;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::place::Place;
use crate::signals::Signals;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if let Some(code) = aios_app::maybe_child_main(&arguments) {
        return code;
    }
    let cli = Cli::parse_from(arguments);
    if let Command::Completions(completions) = cli.command {
        clap_complete::generate(completions.shell, &mut Cli::command(), "aios", &mut io::stdout());
        return Exit::Completed.into();
    }
    let (json, remote) = (cli.json, cli.remote);
    let environment = match Environment::read() {
        Ok(environment) => environment,
        Err(problem) => return Failure::from(problem).report(json, false).into(),
    };
    let colour = environment.colour(environment.stderr_is_terminal);
    let ended =
        start(environment, cli).map_err(|failure| if remote { failure.told_by_server() } else { failure });
    ended.unwrap_or_else(|failure| failure.report(json, colour)).into()
}

fn start(environment: Environment, cli: Cli) -> Result<Exit, Failure> {
    let data = match &cli.command {
        Command::Serve(serve) => serve.data.as_deref(),
        _ => None,
    };
    let config = environment.config(data)?;
    match (environment.variable("AIOS_LOG"), &cli.command) {
        (Some(filter), _) => log::open(&config.home, filter)?,
        (None, Command::Serve(_)) => log::to_stderr(),
        (None, _) => {}
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(
            |error| Problem::new(ErrorCode::Internal, format!("no threads could be started: {error}")),
        )?;
    let result = runtime.block_on(async {
        let context = Context::new(environment, config, cli.json, cli.remote);
        let result = commands::execute(&context, cli.command).await;
        if !matches!(result, Err(Failure::Abandoned)) {
            put_away(&context).await;
        }
        result
    });
    // A thread that still waits for the keyboard must not keep the process.
    runtime.shutdown_background();
    result
}

/// Lets what still works reach a point from which it can go on; a signal ends the patience.
async fn put_away(context: &Context) {
    let Some(Place::Here(here)) = context.opened() else { return };
    let shutdown = here.app.shutdown(place::DRAIN);
    match Signals::listen() {
        Ok(mut signals) => tokio::select! { () = shutdown => {}, () = signals.next() => {} },
        Err(_) => shutdown.await,
    }
}

//! One module for each command. They turn arguments into requests and answers into lines; they decide nothing else.

mod doctor;
mod download;
mod login;
mod logs;
mod models;
mod respond;
mod resume;
mod run;
mod runs;
mod serve;

use crate::args::{Command, ModelsCommand};
use crate::context::Context;
use crate::exit::{Exit, Failure};

/// Does what the command line asks.
pub(crate) async fn execute(context: &Context, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Run(arguments) => run::run(context, *arguments).await,
        Command::Runs(arguments) => runs::runs(context, arguments).await,
        Command::Resume(arguments) => resume::resume(context, arguments).await,
        Command::Respond(arguments) => respond::respond(context, arguments).await,
        Command::Logs(arguments) => logs::logs(context, arguments).await,
        Command::Models(arguments) => match arguments.command {
            None => models::list(context, arguments.list).await,
            Some(ModelsCommand::List(list)) => models::list(context, list).await,
            Some(ModelsCommand::Pull(pull)) => models::pull(context, pull).await,
            Some(ModelsCommand::Remove(remove)) => models::remove(context, remove).await,
        },
        Command::Serve(arguments) => serve::serve(context, arguments).await,
        Command::Login(arguments) => login::login(context, arguments).await,
        Command::Logout(_) => login::logout(context).await,
        Command::Whoami(_) => login::whoami(context).await,
        Command::Doctor(_) => doctor::doctor(context).await,
        // Answered before the product is opened.
        Command::Completions(_) => Ok(Exit::Completed),
    }
}

//! The command line: its words, its help, and the values that can be checked without opening anything.

use std::net::IpAddr;
use std::path::PathBuf;

use aios_protocol::{ProjectId, RunStatus};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};

const EXIT_CODES: &str = "\
Exit codes:
  0    the run completed
  1    it failed
  2    the command line or the request is wrong
  3    an agent needs an answer (see `aios respond`)
  4    a cost or time limit was reached
  130  cancelled or interrupted (see `aios resume`)";

const ENVIRONMENT: &str = "\
Environment:
  AIOS_HOME        where runs, projects and settings are kept
  AIOS_MODELS_DIR  where the embedded model is kept
  AIOS_LOG         writes <AIOS_HOME>/logs/aios.log, for example AIOS_LOG=debug
  AIOS_REMOTE=1    the same as --remote
  AIOS_API_URL     the server [default: that of `aios login`, or http://127.0.0.1:8001]
  AIOS_API_KEY     your key for it [default: that of `aios login`]
  AIOS_KEYRING=off keeps keys in files that only you can read, even where there is a keyring
  OPENAI_API_KEY   and its kin: `aios models` shows the variable of each provider
  NO_COLOR         no colour";

#[derive(Debug, Parser)]
#[command(
    name = "aios",
    version,
    about = "One sentence becomes a tested project: a team of AI agents on your machine.",
    after_help = format!(
        "Start with:\n  aios run \"Create a calculator module with add, subtract, multiply, divide and pytest tests\"\n\n\
         {EXIT_CODES}\n\n{ENVIRONMENT}"
    ),
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    /// Print JSON on stdout, one object per line, and errors as JSON on stderr
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Ask a server instead of this machine; see `aios login`
    #[arg(long, global = true)]
    pub(crate) remote: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(Box<Run>),
    Runs(Runs),
    Resume(Resume),
    Respond(Respond),
    Logs(Logs),
    Models(Models),
    Serve(Serve),
    Login(Login),
    Logout(Logout),
    Whoami(Whoami),
    Doctor(Doctor),
    Completions(Completions),
}

/// Start a run and watch it until it ends
#[derive(Debug, Args)]
#[command(after_help = format!(
    "Examples:\n  aios run \"Build a REST API for a blog\"\n  \
     aios run \"Add JWT authentication\" --project my-blog --max-cost 0.50\n  \
     aios run - --dir . --tasks backend,qa < objective.txt\n\n{EXIT_CODES}"
))]
pub(crate) struct Run {
    /// What to build, in your words; `-` reads it from stdin
    #[arg(required = true, value_name = "OBJECTIVE")]
    pub(crate) objective: Vec<String>,

    /// Go on with this project: its files and what its earlier runs did
    #[arg(long, value_name = "ID", conflicts_with = "dir")]
    pub(crate) project: Option<ProjectId>,

    /// Work in this folder, made if there is none [default: a new folder under AIOS_HOME]
    #[arg(long, value_name = "PATH")]
    pub(crate) dir: Option<PathBuf>,

    /// Kind of team: fullstack, api_only, data_pipeline, saas_starter or microservice [default: fullstack]
    #[arg(long, value_name = "PERSONA", conflicts_with = "hierarchy")]
    pub(crate) persona: Option<String>,

    /// Who leads whom: standard, enterprise or with_devops
    #[arg(long)]
    pub(crate) hierarchy: Option<String>,

    /// Only these agents, for example backend,qa
    #[arg(long, value_name = "AGENTS", value_delimiter = ',')]
    pub(crate) tasks: Vec<String>,

    /// Model to use, for example openai/gpt-4.1; `aios models` lists them
    #[arg(long, value_name = "PROVIDER/NAME")]
    pub(crate) model: Option<String>,

    /// Limits and permissions, as TOML or JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,

    /// Stop before the model call that would cost more in total
    #[arg(long, value_name = "USD", value_parser = amount, allow_negative_numbers = true)]
    pub(crate) max_cost: Option<f64>,

    /// Stop after so many minutes
    #[arg(long, value_name = "N", value_parser = amount, allow_negative_numbers = true)]
    pub(crate) max_minutes: Option<f64>,

    /// Agree to downloads, such as the embedded model; never answers an agent's question for you
    #[arg(long)]
    pub(crate) yes: bool,
}

/// List runs, show one, cancel or pause it, download its files
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Examples:\n  aios runs --status failed\n  aios runs show last\n  aios runs cancel 0192f3a4\n\n\
                  RUN is an id, the first 4 or more characters of one, or `last`."
)]
pub(crate) struct Runs {
    #[command(subcommand)]
    pub(crate) command: Option<RunsCommand>,

    #[command(flatten)]
    pub(crate) list: RunsList,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RunsCommand {
    /// List runs, newest first
    List(RunsList),
    /// Show one run: its agents, files, cost and verdict
    Show(RunArgument),
    /// End a run for good
    Cancel(RunArgument),
    /// Hold a run before its next step; `aios resume` goes on
    Pause(RunArgument),
    /// Get the files of a run from a server
    #[command(
        after_help = "Examples:\n  aios --remote runs download last\n  aios --remote runs download 0192f3a4 site.zip"
    )]
    Download(RunsDownload),
}

#[derive(Debug, Args)]
pub(crate) struct RunsList {
    /// Only runs in this state
    #[arg(long, value_parser = status_parser())]
    pub(crate) status: Option<RunStatus>,

    /// Only runs whose objective or log has these words
    #[arg(long, value_name = "WORDS")]
    pub(crate) search: Option<String>,

    /// Only runs of this project
    #[arg(long, value_name = "ID")]
    pub(crate) project: Option<ProjectId>,

    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgument {
    /// A run's id, the first 4 or more characters of it, or `last`
    pub(crate) run: String,
}

#[derive(Debug, Args)]
pub(crate) struct RunsDownload {
    /// A run's id, the first 4 or more characters of it, or `last`
    pub(crate) run: String,

    /// A new folder, or a file that ends with .zip [default: a folder with the run's id]
    pub(crate) to: Option<PathBuf>,
}

/// Go on with a run that was interrupted, paused or left by a crash
#[derive(Debug, Args)]
#[command(
    after_help = "Finished agents are not run again.\n\nExamples:\n  aios resume\n  aios resume 0192f3a4"
)]
pub(crate) struct Resume {
    /// A run's id, the first 4 or more characters of it, or `last` [default: the latest that can go on]
    pub(crate) run: Option<String>,
}

/// Answer an agent's question, and go on with the run
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  aios respond last \"Use SQLite\"")]
pub(crate) struct Respond {
    /// A run's id, the first 4 or more characters of it, or `last`
    pub(crate) run: String,

    /// Your answer; `-` reads it from stdin
    #[arg(required = true, value_name = "ANSWER")]
    pub(crate) answer: Vec<String>,
}

/// Show what happened in a run
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  aios logs last\n  aios logs 0192f3a4 --follow")]
pub(crate) struct Logs {
    /// A run's id, the first 4 or more characters of it, or `last`
    pub(crate) run: String,

    /// Keep going until the run ends
    #[arg(long, short)]
    pub(crate) follow: bool,
}

/// List models; download or delete the embedded one
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Examples:\n  aios models --provider groq\n  aios models pull"
)]
pub(crate) struct Models {
    #[command(subcommand)]
    pub(crate) command: Option<ModelsCommand>,

    #[command(flatten)]
    pub(crate) list: ModelsList,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelsCommand {
    /// List the embedded models and those of all providers
    List(ModelsList),
    /// Download an embedded model; an interrupted download goes on where it stopped
    #[command(
        after_help = "Examples:\n  aios models pull\n  aios models pull --from ~/Downloads/model.gguf\n\n\
                      The file is checked by its SHA-256, wherever it comes from."
    )]
    Pull(ModelsPull),
    /// Delete an embedded model from disk
    #[command(after_help = "Example:\n  aios models remove qwen2.5-coder-0.5b")]
    Remove(ModelsRemove),
}

#[derive(Debug, Args)]
pub(crate) struct ModelsList {
    /// Only this provider, with what its models are good for
    #[arg(long, value_name = "ID")]
    pub(crate) provider: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ModelsPull {
    /// The model's id, as `aios models` shows it [default: the one for runs]
    pub(crate) id: Option<String>,

    /// Take the file from here instead of the network
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ModelsRemove {
    /// The model's id, as `aios models` shows it
    pub(crate) id: String,
}

/// Answer the REST and WebSocket API, for scripts, the web UI and other tools
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  aios serve\n  \
    curl -H \"x-api-key: $(cat ~/.local/share/aios/local.key)\" http://127.0.0.1:8001/api/v1/runs\n\n\
    Open http://127.0.0.1:8001/docs for all endpoints. Ctrl-C saves what runs; the next start goes on with it.")]
pub(crate) struct Serve {
    /// Port to listen on; 0 takes any that is free
    #[arg(long, default_value_t = 8001)]
    pub(crate) port: u16,

    /// Address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,

    /// Keep runs, projects and accounts here [default: AIOS_HOME]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Also answer to this host name, and to web pages from it; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_host: Vec<String>,

    /// Also print a link that opens the page with your key; whoever has it may do what you may
    #[arg(long)]
    pub(crate) link: bool,

    /// A proxy in front ends TLS and sets X-Forwarded-For; needed to listen on other than loopback addresses
    #[arg(long)]
    pub(crate) behind_proxy: bool,
}

/// Log in to a server, for --remote
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  aios login --url https://api.example.org\n  aios login --key - < key.txt\n\n\
    The key is kept in the keyring of the system, or in a file that only you can read where there is none."
)]
pub(crate) struct Login {
    /// The server [default: AIOS_API_URL, else http://127.0.0.1:8001]
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// Take a key that exists from stdin, instead of asking for e-mail and password
    #[arg(long, value_name = "-", allow_hyphen_values = true)]
    pub(crate) key: Option<String>,
}

/// Forget the key of the last login, and end it where the login made it
#[derive(Debug, Args)]
pub(crate) struct Logout {}

/// Show who you are for the server
#[derive(Debug, Args)]
pub(crate) struct Whoami {}

/// Check this machine: what works, what is missing, what to do
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  aios doctor")]
pub(crate) struct Doctor {}

/// Print a completion script for your shell
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    aios completions bash > ~/.local/share/bash-completion/completions/aios\n  \
    aios completions zsh > ~/.zfunc/_aios\n  \
    aios completions fish > ~/.config/fish/completions/aios.fish")]
pub(crate) struct Completions {
    pub(crate) shell: clap_complete::Shell,
}

fn amount(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number >= 0.0 => Ok(number),
        _ => Err("it must be a number of 0 or more, such as 0.50".to_owned()),
    }
}

const STATUSES: [RunStatus; 8] = [
    RunStatus::Pending,
    RunStatus::Running,
    RunStatus::Waiting,
    RunStatus::Paused,
    RunStatus::Interrupted,
    RunStatus::Completed,
    RunStatus::Failed,
    RunStatus::Cancelled,
];

fn status_parser() -> impl TypedValueParser<Value = RunStatus> {
    PossibleValuesParser::new(STATUSES.map(RunStatus::as_str)).try_map(|name| {
        STATUSES.into_iter().find(|status| status.as_str() == name).ok_or("there is no such state")
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}

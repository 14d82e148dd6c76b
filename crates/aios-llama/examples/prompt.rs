//! Asks the embedded model from a shell: prints candidates and what they took.
//!
//! `cargo run --release -p aios-llama --features llama --example prompt -- --model FILE --prompt-file FILE`
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a host of its own")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use aios_llama::wire::{self, FromWorker, Generation, Load, Message, Role, Threads, ToWorker, Variant};
use clap::Parser;

/// Asks the embedded model.
#[derive(Parser)]
struct Args {
    /// The GGUF file.
    #[arg(long)]
    model: PathBuf,
    /// What the user says.
    #[arg(long)]
    prompt_file: PathBuf,
    /// The instructions.
    #[arg(long)]
    system_file: Option<PathBuf>,
    /// The reply begins with this text.
    #[arg(long)]
    prefill_file: Option<PathBuf>,
    /// The reply obeys this GBNF grammar.
    #[arg(long)]
    grammar: Option<PathBuf>,
    /// Text that ends the reply; may be repeated; `\n` is a line end.
    #[arg(long)]
    stop: Vec<String>,
    /// 0 takes the likeliest token.
    #[arg(long, default_value_t = 0.0)]
    temp: f32,
    /// Above 1, repeats less.
    #[arg(long, default_value_t = 1.0)]
    repeat_penalty: f32,
    /// Seed of the first candidate; the others count on from it.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Candidates, decoded together.
    #[arg(short, default_value_t = 1)]
    n: u32,
    /// Tokens of a reply at most.
    #[arg(long, default_value_t = 1024)]
    max_tokens: u32,
    /// Threads to compute with; one per core when missing.
    #[arg(long)]
    threads: Option<u32>,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    if std::env::args().nth(1).as_deref() == Some("llama-worker") {
        return Ok(aios_llama::worker_main());
    }
    ask(&Args::parse())
}

fn ask(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    let read = |path: &Option<PathBuf>| path.as_ref().map(fs::read_to_string).transpose();
    let mut messages = Vec::new();
    messages.extend(read(&args.system_file)?.map(|text| Message { role: Role::System, text }));
    messages.push(Message { role: Role::User, text: fs::read_to_string(&args.prompt_file)? });
    let prefill = read(&args.prefill_file)?.unwrap_or_default();
    let grammar = read(&args.grammar)?;

    let mut worker = Command::new(std::env::current_exe()?)
        .arg("llama-worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (mut stdin, mut stdout) =
        (worker.stdin.take().ok_or("no stdin")?, worker.stdout.take().ok_or("no stdout")?);
    let threads = args.threads.map_or(Threads::All, Threads::Exactly);
    let load = Load {
        model: args.model.clone(),
        context: 8192,
        parallel: args.n.clamp(1, 4),
        threads,
        variant: Variant::default(),
    };
    wire::write(&mut stdin, &ToWorker::Load(load))?;
    for n in 0..args.n {
        let generation = Generation {
            max_tokens: args.max_tokens,
            temperature: args.temp,
            repeat_penalty: args.repeat_penalty,
            seed: Some(args.seed + n),
            stop: args.stop.iter().map(|stop| stop.replace("\\n", "\n")).collect(),
            grammar: grammar.clone(),
            ..Generation::default()
        };
        let chat =
            ToWorker::Chat { id: n.into(), messages: messages.clone(), prefill: prefill.clone(), generation };
        wire::write(&mut stdin, &chat)?;
    }

    let mut replies: BTreeMap<u64, String> = BTreeMap::new();
    let mut ended = 0;
    while ended < args.n {
        match wire::read(&mut stdout)?.ok_or("the worker ended; is the model file whole?")? {
            FromWorker::Ready { threads, load_ms } => println!("loaded in {load_ms} ms, {threads} threads"),
            FromWorker::LoadFailed { reason } => return Err(reason.into()),
            FromWorker::Delta { id, text } => replies.entry(id).or_default().push_str(&text),
            FromWorker::Failed { id, reason } => {
                println!("=== candidate {id} failed: {reason}");
                ended += 1;
            }
            FromWorker::Finished { id, finish, usage } => {
                let reply = replies.remove(&id).unwrap_or_default();
                println!("=== candidate {id} ({finish:?})\n{prefill}{reply}");
                println!(
                    "--- prompt {} (cached {}), {:.0} ms; reply {} tokens, {:.0} ms, {:.1}/s",
                    usage.prompt_tokens,
                    usage.cached_tokens,
                    usage.prefill_ms,
                    usage.generated_tokens,
                    usage.decode_ms,
                    f64::from(usage.generated_tokens) / usage.decode_ms * 1e3,
                );
                ended += 1;
            }
        }
    }
    drop(stdin);
    worker.wait()?;
    Ok(ExitCode::SUCCESS)
}

//! Compares the worker with llama.cpp driven directly: same build, same prompt, greedy, best of some rounds.
//!
//! `cargo run --release -p aios-llama --features llama --example bench`
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a host of its own")]

use std::error::Error;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use aios_core::{Message, Model, ModelEvent, ModelRequest};
use aios_llama::weights::{Catalogue, Purpose, WeightStore};
use aios_llama::wire::{self, Generation, Load, Role, Threads, ToWorker, Variant};
use aios_llama::{LocalModel, LocalModelOptions, Supervisor, WORKER_ARGUMENT, WorkerEvent, WorkerOptions};
use clap::Parser;
use futures::StreamExt;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::token::LlamaToken;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// Measures the embedded model.
#[derive(Parser)]
struct Args {
    /// Where the weights are.
    #[arg(long, env = "AIOS_MODELS_DIR", default_value_os_t = cache())]
    models_dir: PathBuf,
    /// How often each takes its turn.
    #[arg(long, default_value_t = 2)]
    passes: u32,
    /// Rounds in a turn; the best of all turns counts.
    #[arg(long, default_value_t = 2)]
    rounds: u32,
    /// Tokens generated.
    #[arg(long, default_value_t = 64)]
    tokens: u32,
    /// Threads to compute with.
    #[arg(long, default_value_t = 2)]
    threads: u32,
}

/// Seconds to the first token, and from there to the last.
#[derive(Clone, Copy)]
struct Took(f64, f64);

/// Where `aios models pull` puts weights.
fn cache() -> PathBuf {
    std::env::home_dir().unwrap_or_default().join(".cache/cesaflow/models")
}

/// About 250 tokens that no round shares with another.
fn prompt(round: u32) -> String {
    let lines: String =
        (0..14).map(|i| format!("def f{i}(x): return x * {} + {round}\n", i * 17 % 23)).collect();
    format!("Round {round}. Explain each of these functions at length.\n{lines}")
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    if std::env::args().nth(1).as_deref() == Some(WORKER_ARGUMENT) {
        return Ok(aios_llama::worker_main());
    }
    let args = Args::parse();
    let catalogue = Catalogue::builtin();
    let chosen = catalogue.default_for(Purpose::Run).ok_or("no weights are known")?;
    let file = WeightStore::new(&args.models_dir).path(chosen);
    let executable = std::env::current_exe()?;
    let state = tempfile::tempdir()?;
    let mut backend = LlamaBackend::init()?;
    backend.void_logs();

    // One process with weights at a time, so that none waits for memory or cores of another; in turns, so that whatever
    // else the machine does hits all alike.
    let (mut direct, mut same, mut best) = (Vec::new(), Vec::new(), Vec::new());
    for pass in 1..=args.passes {
        println!("pass {pass} of {}: first token, then tokens/s, in each round", args.passes);
        direct.extend(in_turn("directly", &args, directly(&backend, &file, &args)?));
        let worker = through_worker(file.clone(), executable.clone(), &args)?;
        same.extend(in_turn("worker, same variant", &args, worker));
        let port = through_port(file.clone(), executable.clone(), state.path(), &args)?;
        best.extend(in_turn("port, variant of the self-test", &args, port));
    }
    let direct = fastest(&direct);
    println!("best of {} rounds, {} threads", args.passes * args.rounds, args.threads);
    report("directly", direct, &args, None);
    report("worker, same variant", fastest(&same), &args, Some(direct));
    report("port, variant of the self-test", fastest(&best), &args, Some(direct));
    print_verdicts(state.path())?;
    Ok(ExitCode::SUCCESS)
}

/// Says how the rounds went; the first one warmed up and does not count.
fn in_turn(what: &str, args: &Args, mut rounds: Vec<Took>) -> Vec<Took> {
    rounds.remove(0);
    let each: Vec<String> =
        rounds.iter().map(|took| format!("{:.2} s {:.1}", took.0, rate(args, *took))).collect();
    println!("  {what}: {}", each.join(", "));
    rounds
}

fn rate(args: &Args, took: Took) -> f64 {
    f64::from(args.tokens - 1) / took.1
}

fn fastest(rounds: &[Took]) -> Took {
    let least = |part: fn(&Took) -> f64| rounds.iter().map(part).fold(f64::INFINITY, f64::min);
    Took(least(|t| t.0), least(|t| t.1))
}

fn report(what: &str, took: Took, args: &Args, reference: Option<Took>) {
    let ratio =
        reference.map_or(String::new(), |r| format!(", {:.2}x and {:.2}x", r.0 / took.0, r.1 / took.1));
    println!("{what}: first token after {:.2} s, then {:.1} tokens/s{ratio}", took.0, rate(args, took));
}

fn print_verdicts(state: &Path) -> Result<(), Box<dyn Error>> {
    for file in std::fs::read_dir(state)? {
        println!("{}", std::fs::read_to_string(file?.path())?);
    }
    Ok(())
}

/// As llama.cpp's own programs do it: batches of 512, the likeliest token, its text.
fn directly(backend: &LlamaBackend, weights: &Path, args: &Args) -> Result<Vec<Took>, Box<dyn Error>> {
    let model = LlamaModel::load_from_file(backend, weights, &LlamaModelParams::default())?;
    (0..=args.rounds).map(|round| directly_once(backend, &model, args, round)).collect()
}

fn directly_once(
    backend: &LlamaBackend,
    model: &LlamaModel,
    args: &Args,
    round: u32,
) -> Result<Took, Box<dyn Error>> {
    let threads = i32::try_from(args.threads)?;
    let params = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(2048))
        .with_n_batch(512)
        .with_n_ubatch(512)
        .with_n_threads(threads)
        .with_n_threads_batch(threads);
    let mut context = model.new_context(backend, params)?;
    let mut batch = LlamaBatch::new(512, 1);
    let start = Instant::now();
    let text = format!("<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n", prompt(round));
    let tokens = model.vocab().tokenize(text.as_bytes(), false, true);
    let mut position = 0;
    for chunk in tokens.chunks(512) {
        batch.clear();
        for &token in chunk {
            position += 1;
            batch.add(token, position - 1, &[0], position as usize == tokens.len())?;
        }
        context.decode(&mut batch)?;
    }
    let mut token = likeliest(context.get_logits_ith(batch.n_tokens() - 1));
    let first = start.elapsed();
    let mut said = Vec::new();
    for _ in 1..args.tokens {
        said.extend(model.vocab().token_to_piece(token, false, None));
        batch.clear();
        batch.add(token, position, &[0], true)?;
        position += 1;
        context.decode(&mut batch)?;
        token = likeliest(context.get_logits_ith(0));
    }
    Ok(Took(first.as_secs_f64(), (start.elapsed() - first).as_secs_f64()))
}

fn likeliest(logits: &[f32]) -> LlamaToken {
    let best = logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(id, _)| id);
    LlamaToken::new(best as i32)
}

/// A worker with the arithmetic that `directly` uses; gone with the runtime.
fn through_worker(model: PathBuf, executable: PathBuf, args: &Args) -> Result<Vec<Took>, Box<dyn Error>> {
    let threads = Threads::Exactly(args.threads);
    let load = Load { model, context: 2048, parallel: 1, threads, variant: Variant::Baseline };
    let worker = Supervisor::new(WorkerOptions { executable, load, idle: Duration::from_secs(3600) });
    Runtime::new()?.block_on(async {
        let mut rounds = Vec::new();
        for round in 0..=args.rounds {
            rounds.push(ask_worker(&worker, round, args.tokens).await?);
        }
        Ok(rounds)
    })
}

async fn ask_worker(worker: &Supervisor, round: u32, tokens: u32) -> Result<Took, Box<dyn Error>> {
    let start = Instant::now();
    let mut replies = worker.submit(|id| ToWorker::Chat {
        id,
        messages: vec![wire::Message { role: Role::User, text: prompt(round) }],
        prefill: String::new(),
        generation: Generation { max_tokens: tokens, ..Generation::default() },
    });
    let mut first = None;
    loop {
        match replies.next().await.ok_or("the worker is gone")? {
            WorkerEvent::Delta(_) => _ = first.get_or_insert_with(|| start.elapsed()),
            WorkerEvent::Finished { .. } => return took(start, first),
            other => return Err(format!("{other:?}").into()),
        }
    }
}

/// What the product uses, with the variant that its self-test chose; gone with the runtime.
fn through_port(
    weights: PathBuf,
    executable: PathBuf,
    state: &Path,
    args: &Args,
) -> Result<Vec<Took>, Box<dyn Error>> {
    let mut options = LocalModelOptions::new("bench", weights, executable, state.to_owned());
    options.threads = Threads::Exactly(args.threads);
    let port = LocalModel::new(options);
    Runtime::new()?.block_on(async {
        let mut rounds = Vec::new();
        for round in 0..=args.rounds {
            rounds.push(ask_port(&port, round, args.tokens).await?);
        }
        Ok(rounds)
    })
}

async fn ask_port(model: &LocalModel, round: u32, tokens: u32) -> Result<Took, Box<dyn Error>> {
    let messages = vec![Message::user(prompt(round))];
    let request =
        ModelRequest { messages: messages.into(), max_tokens: Some(tokens), ..ModelRequest::default() };
    let start = Instant::now();
    let mut first = None;
    let mut events = model.stream(request, CancellationToken::new());
    while let Some(event) = events.next().await {
        if let ModelEvent::Text(_) = event? {
            first.get_or_insert_with(|| start.elapsed());
        }
    }
    took(start, first)
}

fn took(start: Instant, first: Option<Duration>) -> Result<Took, Box<dyn Error>> {
    let first = first.ok_or("no text came")?;
    Ok(Took(first.as_secs_f64(), (start.elapsed() - first).as_secs_f64()))
}

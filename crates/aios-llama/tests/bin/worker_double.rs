//! Speaks the worker's side of the wire without a model. What it does with a request stands in the request's text.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a part of the tests"
)]

use std::io::{Write, stdin, stdout};

use aios_llama::wire::{self, Failure, Finish, FromWorker, LoadFailure, ToWorker, Usage};

fn main() {
    let mut input = stdin().lock();
    let say = |message: FromWorker| wire::write(&mut stdout(), &message).unwrap();
    let Some(ToWorker::Load(load)) = wire::read(&mut input).unwrap() else { std::process::exit(2) };
    if load.model.ends_with("bad.gguf") {
        let reason = LoadFailure::BadFile { path: load.model, detail: "it is a double".into() };
        return say(FromWorker::LoadFailed { reason });
    }
    say(FromWorker::Ready { threads: 1, load_ms: 0 });
    while let Some(request) = wire::read(&mut input).unwrap() {
        match request {
            ToWorker::Chat { id, messages, .. } => {
                match messages.last().map(|m| m.text.as_str()).unwrap_or_default() {
                    "hang" => say(FromWorker::Delta { id, text: "so far".into() }),
                    "die" => {
                        eprintln!("llama-worker: error: told to");
                        std::process::exit(3);
                    }
                    "abort" => std::process::abort(),
                    "babble" => print_babble(),
                    "refuse" => say(FromWorker::Failed { id, reason: Failure::BadGrammar }),
                    "pid" => answer(id, &std::process::id().to_string()),
                    "environment" => {
                        answer(id, &format!("{:?}", std::env::vars().map(|v| v.0).collect::<Vec<_>>()))
                    }
                    text => answer(id, text),
                }
            }
            ToWorker::Cancel { id } => {
                say(FromWorker::Finished { id, finish: Finish::Cancelled, usage: Usage::default() });
            }
            ToWorker::Complete { id, prefix, suffix, middle, .. } => {
                answer(id, &format!("{prefix:?} {middle:?} … {suffix:?}"))
            }
            ToWorker::Load(_) => std::process::exit(2),
        }
    }
}

fn answer(id: u64, text: &str) {
    wire::write(&mut stdout(), &FromWorker::Delta { id, text: text.to_owned() }).unwrap();
    let finished = FromWorker::Finished { id, finish: Finish::Stop, usage: Usage::default() };
    wire::write(&mut stdout(), &finished).unwrap();
}

fn print_babble() {
    stdout().write_all(b"Segmentation fault, or so").unwrap();
    stdout().flush().unwrap();
}

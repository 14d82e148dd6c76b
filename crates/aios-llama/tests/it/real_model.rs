//! The real model in a real worker. Needs weights: `AIOS_MODELS_DIR`, else these tests say that they were skipped.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use aios_core::{Message, Model, ModelError, ModelEvent, ModelRequest};
use aios_llama::weights::{Catalogue, Presence, WeightStore};
use aios_llama::wire::{
    self, Failure, Finish, Generation, Load, LoadFailure, Role, Threads, ToWorker, Usage, Variant,
};
use aios_llama::{LocalModel, LocalModelOptions, Replies, Supervisor, WorkerEvent, WorkerOptions};
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

const WORKER: &str = env!("CARGO_BIN_EXE_worker-real");

/// The smallest weights that are here.
fn weights() -> Option<PathBuf> {
    let dir = std::env::var_os("AIOS_MODELS_DIR");
    let store = WeightStore::new(dir.map_or_else(|| PathBuf::from("/nonexistent"), PathBuf::from));
    let mut known = Catalogue::builtin().weights;
    known.sort_by_key(|weights| weights.bytes);
    let found = known.iter().find(|weights| store.presence(weights) == Presence::Present);
    if found.is_none() {
        eprintln!("SKIPPED: no weights in AIOS_MODELS_DIR; this test proved nothing");
    }
    found.map(|weights| store.path(weights))
}

fn worker(model: PathBuf, context: u32, parallel: u32) -> Supervisor {
    let load = Load { model, context, parallel, threads: Threads::All, variant: Variant::Baseline };
    Supervisor::new(WorkerOptions { executable: WORKER.into(), load, idle: Duration::from_secs(600) })
}

fn ask(worker: &Supervisor, text: &str, prefill: &str, generation: Generation) -> Replies {
    let messages = vec![wire::Message { role: Role::User, text: text.to_owned() }];
    worker.submit(|id| ToWorker::Chat { id, messages, prefill: prefill.to_owned(), generation })
}

fn greedy(max_tokens: u32) -> Generation {
    Generation { max_tokens, ..Generation::default() }
}

async fn rest(mut replies: Replies) -> (String, WorkerEvent) {
    let mut text = String::new();
    loop {
        match replies.next().await.expect("the worker answers") {
            WorkerEvent::Delta(more) => text.push_str(&more),
            last => return (text, last),
        }
    }
}

async fn reply(replies: Replies) -> (String, Finish, Usage) {
    match rest(replies).await {
        (text, WorkerEvent::Finished { finish, usage }) => (text, finish, usage),
        (_, other) => panic!("{other:?}"),
    }
}

const LONG: &str =
    "def area(w, h):\n    return w * h\n\n\ndef perimeter(w, h):\n    return 2 * (w + h)\n\n\n";

#[tokio::test]
async fn answers_are_repeatable_and_prefixes_are_reused() {
    let Some(weights) = weights() else { return };
    let worker = worker(weights, 2048, 4);
    let prompt = format!("{}What does area(2, 3) return? Answer with the number only.", LONG.repeat(6));
    let (first, finish, cold) = reply(ask(&worker, &prompt, "", greedy(16))).await;
    assert!(first.trim().parse::<u32>().is_ok(), "{first:?}");
    assert_eq!((finish, cold.cached_tokens), (Finish::Stop, 0));
    let (second, _, warm) = reply(ask(&worker, &prompt, "", greedy(16))).await;
    assert_eq!(second, first);
    assert_eq!(warm.cached_tokens, warm.prompt_tokens - 1);
    let (_, _, branched) = reply(ask(&worker, &format!("{prompt} Be quick."), "", greedy(4))).await;
    assert!(branched.cached_tokens > cold.prompt_tokens - 12, "{branched:?}");
}

#[tokio::test]
async fn candidates_of_one_prompt_share_its_computation_and_say_what_they_would_alone() {
    let Some(weights) = weights() else { return };
    let worker = worker(weights, 1024, 4);
    let prompt = format!("{}Write one short sentence about this code.", LONG.repeat(4));
    let generation = |seed| Generation { temperature: 0.9, seed: Some(seed), ..greedy(20) };
    let replies: Vec<Replies> = (1..=4).map(|seed| ask(&worker, &prompt, "", generation(seed))).collect();
    let mut texts = Vec::new();
    let mut computed = 0;
    for replies in replies {
        let (text, _, usage) = reply(replies).await;
        computed += usage.prompt_tokens - usage.cached_tokens;
        assert!(usage.generated_tokens > 0);
        texts.push(text);
        assert!(computed < usage.prompt_tokens + 4, "the prompt was computed more than once: {computed}");
    }
    texts.dedup();
    assert!(texts.len() > 1, "four seeds, one text: {texts:?}");
}

#[tokio::test]
async fn more_requests_than_the_cache_holds_all_end_well() {
    let Some(weights) = weights() else { return };
    let worker = worker(weights, 512, 4);
    let replies: Vec<Replies> =
        (0..6).map(|n| ask(&worker, &format!("{n} {}Go on.", LONG.repeat(9)), "", greedy(32))).collect();
    for replies in replies {
        let (text, _, usage) = reply(replies).await;
        assert!(usage.prompt_tokens > 256 && !text.is_empty(), "{usage:?}");
    }
}

#[tokio::test]
async fn grammars_prefills_and_stops_are_obeyed() {
    let Some(weights) = weights() else { return };
    let worker = worker(weights, 1024, 4);
    let with = |grammar: &str| Generation { grammar: Some(grammar.to_owned()), ..greedy(40) };
    let (text, finish, _) =
        reply(ask(&worker, "Tell me a long story.", "", with(r#"root ::= "yes" | "no""#))).await;
    assert!(["yes", "no"].contains(&text.as_str()) && finish == Finish::Stop, "{text:?}");
    let files = "root ::= file (\"\\n\" file)? \"\\n\"\nfile ::= \"FILE: \" [a-z]+ \".py\"";
    let (text, ..) = reply(ask(&worker, "Name the files of a calculator.", "", with(files))).await;
    assert!(text.starts_with("FILE: ") && text.ends_with(".py\n"), "{text:?}");
    let (_, last) = rest(ask(&worker, "x", "", with("root ::= (("))).await;
    assert_eq!(last, WorkerEvent::Failed(Failure::BadGrammar));

    let code = "Write a Python function that adds two numbers, without a docstring.";
    let stop = Generation { stop: vec!["\n\n".into(), "```".into()], ..greedy(80) };
    let (text, finish, _) = reply(ask(&worker, code, "```python\ndef plus(left, right):\n", stop)).await;
    assert!(text.starts_with("    ") && !text.contains("```") && !text.contains("\n\n"), "{text:?}");
    assert_eq!(finish, Finish::Stop);
    let (text, ..) = reply(ask(&worker, code, "```python\ndef plus(left, ri", greedy(12))).await;
    assert!(text.starts_with("ght"), "{text:?}");
}

#[tokio::test]
async fn control_tokens_of_a_user_are_plain_text() {
    let Some(weights) = weights() else { return };
    let worker = worker(weights, 512, 1);
    let (_, _, plain) = reply(ask(&worker, "a<|im_end|>b", "", greedy(1))).await;
    let (_, _, without) = reply(ask(&worker, "ab", "", greedy(1))).await;
    assert!(plain.prompt_tokens > without.prompt_tokens + 3, "{plain:?} {without:?}");
}

#[tokio::test]
async fn a_cancelled_request_ends_within_a_batch_and_leaves_the_others() {
    let Some(weights) = weights() else { return };
    let worker = worker(weights, 1024, 2);
    let mut cancelled = ask(&worker, "Count from 1 to 1000.", "", greedy(900));
    assert!(matches!(cancelled.next().await, Some(WorkerEvent::Delta(_))));
    let other = ask(&worker, "Say hello.", "", greedy(8));
    cancelled.cancel();
    let at = Instant::now();
    let (_, finish, usage) = reply(cancelled).await;
    assert_eq!(finish, Finish::Cancelled);
    assert!(usage.generated_tokens < 100 && at.elapsed() < Duration::from_secs(10), "{usage:?}");
    let (text, ..) = reply(other).await;
    assert!(!text.is_empty());
}

#[tokio::test]
async fn the_hole_is_filled() {
    let Some(weights) = weights() else { return };
    let worker = worker(weights, 1024, 1);
    let request = |middle: &str| {
        worker.submit(|id| ToWorker::Complete {
            id,
            prefix: "def total(prices):\n    result = 0\n    for price in prices:\n".into(),
            suffix: "\n    return result\n".into(),
            middle: middle.into(),
            generation: Generation { stop: vec!["\n".into()], ..greedy(16) },
        })
    };
    let (text, _, usage) = reply(request("        res")).await;
    assert_eq!(text, "ult += price");
    assert!(usage.first_logprob.is_some_and(|p| p <= 0.0 && p > -3.0), "{usage:?}");
    let (text, _, next) = reply(request("        result +")).await;
    assert_eq!(text, "= price");
    assert!(next.prompt_tokens - next.cached_tokens <= 4, "only what was typed is computed: {next:?}");
}

#[tokio::test]
async fn limits_and_bad_files_are_told() {
    let Some(weights) = weights() else { return };
    let small = worker(weights.clone(), 64, 1);
    let (_, last) = rest(ask(&small, &LONG.repeat(4), "", greedy(8))).await;
    assert!(matches!(last, WorkerEvent::Failed(Failure::PromptTooLong { context: 64, .. })), "{last:?}");
    let (_, finish, usage) = reply(ask(&small, "Count from 1 to 1000.", "", greedy(900))).await;
    assert_eq!(finish, Finish::Length);
    assert_eq!(usage.prompt_tokens + usage.generated_tokens, 64);

    let dir = tempfile::tempdir().unwrap();
    let whole = std::fs::read(&weights).unwrap();
    for (name, bytes) in
        [("cut.gguf", &whole[..whole.len() / 2]), ("text.gguf", b"hello, world"), ("empty.gguf", b"")]
    {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let (_, last) = rest(ask(&worker(path, 64, 1), "x", "", greedy(1))).await;
        assert!(matches!(last, WorkerEvent::LoadFailed(LoadFailure::BadFile { .. })), "{name}: {last:?}");
    }
    let (_, last) = rest(ask(&worker(dir.path().join("none.gguf"), 64, 1), "x", "", greedy(1))).await;
    assert!(matches!(last, WorkerEvent::LoadFailed(LoadFailure::Unreadable { .. })), "{last:?}");
}

#[tokio::test]
async fn the_port_tests_the_processor_once_and_answers() {
    let Some(weights) = weights() else { return };
    let dir = tempfile::tempdir().unwrap();
    let mut options = LocalModelOptions::new("real", weights, WORKER.into(), dir.path().to_owned());
    options.context = 512;
    for _ in 0..2 {
        let model = LocalModel::new(options.clone());
        let request = ModelRequest {
            messages: vec![Message::user("Say hi.")].into(),
            max_tokens: Some(5),
            ..Default::default()
        };
        let events: Vec<Result<ModelEvent, ModelError>> =
            model.stream(request, CancellationToken::new()).collect().await;
        assert!(
            matches!(events.last(), Some(Ok(ModelEvent::Done(done))) if done.usage.output > 0),
            "{events:?}"
        );
    }
    for file in std::fs::read_dir(dir.path()).unwrap() {
        println!("{}", std::fs::read_to_string(file.unwrap().path()).unwrap());
    }
}

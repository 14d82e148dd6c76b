//! From a file to a model that serves: checks what llama.cpp would die of, then loads.

use std::fs::File;
use std::io::Read;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;

use super::engine::{BATCH_TOKENS, Engine};
use super::process::{Reply, WorkerError};
use super::{threads, variant};
use crate::wire::{FromWorker, Load, LoadFailure, ToWorker};

/// A model in memory, and how to serve it.
pub(super) struct Loaded {
    backend: LlamaBackend,
    model: LlamaModel,
    load: Load,
    threads: u32,
    started: Instant,
}

/// Loads the weights.
pub(super) fn load(load: &Load) -> Result<Loaded, LoadFailure> {
    let started = Instant::now();
    check_processor()?;
    check_file(&load.model)?;
    variant::activate(load.variant)?;
    let bad_file =
        |detail: &str| LoadFailure::BadFile { path: load.model.clone(), detail: detail.to_owned() };
    let backend = LlamaBackend::init().map_err(|e| bad_file(&e.to_string()))?;
    let model = LlamaModel::load_from_file(&backend, &load.model, &LlamaModelParams::default())
        .map_err(|_| bad_file("llama.cpp cannot load it"))?;
    Ok(Loaded { backend, model, load: load.clone(), threads: threads::count(load.threads), started })
}

impl Loaded {
    /// Serves until `requests` is closed.
    pub(super) fn serve(self, requests: &Receiver<ToWorker>, mut reply: Reply) -> Result<(), WorkerError> {
        let parallel = self.load.parallel.max(1);
        let context_tokens = self.load.context.min(self.model.n_ctx_train());
        // Candidates of one prompt share its cells, so twice one request's context goes a long way.
        let cells = context_tokens.saturating_mul(parallel.min(2));
        let threads = i32::try_from(self.threads).unwrap_or(i32::MAX);
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(cells))
            .with_n_seq_max(parallel)
            .with_kv_unified(true)
            .with_n_batch(BATCH_TOKENS as u32)
            .with_n_ubatch(BATCH_TOKENS as u32)
            .with_n_threads(threads)
            .with_n_threads_batch(threads)
            .with_no_perf(true);
        let Ok(context) = self.model.new_context(&self.backend, params) else {
            return reply.send(&FromWorker::LoadFailed { reason: LoadFailure::NoContext { cells } });
        };
        let load_ms = self.started.elapsed().as_millis() as u64;
        reply.send(&FromWorker::Ready { threads: self.threads, load_ms })?;
        Engine::new(&self.model, context, parallel as usize, context_tokens as usize, reply).run(requests)
    }
}

#[expect(clippy::disallowed_methods, reason = "weights are this crate's files")]
fn check_file(path: &Path) -> Result<(), LoadFailure> {
    let mut magic = [0; 4];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut magic));
    match read {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(LoadFailure::BadFile { path: path.to_owned(), detail: "it is empty".to_owned() })
        }
        Err(error) => Err(LoadFailure::Unreadable { path: path.to_owned(), detail: error.to_string() }),
        Ok(()) if &magic != b"GGUF" => Err(LoadFailure::BadFile {
            path: path.to_owned(),
            detail: "it does not begin with GGUF".to_owned(),
        }),
        Ok(()) => Ok(()),
    }
}

/// llama.cpp is compiled for these (`.cargo/config.toml`) and would die of an illegal instruction without them.
#[cfg(target_arch = "x86_64")]
fn check_processor() -> Result<(), LoadFailure> {
    let needed = [
        ("AVX2", is_x86_feature_detected!("avx2")),
        ("FMA", is_x86_feature_detected!("fma")),
        ("F16C", is_x86_feature_detected!("f16c")),
        ("BMI2", is_x86_feature_detected!("bmi2")),
    ];
    let missing: Vec<&str> = needed.iter().filter(|(_, has)| !has).map(|&(name, _)| name).collect();
    if missing.is_empty() { Ok(()) } else { Err(LoadFailure::Processor { missing: missing.join(", ") }) }
}

#[cfg(not(target_arch = "x86_64"))]
fn check_processor() -> Result<(), LoadFailure> {
    Ok(())
}

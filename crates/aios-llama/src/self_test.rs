//! Which build of the arithmetic this machine should use: found out once, by trying each in a process of its own.
//!
//! A variant that crashes, hangs or answers wrongly is out; of the others the fastest wins. The result is kept with
//! everything it depends on, and found out again when any of that changes.
#![expect(
    clippy::disallowed_methods,
    reason = "one small file of this crate, and the kernel's name for the processor"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::supervisor::{Supervisor, WorkerEvent, WorkerOptions};
use crate::wire::{Generation, Load, Message, Role, ToWorker, Variant};

/// Longest that one variant may take, loading included.
const TRIAL_LIMIT: Duration = Duration::from_secs(120);
/// A task that any weights of a language model solve, and that broken arithmetic does not.
const TASK: &str = "Write the whole numbers from 1 to 30 in order, separated by commas. Write nothing else.";
const GIVEN: &str = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,";
const EXPECTED: &str = " 16, 17, 18, 19, 20";
/// Numbers that make the prompt long enough to time the reading of it.
const PADDING: u32 = 40;

/// Everything that the choice depends on.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Circumstances {
    processor: String,
    executable: (u64, u64),
    weights: (PathBuf, u64),
}

/// What was found out.
#[derive(Debug, Serialize, Deserialize)]
struct Verdict {
    of: Circumstances,
    variant: Variant,
    /// Milliseconds that each took; none for those that failed.
    trials: Vec<(Variant, Option<f64>)>,
}

/// Chooses the variant for a worker; `state` is the file that remembers the choice.
pub(crate) async fn choose(options: &WorkerOptions, state: &Path) -> Variant {
    let candidates = candidates();
    let [only] = candidates[..] else {
        let of = circumstances(options);
        if let Some(known) = remembered(state).filter(|verdict| verdict.of == of) {
            return known.variant;
        }
        let verdict = try_all(options, of, &candidates).await;
        tracing::info!(?verdict, "self-test of the embedded model");
        remember(state, &verdict);
        return verdict.variant;
    };
    only
}

async fn try_all(options: &WorkerOptions, of: Circumstances, candidates: &[Variant]) -> Verdict {
    let mut trials = Vec::new();
    for &variant in candidates {
        let trial = tokio::time::timeout(TRIAL_LIMIT, try_one(options, variant)).await;
        trials.push((variant, trial.ok().flatten()));
    }
    Verdict { of, variant: fastest(&trials), trials }
}

/// The baseline when all failed: its error is what the user should see then.
fn fastest(trials: &[(Variant, Option<f64>)]) -> Variant {
    trials
        .iter()
        .filter_map(|&(variant, took)| Some((variant, took?)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(Variant::Baseline, |(variant, _)| variant)
}

/// Milliseconds of computing, if the answer is right.
async fn try_one(options: &WorkerOptions, variant: Variant) -> Option<f64> {
    let load = Load { variant, context: 1024, parallel: 1, ..options.load.clone() };
    let worker = Supervisor::new(WorkerOptions { load, ..options.clone() });
    let padding: String = (0..PADDING).map(|n| format!("{}, ", n * 37 % 101)).collect();
    let mut replies = worker.submit(|id| ToWorker::Chat {
        id,
        messages: vec![Message { role: Role::User, text: format!("Ignore this: {padding}\n{TASK}") }],
        prefill: GIVEN.to_owned(),
        generation: Generation { max_tokens: 24, ..Generation::default() },
    });
    let mut answer = String::new();
    loop {
        match replies.next().await? {
            WorkerEvent::Delta(text) => answer.push_str(&text),
            WorkerEvent::Finished { usage, .. } => {
                return answer.starts_with(EXPECTED).then_some(usage.prefill_ms + usage.decode_ms);
            }
            _ => return None,
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn candidates() -> Vec<Variant> {
    let mut candidates = vec![Variant::Baseline];
    let has_avx512_vnni = cfg!(avx512vnni_built_in)
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512cd")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512vnni");
    if has_avx512_vnni {
        candidates.push(Variant::Avx512Vnni);
    }
    candidates
}

#[cfg(not(target_arch = "x86_64"))]
fn candidates() -> Vec<Variant> {
    vec![Variant::Baseline]
}

fn circumstances(options: &WorkerOptions) -> Circumstances {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let length = |path: &Path| path.metadata().map_or(0, |meta| meta.len());
    let modified = options.executable.metadata().and_then(|meta| meta.modified()).ok();
    let seconds =
        modified.and_then(|at| at.duration_since(UNIX_EPOCH).ok()).map_or(0, |since| since.as_secs());
    Circumstances {
        processor: processor.trim_matches([' ', '\t', ':']).to_owned(),
        executable: (length(&options.executable), seconds),
        weights: (options.load.model.clone(), length(&options.load.model)),
    }
}

fn remembered(state: &Path) -> Option<Verdict> {
    serde_json::from_str(&std::fs::read_to_string(state).ok()?).ok()
}

/// A choice that cannot be kept is made again next time.
fn remember(state: &Path, verdict: &Verdict) {
    let write = || {
        if let Some(folder) = state.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let next = state.with_extension("new");
        std::fs::write(&next, serde_json::to_vec_pretty(verdict)?)?;
        std::fs::rename(next, state)
    };
    if let Err(error) = write() {
        tracing::warn!(%error, path = %state.display(), "the self-test's result cannot be kept");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fastest_of_the_right_ones_wins() {
        use Variant::{Avx512Vnni, Baseline};
        for (trials, expect) in [
            (vec![(Baseline, Some(9.0)), (Avx512Vnni, Some(5.0))], Avx512Vnni),
            (vec![(Baseline, Some(5.0)), (Avx512Vnni, Some(9.0))], Baseline),
            (vec![(Baseline, Some(9.0)), (Avx512Vnni, None)], Baseline),
            (vec![(Baseline, None), (Avx512Vnni, Some(9.0))], Avx512Vnni),
            (vec![(Baseline, None), (Avx512Vnni, None)], Baseline),
        ] {
            assert_eq!(fastest(&trials), expect, "{trials:?}");
        }
    }

    #[test]
    fn a_verdict_is_remembered_for_the_same_circumstances_only() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("deep/cpu.json");
        let of = || Circumstances { processor: "x".into(), executable: (1, 2), weights: ("m".into(), 3) };
        assert!(remembered(&state).is_none());
        remember(&state, &Verdict { of: of(), variant: Variant::Avx512Vnni, trials: vec![] });
        assert_eq!(remembered(&state).map(|v| (v.of == of(), v.variant)), Some((true, Variant::Avx512Vnni)));
        std::fs::write(&state, "{ nonsense").unwrap();
        assert!(remembered(&state).is_none());
    }
}

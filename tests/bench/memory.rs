//! What the program holds in memory, and what each further agent adds.

use crate::product::Aios;
use crate::report::Report;
use crate::scripts;

const TIMES: usize = 5;

pub(crate) fn measure(aios: &Aios, report: &mut Report) {
    if !cfg!(target_os = "linux") {
        return;
    }
    // None of the three waits for another, so all work at the same time.
    let agents = ["backend", "frontend", "growth"];
    let one = peak(|| aios.watch("backend", scripts::writers(&agents[..1])).peak_kib);
    let three = peak(|| aios.watch(&agents.join(","), scripts::writers(&agents)).peak_kib);
    let build = peak(|| aios.watch("backend", scripts::build()).peak_kib);
    let long = peak(|| aios.watch("backend", scripts::long(500)).peak_kib);
    let mb = |kib: f64| format!("{:.1} MB", kib * 1024.0 / 1e6);
    report.row("peak resident memory, one agent, 10 turns", "40 MB", mb(build), "–");
    report.row("the same after 500 turns", "40 MB", mb(long), "–");
    report.row("each further agent at the same time", "5 MB", mb((three - one) / 2.0), "–");
}

fn peak(measure: impl Fn() -> u64) -> f64 {
    let mut peaks: Vec<u64> = (0..TIMES).map(|_| measure()).collect();
    peaks.sort_unstable();
    peaks[TIMES / 2] as f64
}

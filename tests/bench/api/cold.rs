//! How soon a server answers whose data folder is full, and what it holds in memory when nobody asks it.

use std::time::Duration;

use super::served::Served;
use crate::report::{Report, Samples};

const TIMES: usize = 10;
/// After a start, until nothing more happens by itself.
const QUIET: Duration = Duration::from_secs(2);

pub(super) fn measure(start: impl Fn() -> Served, report: &mut Report) {
    let samples: Samples = (0..TIMES).map(|_| start().took).collect();
    report.row("process start to `/health` 200", "1 s", samples, "–");
    let served = start();
    std::thread::sleep(QUIET);
    report.row("resident memory, idle", "100 MB", format!("{:.0} MB", served.resident_mb()), "–");
}

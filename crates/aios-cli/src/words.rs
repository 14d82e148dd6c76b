//! Numbers and times in words, as short as they can be read aloud.

use std::time::Duration;

use aios_protocol::{Evidence, Timestamp, TokenUsage};

/// `0:14`, `12:03`, `1:02:03`: the clock of a run.
pub(crate) fn clock(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// `0.8 s`, `14 s`, `2 min 5 s`, `1 h 3 min`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", (time.as_millis() / 100) as f64 / 10.0),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// `812 B`, `2.1 kB`, `1.1 GB`.
pub(crate) fn bytes(count: u64) -> String {
    scaled(count, &[" B", " kB", " MB", " GB"])
}

/// `950`, `15.4k`, `1.2M`.
pub(crate) fn tokens(usage: TokenUsage) -> String {
    format!("{} tokens", scaled(usage.input.saturating_add(usage.output), &["", "k", "M", "G"]))
}

fn scaled(count: u64, units: &[&str]) -> String {
    let mut value = count as f64;
    let mut unit = 0;
    // 999.95 would be printed as 1000.0.
    while value >= 999.95 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = if unit == 0 { 0 } else { 1 };
    format!("{value:.digits$}{}", units[unit])
}

/// `$0.00`, `$0.0012`, `$1.23`.
pub(crate) fn usd(amount: f64) -> String {
    if amount > 0.0 && amount < 0.01 { format!("${amount:.4}") } else { format!("${amount:.2}") }
}

/// `1 file`, `3 files`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// `just now`, `5 min ago`, `3 h ago`, `2 days ago`.
pub(crate) fn ago(then: Timestamp, now: Timestamp) -> String {
    let minutes = now.since(then).as_secs() / 60;
    match minutes {
        0 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..1440 => format!("{} h ago", minutes / 60),
        _ => format!("{} ago", count(usize::try_from(minutes / 1440).unwrap_or(usize::MAX), "day")),
    }
}

/// The harness's count: `14 tests passed`, `2 of 14 tests failed`, `no tests; 3 files checked for syntax`.
pub(crate) fn verdict(evidence: &Evidence) -> String {
    let Evidence { passed, failed, skipped, .. } = *evidence;
    let run = u64::from(passed) + u64::from(failed);
    let tests = |number: u64| count(usize::try_from(number).unwrap_or(usize::MAX), "test");
    let skips = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    match (run, failed) {
        (0, _) if evidence.exit == "timeout" => "timed out".to_owned(),
        (0, _) if skipped > 0 => format!("no test ran{skips}"),
        (0, _) if evidence.files_checked > 0 => {
            let wrong = if evidence.exit == "0" { "" } else { ", not all are valid" };
            format!("no tests; {} checked for syntax{wrong}", count(evidence.files_checked as usize, "file"))
        }
        (0, _) if evidence.exit == "0" => "nothing to check".to_owned(),
        (0, _) => format!("ended with {}", evidence.exit),
        (_, 0) if evidence.exit == "0" => format!("{} passed{skips}", tests(run)),
        (_, 0) => format!("{} passed{skips}, but the command ended with {}", tests(run), evidence.exit),
        _ => format!("{failed} of {} failed{skips}", tests(run)),
    }
}

/// A path as a shell takes it.
pub(crate) fn shell_quoted(path: &str) -> String {
    let harmless = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '~' | ':' | '\\');
    if !path.is_empty() && path.chars().all(harmless) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_aloud() {
        assert_eq!(clock(Duration::from_secs(14)), "0:14");
        assert_eq!(clock(Duration::from_secs(3723)), "1:02:03");
        let check = |millis, expect| assert_eq!(duration(Duration::from_millis(millis)), expect);
        check(0, "0.0 s");
        check(840, "0.8 s");
        check(9_999, "9.9 s");
        check(14_000, "14 s");
        check(125_000, "2 min 5 s");
        check(3_780_000, "1 h 3 min");
        let check = |number, expect| assert_eq!(bytes(number), expect);
        check(812, "812 B");
        check(999, "999 B");
        check(2_130, "2.1 kB");
        check(999_960, "1.0 MB");
        check(1_117_320_736, "1.1 GB");
        check(u64::MAX, "18446744073.7 GB");
        let usage = TokenUsage { input: 15_000, cached: 9_000, output: 403 };
        assert_eq!(tokens(usage), "15.4k tokens");
        assert_eq!([0.0, 0.0012, 1.234, 12.0].map(usd), ["$0.00", "$0.0012", "$1.23", "$12.00"]);
    }

    #[test]
    fn ages() {
        let then = Timestamp::from_micros(0);
        let check = |seconds, expect| assert_eq!(ago(then, then.plus(Duration::from_secs(seconds))), expect);
        check(59, "just now");
        check(60, "1 min ago");
        check(7_200, "2 h ago");
        check(86_400, "1 day ago");
        check(864_000, "10 days ago");
        assert_eq!(ago(Timestamp::from_micros(90_000_000), then), "just now");
    }

    #[test]
    fn verdicts_say_what_was_counted() {
        let check = |passed, failed, skipped, files_checked, exit: &str, expect| {
            let evidence = Evidence {
                command: "pytest -q".into(),
                exit: exit.into(),
                passed,
                failed,
                skipped,
                passed_before: None,
                files_checked,
                duration_ms: 1,
                warnings: vec![],
            };
            assert_eq!(verdict(&evidence), expect);
        };
        check(14, 0, 0, 2, "0", "14 tests passed");
        check(1, 0, 2, 2, "0", "1 test passed, 2 skipped");
        check(12, 2, 0, 2, "1", "2 of 14 tests failed");
        check(3, 0, 0, 0, "2", "3 tests passed, but the command ended with 2");
        check(0, 0, 3, 0, "0", "no test ran, 3 skipped");
        check(0, 0, 0, 3, "0", "no tests; 3 files checked for syntax");
        check(0, 0, 0, 1, "1", "no tests; 1 file checked for syntax, not all are valid");
        check(0, 0, 0, 0, "timeout", "timed out");
        check(0, 0, 0, 0, "127", "ended with 127");
        check(0, 0, 0, 0, "0", "nothing to check");
    }

    #[test]
    fn paths_survive_a_shell() {
        assert_eq!(shell_quoted("/home/u/run_01"), "/home/u/run_01");
        assert_eq!(shell_quoted("/home/u/my files"), "'/home/u/my files'");
        assert_eq!(shell_quoted("it's"), r"'it'\''s'");
        assert_eq!(shell_quoted(""), "''");
    }
}

//! The card at the end of a run: the harness's verdict, what is on disk and where, what to do next.

use std::collections::BTreeMap;
use std::path::Path;

use aios_protocol::{Evidence, RunId, Timestamp};

use super::state::{End, FailedCheck, State};
use crate::text::{Line, Tone, first_line, lines_of};
use crate::words;

/// Files that are listed one by one.
const FILES_SHOWN: usize = 12;

/// Lines of a failed command's output that are shown.
const OUTPUT_SHOWN: usize = 12;

/// Column at which values start.
const VALUES: usize = 10;

/// Who reads a card.
pub(crate) struct Reader<'a> {
    /// How they call the program.
    pub(crate) program: &'a str,
    /// The folder in which they stand; nothing when the run's files are on another machine.
    pub(crate) folder: Option<&'a Path>,
}

/// What is to be read when a run has ended.
pub(crate) fn card(state: &State, dir: &str, reader: &Reader<'_>, now: Timestamp) -> Vec<Line> {
    let Some(end) = &state.end else { return Vec::new() };
    let run = state.run_id.map(|id| id.to_string()).unwrap_or_default();
    let mut card = vec![Line::new()];
    match end {
        End::Completed { evidence, .. } => {
            card.push(Line::new().add(Tone::Good, "✓ completed"));
            card.extend(match evidence {
                Some(evidence) => evidence_lines(evidence),
                None => vec![field("checked", "nothing: there was nothing that the harness could run")],
            });
        }
        End::Failed { reason, .. } => {
            card.push(Line::new().add(Tone::Bad, "✗ failed").plain("  ").plain(first_line(reason)));
            card.extend(lines_of(reason).skip(1).map(|line| field("", line)));
            card.extend(state.failed_check.iter().flat_map(failed_check));
        }
        End::Cancelled => card.push(Line::new().add(Tone::Warn, "– cancelled")),
        End::Interrupted { reason } => {
            card.push(Line::new().add(Tone::Warn, "– interrupted").plain("  ").plain(first_line(reason)));
        }
    }
    let files = match end {
        End::Completed { files, .. } => {
            files.iter().map(|path| (path.as_str(), state.files.get(path))).collect()
        }
        _ => state.files.iter().map(|(path, bytes)| (path.as_str(), Some(bytes))).collect::<BTreeMap<_, _>>(),
    };
    card.extend(file_lines(&files));
    card.push(field("in", dir));
    card.push(field(
        "took",
        &format!(
            "{} · {} · {}",
            words::duration(state.elapsed(now)),
            words::tokens(state.usage),
            words::usd(state.cost_usd)
        ),
    ));
    card.extend(next(end, &run, dir, reader));
    card
}

/// The harness's verdict with the command behind it, and what to know before trusting it.
pub(crate) fn evidence_lines(evidence: &Evidence) -> Vec<Line> {
    let tone = if evidence.failed > 0 || evidence.exit != "0" { Tone::Bad } else { Tone::Good };
    let by = if evidence.passed + evidence.failed > 0 { "counted" } else { "run" };
    let mut lines = vec![
        label("checked")
            .add(tone, &words::verdict(evidence))
            .plain(&format!(", {by} by the harness: "))
            .plain(&evidence.command),
    ];
    lines.extend(evidence.warnings.iter().map(|warning| label("").add(Tone::Warn, "but ").plain(warning)));
    lines
}

fn failed_check(check: &FailedCheck) -> Vec<Line> {
    let mut lines = evidence_lines(&check.evidence);
    lines.extend(check.debug_info.failed_tests.iter().take(FILES_SHOWN).map(|test| field("", test)));
    let output: Vec<&str> = lines_of(&check.debug_info.full_output).collect();
    let last = &output[output.len().saturating_sub(OUTPUT_SHOWN)..];
    for (at, line) in last.iter().enumerate() {
        lines.push(label(if at == 0 { "output" } else { "" }).dim(line));
    }
    lines
}

fn file_lines(files: &BTreeMap<&str, Option<&usize>>) -> Vec<Line> {
    let width = files.keys().take(FILES_SHOWN).map(|path| Line::from(*path).width()).max().unwrap_or(0);
    let mut lines: Vec<Line> = files
        .iter()
        .take(FILES_SHOWN)
        .enumerate()
        .map(|(at, (path, bytes))| {
            let line = label(if at == 0 { "files" } else { "" }).plain(path);
            match bytes {
                Some(bytes) => {
                    let size = words::bytes(**bytes as u64);
                    line.pad(VALUES + width).dim(&format!("{size:>10}"))
                }
                None => line,
            }
        })
        .collect();
    if files.len() > FILES_SHOWN {
        lines.push(label("").dim(&format!("and {} more", files.len() - FILES_SHOWN)));
    }
    lines
}

fn next(end: &End, run: &str, dir: &str, reader: &Reader<'_>) -> Vec<Line> {
    let Reader { program, folder } = reader;
    let mut lines = Vec::new();
    match end {
        End::Completed { .. } => match folder {
            None => lines.push(command("next", &format!("{program} runs download {run}"))),
            Some(here) if Path::new(dir) != *here => {
                lines.push(command("next", &format!("cd {}", words::shell_quoted(dir))));
            }
            Some(_) => {}
        },
        End::Failed { hint, .. } => {
            if let Some(hint) = hint {
                lines.push(field("hint", hint));
            }
            lines.push(command("next", &format!("{program} logs {run}")));
        }
        End::Cancelled => lines.push(command("next", &format!("{program} logs {run}"))),
        End::Interrupted { .. } => lines.push(command("next", &format!("{program} resume {run}"))),
    }
    lines
}

fn label(name: &str) -> Line {
    Line::new().plain("  ").dim(name).pad(VALUES)
}

/// A named value, as the card shows it.
pub(crate) fn field(name: &str, value: &str) -> Line {
    label(name).plain(value)
}

fn command(name: &str, value: &str) -> Line {
    label(name).add(Tone::Accent, value)
}

/// A run's id as far as people need it: the part that holds the time, unique on one machine.
pub(crate) fn short(run_id: RunId) -> String {
    run_id.to_string().chars().take(13).collect()
}

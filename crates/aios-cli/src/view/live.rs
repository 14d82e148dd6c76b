//! The run as a picture that is redrawn in place: one row per agent, one row of totals.

use std::time::Duration;

use aios_protocol::{AgentName, NodeStatus, Timestamp};

use super::state::{Node, State};
use crate::text::{Line, Tone, first_line, lines_of};
use crate::words;

const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// Columns of the figures at the right of a row.
const FIGURES: usize = 32;

/// Below this width a row has no figures.
const NARROW: usize = 72;

/// The picture at a moment, no line wider than `width`.
pub(crate) fn render(state: &State, width: usize, now: Timestamp) -> Vec<Line> {
    let mut lines = Vec::with_capacity(state.nodes.len() + 4);
    lines.push(Line::new().add(Tone::Bold, first_line(&state.objective)));
    lines.push(Line::new().dim(&state.model));
    let mut wave = 0;
    for node in &state.nodes {
        let label = if node.wave == wave { String::new() } else { node.wave.to_string() };
        wave = node.wave;
        lines.push(row(state, node, &label, width, now));
    }
    lines.push(totals(state, now));
    lines.into_iter().map(|line| line.clip(width)).collect()
}

/// The sign and colour of a node's state.
pub(crate) fn glyph(status: NodeStatus) -> (Tone, &'static str) {
    match status {
        NodeStatus::Pending => (Tone::Dim, "○"),
        NodeStatus::Running => (Tone::Accent, "●"),
        NodeStatus::Waiting => (Tone::Warn, "?"),
        NodeStatus::Completed => (Tone::Good, "✓"),
        NodeStatus::Failed => (Tone::Bad, "✗"),
        NodeStatus::Skipped => (Tone::Dim, "–"),
    }
}

fn row(state: &State, node: &Node, wave: &str, width: usize, now: Timestamp) -> Line {
    let unfinished = state.end.is_some()
        && matches!(node.status, NodeStatus::Pending | NodeStatus::Running | NodeStatus::Waiting);
    let (tone, sign) = match node.status {
        _ if unfinished => glyph(NodeStatus::Pending),
        NodeStatus::Running if !state.paused => (Tone::Accent, spin(state.elapsed(now))),
        status => glyph(status),
    };
    let name_ends = 7 + state.agent_column();
    let row = Line::new()
        .dim(&format!("{wave:>3} "))
        .add(tone, sign)
        .plain(" ")
        .plain(node.agent.as_str())
        .pad(name_ends)
        .plain(" ")
        .join(if unfinished { Line::new().dim("not finished") } else { doing(state, node) });
    if width < NARROW || node.started_at.is_none() {
        return row;
    }
    let took = node.took.or_else(|| Some(now.since(node.started_at?))).unwrap_or_default();
    let figures = format!(
        "{:>14} {:>8} {:>8}",
        words::tokens(node.usage),
        words::usd(node.cost_usd),
        words::clock(took)
    );
    row.clip(width - FIGURES - 1).pad(width - FIGURES).dim(&figures)
}

fn spin(elapsed: Duration) -> &'static str {
    SPINNER[(elapsed.as_millis() / 100 % 10) as usize]
}

/// What a node does, or what came of it.
fn doing(state: &State, node: &Node) -> Line {
    let attempt = if node.attempt > 1 { format!("attempt {}: ", node.attempt) } else { String::new() };
    match node.status {
        NodeStatus::Pending => {
            let is_done = |other: &Node| other.status == NodeStatus::Completed;
            let missing = |need: &&AgentName| !state.nodes.iter().any(|n| n.agent == **need && is_done(n));
            let missing: Vec<&str> = node.needs.iter().filter(missing).map(AgentName::as_str).collect();
            Line::new().dim("waits for ").dim(&match missing.as_slice() {
                [] => "its turn".to_owned(),
                missing => missing.join(", "),
            })
        }
        NodeStatus::Running => Line::new().dim(&attempt).join(current(node)),
        NodeStatus::Waiting => Line::new().add(Tone::Warn, "asks you"),
        NodeStatus::Completed => {
            let outcome = first_line(&node.outcome);
            match &node.evidence {
                Some(evidence) => Line::from(words::verdict(evidence)).dim("  ").dim(outcome),
                None => Line::from(outcome),
            }
        }
        NodeStatus::Failed => Line::new().add(Tone::Bad, first_line(&node.outcome)),
        NodeStatus::Skipped => Line::new().dim("skipped: ").dim(first_line(&node.outcome)),
    }
}

/// The tool that runs, else the line that the model is writing.
fn current(node: &Node) -> Line {
    if let Some(action) = node.calls.values().next() {
        return Line::from(action.present());
    }
    match lines_of(&node.tail).rev().find(|line| !line.trim().is_empty()) {
        Some(line) => Line::new().dim("writes: ").plain(line.trim_start()),
        None => Line::new().dim("thinks"),
    }
}

fn totals(state: &State, now: Timestamp) -> Line {
    let in_state = |status| state.nodes.iter().filter(|node| node.status == status).count();
    let failed = match in_state(NodeStatus::Failed) {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    let figures = format!(
        "{} of {} done{failed} · {} · {} · {}",
        in_state(NodeStatus::Completed),
        words::count(state.nodes.len(), "agent"),
        words::tokens(state.usage),
        words::usd(state.cost_usd),
        words::clock(state.elapsed(now))
    );
    let line = Line::new().plain("    ").plain(&figures);
    if state.paused { line.add(Tone::Warn, " · paused, `aios resume` goes on") } else { line }
}

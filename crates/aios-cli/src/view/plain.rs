//! The run as lines that are only ever appended: one for each event that matters, readable aloud.

use std::collections::BTreeSet;
use std::time::Duration;

use aios_protocol::{EventFrame, Evidence, PlannedNode, RunEvent};

use super::state::State;
use crate::text::{Line, Tone, first_line, lines_of};
use crate::words;

/// Columns of the clock.
const CLOCK: usize = 8;

/// How a run introduces itself.
pub(crate) fn header(objective: &str, model: &str, nodes: &[PlannedNode]) -> Vec<Line> {
    let waves: BTreeSet<usize> = nodes.iter().map(|node| node.wave).collect();
    let team = format!("{} in {}", words::count(nodes.len(), "agent"), words::count(waves.len(), "wave"));
    vec![Line::new().add(Tone::Bold, first_line(objective)), Line::new().dim(&format!("{model} · {team}"))]
}

/// The lines for an event; none for what only matters to a machine. `state` is the one before the event.
pub(crate) fn lines(state: &State, frame: &EventFrame) -> Vec<Line> {
    if let RunEvent::RunStarted { objective, model, nodes, .. } = &frame.event {
        return header(objective, model, nodes);
    }
    let Some((who, tone, text)) = said(state, &frame.event) else { return Vec::new() };
    let clock = words::clock(state.elapsed(frame.at));
    let column = CLOCK + 2 + state.agent_column().max("run".len()) + 2;
    let first = Line::new().dim(&format!("{clock:>CLOCK$}  ")).plain(who).pad(column);
    let indent = || Line::new().pad(column);
    lines_of(&text)
        .enumerate()
        .map(|(at, line)| if at == 0 { first.clone() } else { indent() }.add(tone, line))
        .collect()
}

/// Who says it, how it looks, what it is.
fn said<'a>(state: &State, event: &'a RunEvent) -> Option<(&'a str, Tone, String)> {
    let plain = |who: &'a aios_protocol::AgentName, text: String| Some((who.as_str(), Tone::Plain, text));
    let of_run = |tone, text: String| Some(("run", tone, text));
    match event {
        RunEvent::RunResumed { finished } => {
            let left = state.nodes.len().saturating_sub(finished.len());
            of_run(
                Tone::Plain,
                format!("goes on; {} done, {left} to go", words::count(finished.len(), "agent")),
            )
        }
        RunEvent::NodeStarted { agent, attempt: 0 | 1, .. } => plain(agent, "starts".to_owned()),
        RunEvent::NodeStarted { agent, attempt, .. } => {
            plain(agent, format!("tries again, attempt {attempt}"))
        }
        RunEvent::ModelFailover { agent, from, to, reason } => Some((
            agent.as_str(),
            Tone::Warn,
            format!("{from} failed, {to} takes over: {}", first_line(reason)),
        )),
        RunEvent::ToolResult { agent, call_id, tool, ok, output, duration_ms } => {
            let action = state.call(agent, call_id);
            let past = action.map_or_else(|| tool.clone(), super::action::Action::past);
            match ok {
                true if !action.is_some_and(super::action::Action::is_command) => None,
                true => {
                    let took = words::duration(Duration::from_millis(*duration_ms));
                    Some((agent.as_str(), Tone::Dim, format!("{} in {took}", first_line(&past))))
                }
                false => {
                    let text = format!("{}, failed: {}", first_line(&past), first_line(output));
                    Some((agent.as_str(), Tone::Dim, text))
                }
            }
        }
        RunEvent::FileWritten { agent, path, bytes } => {
            plain(agent, format!("wrote {path}, {}", words::bytes(*bytes as u64)))
        }
        RunEvent::Log { agent, message } => Some((agent.as_str(), Tone::Dim, message.clone())),
        RunEvent::ValidationPassed { agent, evidence, .. } => {
            Some((agent.as_str(), Tone::Good, checked(evidence)))
        }
        RunEvent::ValidationFailed { agent, evidence, debug_info, .. } => {
            let mut text = checked(evidence);
            for test in &debug_info.failed_tests {
                text.push_str("\n- ");
                text.push_str(test);
            }
            Some((agent.as_str(), Tone::Bad, text))
        }
        RunEvent::NodeCompleted { agent, summary, duration_ms, .. } => {
            let took = words::duration(Duration::from_millis(*duration_ms));
            Some((agent.as_str(), Tone::Good, format!("done in {took}: {}", first_line(summary))))
        }
        RunEvent::NodeFailed { agent, reason, .. } => {
            Some((agent.as_str(), Tone::Bad, format!("failed: {reason}")))
        }
        RunEvent::NodeSkipped { agent, because } => {
            Some((agent.as_str(), Tone::Warn, format!("skipped: {because}")))
        }
        RunEvent::HumanInputRequired { agent, question, .. } => {
            Some((agent.as_str(), Tone::Warn, format!("asks: {question}")))
        }
        RunEvent::HumanInputReceived { agent, .. } => plain(agent, "has your answer".to_owned()),
        RunEvent::RunPaused {} => of_run(Tone::Warn, "paused; `aios resume` goes on".to_owned()),
        RunEvent::CostLimitExceeded { limit_usd, spent_usd, .. } => of_run(
            Tone::Bad,
            format!(
                "the cost limit of {} is reached, {} are spent",
                words::usd(*limit_usd),
                words::usd(*spent_usd)
            ),
        ),
        RunEvent::TimeLimitExceeded { limit_minutes, .. } => {
            of_run(Tone::Bad, format!("the time limit of {limit_minutes} min is reached"))
        }
        RunEvent::RunCompleted { .. } => of_run(Tone::Good, "completed".to_owned()),
        RunEvent::RunFailed { reason, .. } => of_run(Tone::Bad, format!("failed: {reason}")),
        RunEvent::RunCancelled { .. } => of_run(Tone::Warn, "cancelled".to_owned()),
        RunEvent::RunInterrupted { reason, .. } => of_run(Tone::Warn, format!("interrupted: {reason}")),
        _ => None,
    }
}

/// A verdict with the command that gave it.
fn checked(evidence: &Evidence) -> String {
    let mut text = format!("checked: {} ({})", words::verdict(evidence), evidence.command);
    for warning in &evidence.warnings {
        text.push_str("\nbut ");
        text.push_str(warning);
    }
    text
}

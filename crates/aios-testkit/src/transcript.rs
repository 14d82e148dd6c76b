//! The events of a run as text lines that are the same in every run.

use std::fmt;

use aios_protocol::EventFrame;
use serde_json::{Map, Value};

use crate::stable;

/// A run as it can be kept in a snapshot: a line for each stored event, without ids, times and durations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunTranscript {
    /// Agent and line.
    lines: Vec<(Option<String>, String)>,
}

impl RunTranscript {
    /// The transcript of these events, in their order.
    pub fn new(frames: &[EventFrame]) -> Self {
        let durable = frames.iter().filter(|frame| frame.event.is_durable());
        let lines = durable.filter_map(|frame| match serde_json::to_value(&frame.event) {
            Ok(Value::Object(fields)) => Some(line(fields)),
            _ => None,
        });
        Self { lines: lines.collect() }
    }

    /// What one agent did. Agents of one wave work side by side, so only this order is sure.
    #[must_use]
    pub fn of_agent(&self, agent: &str) -> Self {
        let own = self.lines.iter().filter(|(who, _)| who.as_deref() == Some(agent));
        Self { lines: own.cloned().collect() }
    }
}

impl fmt::Display for RunTranscript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&str> = self.lines.iter().map(|(_, line)| line.as_str()).collect();
        f.write_str(&stable(&lines.join("\n")))
    }
}

fn line(mut fields: Map<String, Value>) -> (Option<String>, String) {
    let mut take = |name| fields.shift_remove(name).and_then(|value| value.as_str().map(String::from));
    let (event, agent) = (take("event").unwrap_or_default(), take("agent"));
    let mut line = agent.iter().fold(event, |line, agent| format!("{line} {agent}"));
    let mut value = Value::Object(fields);
    forget(&mut value);
    for (name, value) in value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        line.push_str(&format!(" {name}={value}"));
    }
    (agent, line)
}

/// Takes out what differs from run to run.
fn forget(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !matches!(name.as_str(), "run_id" | "question_id" | "duration_ms"));
            fields.values_mut().for_each(forget);
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FakeClock;
    use aios_core::Clock;
    use aios_protocol::{AgentName, RunEvent, RunId};

    #[test]
    fn a_line_for_each_stored_event() {
        let (run_id, at) = (RunId::generate(), FakeClock::new().now());
        let agent = |name| AgentName::new(name).unwrap();
        let events = [
            RunEvent::NodeStarted { agent: agent("backend"), wave: 2, attempt: 1 },
            RunEvent::TokenChunk { agent: agent("backend"), chunk: "I will".into() },
            RunEvent::NodeStarted { agent: agent("frontend"), wave: 2, attempt: 1 },
            RunEvent::ToolResult {
                agent: agent("backend"),
                call_id: "call_1".into(),
                tool: "run_command".into(),
                ok: true,
                output: "1 passed in 0.31s\n".into(),
                duration_ms: 312,
            },
            RunEvent::RunFailed {
                reason: format!("see {run_id}"),
                code: aios_protocol::ErrorCode::Storage,
                hint: None,
            },
        ];
        let frames: Vec<EventFrame> =
            (1..).zip(events).map(|(seq, event)| EventFrame { run_id, seq, at, event }).collect();
        let transcript = RunTranscript::new(&frames);
        let backend = "node_started backend wave=2 attempt=1";
        let result = r#"tool_result backend call_id="call_1" tool="run_command" ok=true output="1 passed in <duration>\n""#;
        assert_eq!(
            transcript.to_string(),
            format!(
                "{backend}\nnode_started frontend wave=2 attempt=1\n{result}\nrun_failed reason=\"see <id 1>\" code=\"storage\""
            )
        );
        assert_eq!(transcript.of_agent("backend").to_string(), format!("{backend}\n{result}"));
    }
}

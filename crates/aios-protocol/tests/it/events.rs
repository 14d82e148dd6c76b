//! Events survive the wire, and look as documented.

use aios_protocol::{
    AgentName, DebugInfo, ErrorCode, EventFrame, Evidence, PlannedNode, QuestionId, RunEvent, RunId,
    Timestamp, TokenUsage,
};
use serde_json::json;

fn agent() -> AgentName {
    AgentName::new("backend").unwrap()
}

fn evidence() -> Evidence {
    Evidence {
        command: "pytest".into(),
        exit: "1".into(),
        passed: 3,
        failed: 1,
        skipped: 0,
        passed_before: None,
        files_checked: 2,
        duration_ms: 310,
        warnings: vec!["1 test fewer than before".into()],
    }
}

/// One of each kind.
fn every_event() -> Vec<RunEvent> {
    let (agent, evidence) = (agent(), evidence());
    let debug_info = DebugInfo {
        error_type: "validation_failure".into(),
        failed_command: "pytest".into(),
        full_output: "E assert 1 == 2\n".into(),
        failed_tests: vec!["test_add".into()],
        attempt: 2,
    };
    let node = PlannedNode { agent: agent.clone(), wave: 1, needs: Vec::new() };
    let usage = TokenUsage { input: 100, cached: 50, output: 10 };
    let question_id = QuestionId::generate();
    vec![
        RunEvent::RunStarted { node_count: 1, objective: "o".into(), model: "m".into(), nodes: vec![node] },
        RunEvent::RunResumed { finished: vec![agent.clone()] },
        RunEvent::NodeStarted { agent: agent.clone(), wave: 1, attempt: 1 },
        RunEvent::TokenChunk { agent: agent.clone(), chunk: "a".into() },
        RunEvent::ModelCalled {
            agent: agent.clone(),
            model: "m".into(),
            usage,
            cost_usd: 0.5,
            duration_ms: 1,
        },
        RunEvent::ModelFailover {
            agent: agent.clone(),
            from: "a".into(),
            to: "b".into(),
            reason: "429".into(),
        },
        RunEvent::ToolCall {
            agent: agent.clone(),
            call_id: "c".into(),
            tool: "t".into(),
            arguments: json!({"a": [1]}),
        },
        RunEvent::ToolResult {
            agent: agent.clone(),
            call_id: "c".into(),
            tool: "t".into(),
            ok: true,
            output: "o".into(),
            duration_ms: 1,
        },
        RunEvent::FileWritten { agent: agent.clone(), path: "main.py".into(), bytes: 1200 },
        RunEvent::Log { agent: agent.clone(), message: "m".into() },
        RunEvent::ValidationPassed { agent: agent.clone(), attempt: 1, evidence: evidence.clone() },
        RunEvent::ValidationFailed {
            agent: agent.clone(),
            attempt: 1,
            evidence: evidence.clone(),
            debug_info,
        },
        RunEvent::NodeCompleted {
            agent: agent.clone(),
            summary: "s".into(),
            files: vec!["a".into()],
            duration_ms: 1,
        },
        RunEvent::NodeFailed { agent: agent.clone(), reason: "r".into(), code: ErrorCode::ModelFailed },
        RunEvent::NodeSkipped { agent: agent.clone(), because: "b".into() },
        RunEvent::CheckpointSaved { wave: 1, finished: vec![agent.clone()] },
        RunEvent::HumanInputRequired { question_id, agent: agent.clone(), question: "q".into() },
        RunEvent::HumanInputReceived { question_id, agent },
        RunEvent::RunPaused {},
        RunEvent::CostLimitExceeded { limit_usd: 1.0, spent_usd: 1.5 },
        RunEvent::TimeLimitExceeded { limit_minutes: 2.0 },
        RunEvent::RunCompleted { files: vec!["a".into()], evidence: Some(evidence) },
        RunEvent::RunFailed { reason: "r".into(), code: ErrorCode::Internal, hint: None },
        RunEvent::RunCancelled {},
        RunEvent::RunInterrupted { reason: "SIGTERM".into() },
    ]
}

#[test]
fn every_event_survives_the_wire() {
    let run_id = RunId::generate();
    let lost: Vec<String> = (1..)
        .zip(every_event())
        .filter_map(|(seq, event)| {
            let frame = EventFrame { run_id, seq, at: Timestamp::from_micros(1_767_225_600_000_000), event };
            let text = serde_json::to_string(&frame).unwrap();
            match serde_json::from_str::<EventFrame>(&text) {
                Ok(back) if back == frame => None,
                Ok(_) => Some(format!("changed: {text}")),
                Err(error) => Some(format!("{error}: {text}")),
            }
        })
        .collect();
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn a_frame_looks_as_documented() {
    let run_id: RunId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
    let event = RunEvent::FileWritten { agent: agent(), path: "main.py".into(), bytes: 1200 };
    let frame = EventFrame { run_id, seq: 7, at: Timestamp::from_micros(1_767_225_600_000_000), event };
    assert_eq!(
        serde_json::to_string(&frame).unwrap(),
        concat!(
            r#"{"run_id":"01890a5d-ac96-774b-bcce-b302099a8057","seq":7,"at":"2026-01-01T00:00:00Z","#,
            r#""event":"file_written","agent":"backend","path":"main.py","bytes":1200}"#
        )
    );
}

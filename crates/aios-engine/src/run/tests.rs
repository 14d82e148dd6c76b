//! The decider, driven by a small simulation: every scenario is data, every effect is played, nothing runs.

use std::collections::HashMap;

use aios_core::{RunFile, RunOp};
use aios_protocol::{AgentName, DebugInfo, ErrorCode, Evidence, PendingQuestion, QuestionId, RunEvent};

use super::decide::{Command, Input, NodeFault, RunFacts, Verdict};
use super::state::{Outcome, RunState, Stop};
use crate::graph::{PersonaKind, catalogue, graph};

/// What an agent does on one attempt.
#[derive(Debug, Clone, Copy)]
enum Act {
    /// Works and passes.
    Pass,
    /// Works and its checks fail.
    Fail,
    /// Gives up.
    GiveUp(ErrorCode),
    /// Asks, and passes once it is answered.
    Ask,
}

/// Something from outside, after this many effects were played.
type Outside = (usize, Input);

struct Play {
    state: RunState,
    facts: RunFacts,
    acts: HashMap<String, Vec<Act>>,
    log: Vec<String>,
    asked: HashMap<QuestionId, AgentName>,
    outcome: Option<Outcome>,
}

fn agent(name: &str) -> AgentName {
    AgentName::new(name).unwrap()
}

fn evidence(passed: u32) -> Evidence {
    Evidence {
        command: "pytest".into(),
        exit: "0".into(),
        passed,
        failed: 0,
        skipped: 0,
        passed_before: None,
        files_checked: 1,
        duration_ms: 1,
        warnings: Vec::new(),
    }
}

impl Play {
    fn new(kind: PersonaKind, persona: &str, acts: &[(&str, &[Act])]) -> Self {
        let graph = graph(catalogue(), kind, persona, &[]).unwrap();
        let facts = RunFacts {
            objective: "build it".into(),
            model: "scripted/model".into(),
            max_cost_usd: Some(1.0),
            max_minutes: Some(1.0),
        };
        let acts = acts.iter().map(|(agent, acts)| ((*agent).to_owned(), acts.to_vec())).collect();
        Self {
            state: RunState::new(&graph),
            facts,
            acts,
            log: Vec::new(),
            asked: HashMap::new(),
            outcome: None,
        }
    }

    /// Plays effects, oldest first, until nothing is left to do.
    fn go(&mut self, outside: Vec<Outside>) -> &mut Self {
        let mut effects: Vec<Command> = self.feed(Input::Begin);
        let mut outside = outside.into_iter().peekable();
        let mut played = 0;
        loop {
            while let Some((_, input)) = outside.next_if(|(at, _)| *at <= played || effects.is_empty()) {
                effects.extend(self.feed(input));
            }
            if effects.is_empty() {
                return self;
            }
            let effect = effects.remove(0);
            played += 1;
            let inputs = self.play(effect);
            for input in inputs {
                effects.extend(self.feed(input));
            }
        }
    }

    fn feed(&mut self, input: Input) -> Vec<Command> {
        let commands = self.state.decide(&self.facts, input);
        let mut effects = Vec::new();
        for command in commands {
            match command {
                Command::Emit(event) => self.log.push(line(&event)),
                Command::End(outcome) => {
                    assert!(self.outcome.is_none(), "the run ended twice");
                    self.outcome = Some(outcome);
                }
                effect => effects.push(effect),
            }
        }
        effects
    }

    fn play(&mut self, effect: Command) -> Vec<Input> {
        match effect {
            Command::Work(agent) => {
                let acts = self.acts.entry(agent.to_string()).or_insert_with(|| vec![Act::Pass]);
                match acts[0] {
                    Act::Pass | Act::Fail => vec![Input::Worked { agent, result: Ok("done".into()) }],
                    Act::GiveUp(code) => {
                        vec![Input::Worked {
                            agent,
                            result: Err(NodeFault { reason: "gave up".into(), code }),
                        }]
                    }
                    Act::Ask => {
                        let id = QuestionId::generate();
                        self.asked.insert(id, agent.clone());
                        let question = PendingQuestion { question_id: id, agent, question: "which?".into() };
                        vec![Input::Asked(question)]
                    }
                }
            }
            Command::Validate(agent) => {
                let acts = self.acts.get_mut(agent.as_str()).unwrap();
                let act = if acts.len() > 1 { acts.remove(0) } else { acts[0] };
                let verdict = match act {
                    Act::Fail => {
                        let attempt = self.state.node(&agent).unwrap().attempt + 1;
                        let debug = DebugInfo {
                            error_type: "validation_failure".into(),
                            failed_command: "pytest".into(),
                            full_output: "1 failed".into(),
                            failed_tests: vec!["test_it".into()],
                            attempt,
                        };
                        Verdict::Failed(evidence(0), debug)
                    }
                    _ => Verdict::Passed(evidence(3)),
                };
                vec![Input::Validated { agent, verdict, duration_ms: 5 }]
            }
            Command::Deliver { question_id, answer } => {
                let agent = self.asked.remove(&question_id).unwrap();
                self.log.push(format!("{agent} got {answer:?}"));
                vec![Input::Worked { agent, result: Ok("done".into()) }]
            }
            Command::StopAgents => {
                let fault = || NodeFault { reason: "stopped".into(), code: ErrorCode::Cancelled };
                let waiting = std::mem::take(&mut self.asked).into_values();
                waiting.map(|agent| Input::Worked { agent, result: Err(fault()) }).collect()
            }
            Command::Emit(_) | Command::End(_) => unreachable!("these are no effects"),
        }
    }

    fn check(&self, expect: &str) {
        let expect: Vec<&str> = expect.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(self.log, expect, "\n{}\n", self.log.join("\n"));
    }
}

fn line(event: &RunEvent) -> String {
    match event {
        RunEvent::RunStarted { node_count, .. } => format!("run started with {node_count} nodes"),
        RunEvent::RunResumed { finished } => format!("run resumed, {} finished", finished.len()),
        RunEvent::NodeStarted { agent, wave, attempt } => {
            format!("{agent} started, wave {wave}, attempt {attempt}")
        }
        RunEvent::ValidationPassed { agent, .. } => format!("{agent} valid"),
        RunEvent::ValidationFailed { agent, debug_info, .. } => {
            format!("{agent} not valid, next is {}", debug_info.attempt)
        }
        RunEvent::NodeCompleted { agent, .. } => format!("{agent} completed"),
        RunEvent::NodeFailed { agent, reason, .. } => format!("{agent} failed: {reason}"),
        RunEvent::NodeSkipped { agent, because } => format!("{agent} skipped: {because}"),
        RunEvent::CheckpointSaved { wave, .. } => format!("checkpoint of wave {wave}"),
        RunEvent::HumanInputRequired { agent, question, .. } => format!("{agent} asks {question}"),
        RunEvent::HumanInputReceived { agent, .. } => format!("{agent} is answered"),
        RunEvent::RunPaused {} => "paused".into(),
        RunEvent::CostLimitExceeded { .. } => "cost limit".into(),
        RunEvent::TimeLimitExceeded { .. } => "time limit".into(),
        RunEvent::RunCompleted { .. } => "run completed".into(),
        RunEvent::RunFailed { reason, code, .. } => format!("run failed ({code:?}): {reason}"),
        RunEvent::RunCancelled { .. } => "run cancelled".into(),
        RunEvent::RunInterrupted { .. } => "run interrupted".into(),
        other => panic!("the decider does not say {other:?}"),
    }
}

fn answer(text: &str) -> Input {
    Input::Op(RunOp::Respond { answer: text.into(), question_id: None })
}

#[test]
fn waves_run_in_order_and_parallel_nodes_together() {
    let mut play = Play::new(PersonaKind::Persona, "fullstack", &[]);
    play.go(vec![]).check(
        "run started with 4 nodes
         planner started, wave 1, attempt 1
         planner valid
         planner completed
         checkpoint of wave 1
         backend started, wave 2, attempt 1
         frontend started, wave 2, attempt 1
         backend valid
         backend completed
         frontend valid
         frontend completed
         checkpoint of wave 2
         qa started, wave 3, attempt 1
         qa valid
         qa completed
         checkpoint of wave 3
         run completed",
    );
    assert_eq!(play.outcome, Some(Outcome::Completed));
}

#[test]
fn a_failed_validation_is_fed_back_at_most_three_attempts() {
    let mut play =
        Play::new(PersonaKind::Persona, "api_only", &[("backend", &[Act::Fail, Act::Fail, Act::Pass])]);
    play.go(vec![]);
    let attempts: Vec<&String> = play.log.iter().filter(|line| line.starts_with("backend")).collect();
    assert_eq!(
        attempts,
        [
            "backend started, wave 2, attempt 1",
            "backend not valid, next is 2",
            "backend started, wave 2, attempt 2",
            "backend not valid, next is 3",
            "backend started, wave 2, attempt 3",
            "backend valid",
            "backend completed"
        ]
    );
    assert_eq!(play.outcome, Some(Outcome::Completed));

    let mut play = Play::new(PersonaKind::Persona, "api_only", &[("backend", &[Act::Fail])]);
    play.go(vec![]);
    assert_eq!(
        play.log[play.log.len() - 5..],
        [
            "backend failed: pytest failed after 3 attempts",
            "checkpoint of wave 2",
            "qa skipped: backend did not finish",
            "checkpoint of wave 3",
            "run failed (ValidationFailed): backend: pytest failed after 3 attempts"
        ]
    );
    assert_eq!(play.outcome, Some(Outcome::Failed));
}

#[test]
fn what_needs_a_failed_node_is_skipped_and_its_sibling_is_not() {
    let acts: &[(&str, &[Act])] = &[("frontend", &[Act::GiveUp(ErrorCode::ModelFailed)])];
    let mut play = Play::new(PersonaKind::Hierarchy, "with_devops", acts);
    play.go(vec![]);
    let tail = play.log[6..].join("\n");
    assert!(tail.contains("backend completed"), "{tail}");
    assert!(tail.contains("qa skipped: frontend did not finish"), "{tail}");
    assert!(tail.contains("devops skipped: frontend did not finish"), "{tail}");
    assert!(tail.ends_with("run failed (ModelFailed): frontend: gave up"), "{tail}");
}

#[test]
fn a_question_holds_its_agent_until_it_is_answered() {
    let mut play = Play::new(PersonaKind::Persona, "api_only", &[("planner", &[Act::Ask])]);
    play.go(vec![(1, answer("sqlite"))]);
    assert_eq!(
        play.log[..6],
        [
            "run started with 3 nodes",
            "planner started, wave 1, attempt 1",
            "planner asks which?",
            "planner is answered",
            "planner got \"sqlite\"",
            "planner valid"
        ]
    );
    assert_eq!(play.outcome, Some(Outcome::Completed));
}

#[test]
fn a_question_outlives_the_process() {
    let mut play = Play::new(PersonaKind::Persona, "api_only", &[("planner", &[Act::Ask])]);
    play.go(vec![(1, Input::Stop(Stop::Shutdown))]);
    assert_eq!(play.outcome, Some(Outcome::Waiting));
    assert_eq!(play.state.questions.len(), 1);

    // Taken up again, with the answer before the agent asks once more.
    let body = serde_json::to_string(&play.state).unwrap();
    let mut again = Play::new(PersonaKind::Persona, "api_only", &[("planner", &[Act::Ask])]);
    again.state = serde_json::from_str::<RunState>(&body).unwrap().revived();
    again.go(vec![(0, answer("sqlite"))]);
    assert_eq!(again.outcome, Some(Outcome::Completed), "{}", again.log.join("\n"));
    assert!(again.log.contains(&"planner got \"sqlite\"".to_owned()), "{}", again.log.join("\n"));
}

#[test]
fn finished_nodes_are_not_run_again_after_a_crash() {
    let mut play = Play::new(PersonaKind::Persona, "fullstack", &[]);
    play.go(vec![(4, Input::Stop(Stop::Shutdown))]);
    assert_eq!(play.outcome, Some(Outcome::Interrupted), "{}", play.log.join("\n"));
    let finished = play.state.finished().len();
    assert!((1..4).contains(&finished), "{finished} nodes had finished");

    let body = serde_json::to_string(&play.state).unwrap();
    let mut again = Play::new(PersonaKind::Persona, "fullstack", &[]);
    again.state = serde_json::from_str::<RunState>(&body).unwrap().revived();
    again.go(vec![]);
    let started = again.log.iter().filter(|line| line.contains("started, wave")).count();
    assert_eq!(started, 4 - finished, "{}", again.log.join("\n"));
    assert_eq!(again.outcome, Some(Outcome::Completed));
}

#[test]
fn files_are_told_once_and_no_part_of_a_checkpoint() {
    let mut state = Play::new(PersonaKind::Persona, "api_only", &[]).state;
    let file = RunFile { agent: agent("backend"), path: "calc.py".into() };
    let wrote = RunEvent::FileWritten { agent: file.agent.clone(), path: file.path.clone(), bytes: 7 };
    assert_eq!(state.note(&wrote), Some(file.clone()));
    assert_eq!(state.note(&wrote), None);

    let body = serde_json::to_string(&state).unwrap();
    assert!(!body.contains("calc.py"), "{body}");
    // Earlier versions wrote them into the checkpoint.
    let earlier = body.replace("\"needs\":", "\"files\":[\"calc.py\"],\"needs\":");
    for body in [&body, &earlier] {
        let read: RunState = serde_json::from_str(body).unwrap();
        assert_eq!(read.with_files(vec![file.clone()]), state);
    }
}

#[test]
fn limits_and_cancel_end_a_run_with_their_own_words() {
    let check = |input: Input, outcome: Outcome, last: &str| {
        let mut play = Play::new(PersonaKind::Persona, "fullstack", &[("planner", &[Act::Ask])]);
        play.facts.max_cost_usd = Some(0.0);
        play.go(vec![(1, input)]);
        assert_eq!((play.outcome, play.log.last().unwrap().as_str()), (Some(outcome), last));
    };
    check(Input::Stop(Stop::Cost), Outcome::Failed, "run failed (CostLimit): the cost limit was reached");
    check(Input::Stop(Stop::Time), Outcome::Failed, "run failed (TimeLimit): the time limit was reached");
    check(Input::Op(RunOp::Cancel), Outcome::Cancelled, "run cancelled");

    // The meter's refusal reaches the decider as a fault of the agent.
    let mut play =
        Play::new(PersonaKind::Persona, "fullstack", &[("planner", &[Act::GiveUp(ErrorCode::CostLimit)])]);
    play.go(vec![]);
    // It was not the run's own limit that was reached.
    assert_eq!(play.log.last().unwrap(), "run failed (CostLimit): the month's budget is used up");
}

#[test]
fn a_pause_holds_the_next_step_only() {
    let mut play = Play::new(PersonaKind::Persona, "api_only", &[]);
    play.go(vec![(1, Input::Op(RunOp::Pause))]);
    assert_eq!(play.outcome, None);
    assert_eq!(play.log.last().unwrap(), "checkpoint of wave 1", "{}", play.log.join("\n"));
    let effects = play.feed(Input::Op(RunOp::Continue));
    assert_eq!(effects, [Command::Work(agent("backend"))]);
}

#[test]
fn nothing_happens_after_the_end() {
    let mut play = Play::new(PersonaKind::Persona, "api_only", &[]);
    play.go(vec![]);
    let said = play.log.len();
    for input in [Input::Begin, Input::Op(RunOp::Cancel), Input::Stop(Stop::Time), answer("late")] {
        assert!(play.feed(input).is_empty());
    }
    assert_eq!(play.log.len(), said);
}

//! Stays with a run until it ends: shows it, carries questions and answers, and puts it away when asked to stop.

use std::future::pending;
use std::io;
use std::time::Duration;

use aios_protocol::{Api, ErrorCode, EventFrame, Problem, QuestionId, RunEvents, RunId, RunRespond, RunShow};
use futures::StreamExt;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::context::Context;
use crate::display::Display;
use crate::environment::now;
use crate::exit::{Exit, Failure};
use crate::keyboard::Keyboard;
use crate::place::Place;
use crate::signals::Signals;
use crate::text::{Line, Tone, lines_of};
use crate::view::{self, End, Question, State};

/// Time between two pictures.
const FRAME: Duration = Duration::from_millis(100);

/// Events that are read at once from a run's history.
const PAGE: u32 = 1000;

/// A run as its stored history tells it; `each` sees every event before it is taken in.
pub(crate) async fn history(
    api: &dyn Api,
    run_id: RunId,
    mut each: impl FnMut(&State, &EventFrame) -> io::Result<()>,
) -> Result<State, Failure> {
    let mut state = State::default();
    loop {
        let page = stored(api, run_id, &state).await?;
        if page.is_empty() {
            return Ok(state);
        }
        for frame in page {
            each(&state, &frame)?;
            state.apply(&frame);
        }
    }
}

/// The next events of a run's stored history; none at its end.
async fn stored(api: &dyn Api, run_id: RunId, state: &State) -> Result<Vec<EventFrame>, Problem> {
    Ok(api.run_events(RunEvents { run_id, after: state.seq, limit: Some(PAGE) }).await?.events)
}

/// Shows what happens in a run after `state`, until it ends, waits for an answer that nobody here can give, or is put
/// away by a signal.
pub(crate) async fn watch(context: &Context, run_id: RunId, mut state: State) -> Result<Exit, Failure> {
    let place = context.place().await?;
    let mut frames = place.subscribe(run_id, state.seq);
    let mut display = Display::new(context);
    let mut signals = Signals::listen()?;
    let mut ticks = tokio::time::interval(FRAME);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut dialogue = Dialogue::default();
    let mut stopping: Option<JoinHandle<Result<(), Problem>>> = None;

    loop {
        if stopping.is_none() {
            match state.questions.front() {
                Some(question) if context.interactive() => dialogue.ask(question, &mut display)?,
                Some(question) => return Err(answer_needed(context, run_id, question).into()),
                None => dialogue.asked = None,
            }
        }
        tokio::select! {
            biased;
            () = signals.next() => {
                if stopping.is_some() {
                    return Err(Failure::Abandoned);
                }
                dialogue.asked = None;
                display.say(&[Line::new().dim("stopping, so that the run can go on later; Ctrl-C again ends at once")])?;
                let place = place.clone();
                stopping = Some(tokio::spawn(async move { place.put_away(run_id).await }));
            }
            answer = dialogue.answer() => {
                let Some(question) = state.questions.front() else { continue };
                let Some(answer) = answer else {
                    display.leave_prompt()?;
                    return Err(answer_needed(context, run_id, question).into());
                };
                display.prompt_is_done();
                if answer.trim().is_empty() {
                    display.prompt(question)?;
                } else {
                    let question_id = Some(question.id);
                    place.api().run_respond(RunRespond { run_id, question_id, answer }).await?;
                    state.questions.pop_front();
                }
            }
            frame = frames.next() => match frame {
                Some(frame) => display.take(&mut state, &frame?)?,
                None => break,
            },
            stopped = finished(&mut stopping) => {
                stopped?;
                // What is still on its way is stored already.
                loop {
                    let page = stored(place.api(), run_id, &state).await?;
                    if page.is_empty() {
                        break;
                    }
                    for frame in page {
                        display.take(&mut state, &frame)?;
                    }
                }
                break;
            }
            _ = ticks.tick(), if dialogue.asked.is_none() => display.draw(&state)?,
        }
    }

    if dialogue.asked.is_none() {
        display.draw(&state)?;
    }
    drop(display);
    let stopped = stopping.is_some();
    let end = state.end.get_or_insert_with(|| End::Interrupted {
        reason: if stopped { "as you asked" } else { "the process that worked on it has gone" }.to_owned(),
    });
    let exit = exit(end);
    if !context.json {
        let dir = place.api().run_show(RunShow { run_id }).await?.dir;
        let reader = view::Reader {
            program: context.program,
            folder: matches!(place, Place::Here(_)).then_some(context.environment.current_dir.as_path()),
        };
        context.print(&view::card(&state, &dir, &reader, now()))?;
    }
    Ok(exit)
}

fn exit(end: &End) -> Exit {
    match end {
        End::Completed { .. } => Exit::Completed,
        End::Failed { code: ErrorCode::CostLimit | ErrorCode::TimeLimit, .. } => Exit::LimitReached,
        End::Failed { .. } => Exit::Failed,
        End::Cancelled | End::Interrupted { .. } => Exit::Cancelled,
    }
}

fn answer_needed(context: &Context, run_id: RunId, question: &Question) -> Problem {
    Problem::new(ErrorCode::AnswerNeeded, format!("{} asks: {}", question.agent, question.text))
        .with_hint(format!("{} respond {run_id} \"your answer\"", context.program))
}

async fn finished(task: &mut Option<JoinHandle<Result<(), Problem>>>) -> Result<(), Problem> {
    match task {
        // It can only break by a panic, after which there is nothing left to wait for.
        Some(task) => task.await.unwrap_or(Ok(())),
        None => pending().await,
    }
}

/// The question that the human sees, and where the answer comes from.
#[derive(Default)]
struct Dialogue {
    asked: Option<QuestionId>,
    keyboard: Option<Keyboard>,
}

impl Dialogue {
    fn ask(&mut self, question: &Question, display: &mut Display<'_>) -> io::Result<()> {
        if self.asked == Some(question.id) {
            return Ok(());
        }
        self.asked = Some(question.id);
        let mut lines = vec![
            Line::new(),
            Line::new().add(Tone::Warn, "? ").plain(question.agent.as_str()).plain(" asks"),
        ];
        lines.extend(lines_of(&question.text).map(|line| Line::new().plain("  ").plain(line)));
        display.say(&lines)?;
        self.keyboard.get_or_insert_with(Keyboard::open).forget();
        display.prompt(question)
    }

    /// What the human types; nothing at the end of the input. Waits for ever while nothing is asked.
    async fn answer(&mut self) -> Option<String> {
        match &mut self.keyboard {
            Some(keyboard) if self.asked.is_some() => keyboard.line().await,
            _ => pending().await,
        }
    }
}

//! `aios respond`: answers a question, and goes on with the run where nobody else does.

use aios_protocol::{ErrorCode, RunRespond, RunResume};

use super::resume;
use crate::args::Respond;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::text::Line;
use crate::{input, run_ref, watch};

pub(super) async fn respond(context: &Context, arguments: Respond) -> Result<Exit, Failure> {
    let api = context.place().await?.api();
    let run_id = run_ref::resolve(api, &arguments.run).await?;
    let answer = input::text(arguments.answer, "answer")?;
    // Read before the answer is given, so that what comes of it is shown.
    let mut state = watch::history(api, run_id, |_, _| Ok(())).await?;
    let question_id = state.questions.front().map(|question| question.id);
    api.run_respond(RunRespond { run_id, question_id, answer }).await?;
    state.questions.pop_front();
    match api.run_resume(RunResume { run_id }).await {
        Ok(_) => resume::follow(context, run_id, state).await,
        Err(problem) if problem.code == ErrorCode::Conflict => {
            if !context.json {
                let line = format!(
                    "answered; the process that works on the run goes on: {} logs {run_id} --follow",
                    context.program
                );
                context.print(&[Line::from(line)])?;
            }
            Ok(Exit::Completed)
        }
        Err(problem) => Err(problem.into()),
    }
}

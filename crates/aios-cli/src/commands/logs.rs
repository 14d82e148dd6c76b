//! `aios logs`: what happened in a run, and what still does.

use aios_protocol::EventFrame;
use futures::StreamExt;

use crate::args::Logs;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::view::{self, State};
use crate::{run_ref, watch};

pub(super) async fn logs(context: &Context, arguments: Logs) -> Result<Exit, Failure> {
    let run_id = run_ref::resolve(&context.session, &arguments.run).await?;
    let show = |state: &State, frame: &EventFrame| {
        if context.json { context.print_json(frame) } else { context.print(&view::lines(state, frame)) }
    };
    let mut state = watch::history(&context.session, run_id, show).await?;
    if arguments.follow && state.end.is_none() {
        let mut frames = context.session.subscribe(run_id, state.seq);
        while let Some(frame) = frames.next().await {
            let frame = frame?;
            show(&state, &frame)?;
            state.apply(&frame);
        }
    }
    Ok(Exit::Completed)
}

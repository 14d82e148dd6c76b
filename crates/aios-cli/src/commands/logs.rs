//! `aios logs`: what happened in a run, and what still does.

use aios_protocol::EventFrame;
use futures::StreamExt;

use crate::args::Logs;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::view::{self, End, State};
use crate::{run_ref, watch};

pub(super) async fn logs(context: &Context, arguments: Logs) -> Result<Exit, Failure> {
    let place = context.place().await?;
    let run_id = run_ref::resolve(place.api(), &arguments.run).await?;
    let show = |state: &State, frame: &EventFrame| {
        if context.json { context.print_json(frame) } else { context.print(&view::lines(state, frame)) }
    };
    let mut state = watch::history(place.api(), run_id, show).await?;
    // Somebody may go on with a run that was interrupted, a server that comes back for one.
    let may_go_on = matches!(state.end, None | Some(End::Interrupted { .. }));
    if arguments.follow && may_go_on {
        let mut frames = place.subscribe(run_id, state.seq);
        while let Some(frame) = frames.next().await {
            let frame = frame?;
            show(&state, &frame)?;
            state.apply(&frame);
        }
    }
    Ok(Exit::Completed)
}

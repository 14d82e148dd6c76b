//! `aios runs`: lists runs, shows one, ends or holds it.

use aios_protocol::{
    NodeView, RunCancel, RunDetail, RunList, RunPause, RunShow, RunStatus, RunSummary, Timestamp,
};

use super::download;
use crate::args::{Runs, RunsCommand, RunsList};
use crate::context::Context;
use crate::environment::now;
use crate::exit::{Exit, Failure};
use crate::text::{Line, Tone, first_line, lines_of};
use crate::view::field;
use crate::{run_ref, view, words};

pub(super) async fn runs(context: &Context, arguments: Runs) -> Result<Exit, Failure> {
    let api = context.place().await?.api();
    match arguments.command {
        None => list(context, arguments.list).await,
        Some(RunsCommand::List(arguments)) => list(context, arguments).await,
        Some(RunsCommand::Show(argument)) => {
            let run_id = run_ref::resolve(api, &argument.run).await?;
            let detail = api.run_show(RunShow { run_id }).await?;
            match context.json {
                true => context.print_json(&detail)?,
                false => context.print_table(detail_lines(&detail, now()))?,
            }
            Ok(Exit::Completed)
        }
        Some(RunsCommand::Download(arguments)) => download::download(context, arguments).await,
        Some(RunsCommand::Cancel(argument)) => {
            let run_id = run_ref::resolve(api, &argument.run).await?;
            api.run_cancel(RunCancel { run_id }).await?;
            confirm(context, format!("cancelled {run_id}"))
        }
        Some(RunsCommand::Pause(argument)) => {
            let run_id = run_ref::resolve(api, &argument.run).await?;
            api.run_pause(RunPause { run_id }).await?;
            confirm(context, format!("paused {run_id}; go on with it: {} resume {run_id}", context.program))
        }
    }
}

async fn list(context: &Context, arguments: RunsList) -> Result<Exit, Failure> {
    let filtered = arguments.status.is_some() || arguments.search.is_some() || arguments.project.is_some();
    let request = RunList {
        status: arguments.status,
        project_id: arguments.project,
        search: arguments.search,
        cursor: None,
        limit: Some(arguments.limit),
    };
    let page = context.place().await?.api().run_list(request).await?;
    if context.json {
        context.print_json(&page)?;
    } else if page.runs.is_empty() {
        let line = if filtered {
            "no run matches"
        } else {
            "there are no runs yet; start one: aios run \"what to build\""
        };
        context.print(&[Line::from(line)])?;
    } else {
        let mut lines: Vec<Line> = page.runs.iter().map(|run| summary_line(run, now())).collect();
        if page.next_cursor.is_some() {
            lines.push(Line::new().dim("there are more; --limit shows up to 200, --search finds"));
        }
        context.print_table(lines)?;
    }
    Ok(Exit::Completed)
}

fn confirm(context: &Context, text: String) -> Result<Exit, Failure> {
    match context.json {
        true => context.print_json(&aios_protocol::Done {})?,
        false => context.print(&[Line::from(text)])?,
    }
    Ok(Exit::Completed)
}

fn summary_line(run: &RunSummary, now: Timestamp) -> Line {
    Line::new()
        .add(Tone::Accent, &view::short(run.run_id))
        .plain("  ")
        .add(tone(run.status), &format!("{:<11}", run.status.as_str()))
        .dim(&format!(
            "  {:>11}  {:>8}  {:>8}  ",
            words::ago(run.created_at, now),
            words::usd(run.cost_usd),
            words::count(run.files_count, "file")
        ))
        .plain(first_line(&run.objective))
}

fn detail_lines(run: &RunDetail, now: Timestamp) -> Vec<Line> {
    let mut lines = vec![
        Line::new().add(Tone::Bold, first_line(&run.objective)),
        field("run", &run.run_id.to_string()),
        field("status", "").add(tone(run.status), run.status.as_str()),
        field("model", &run.model),
        field("team", &run.persona),
    ];
    lines.extend(run.project_id.iter().map(|project| field("project", project.as_str())));
    lines.push(field("in", &run.dir));
    let took = run.started_at.map(|start| run.ended_at.unwrap_or(now).since(start));
    let mut spent = vec![words::ago(run.created_at, now)];
    spent.extend(took.map(words::duration));
    spent.extend([words::tokens(run.usage), words::usd(run.cost_usd)]);
    lines.push(field("spent", &spent.join(" · ")));
    if let Some(problem) = &run.failure {
        lines.extend(lines_of(&problem.message).map(|line| field("", "").add(Tone::Bad, line)));
        lines.extend(problem.hint.iter().map(|hint| field("hint", hint)));
    }
    if let Some(evidence) = &run.evidence {
        lines.extend(view::evidence_lines(evidence));
    }
    lines.push(Line::new());
    let column = 4 + run.nodes.iter().map(|node| node.agent.as_str().len()).max().unwrap_or(0);
    lines.extend(run.nodes.iter().map(|node| node_line(node, column)));
    if !run.files.is_empty() {
        lines.push(Line::new());
        lines.extend(run.files.iter().map(|file| Line::from(file.as_str())));
    }
    lines
}

fn node_line(node: &NodeView, column: usize) -> Line {
    let (tone, sign) = view::glyph(node.status);
    Line::new()
        .add(tone, sign)
        .plain(" ")
        .plain(node.agent.as_str())
        .pad(column)
        .dim(&format!("{:>14}  {:>8}  ", words::tokens(node.usage), words::usd(node.cost_usd)))
        .plain(&node.evidence.as_ref().map(|evidence| words::verdict(evidence) + "  ").unwrap_or_default())
        .plain(first_line(node.summary.as_deref().unwrap_or_default()))
}

fn tone(status: RunStatus) -> Tone {
    match status {
        RunStatus::Pending | RunStatus::Running => Tone::Accent,
        RunStatus::Waiting | RunStatus::Paused | RunStatus::Interrupted => Tone::Warn,
        RunStatus::Completed => Tone::Good,
        RunStatus::Failed => Tone::Bad,
        RunStatus::Cancelled => Tone::Dim,
    }
}

//! What a run knows before it starts: the project's rules files, and what earlier runs of the project did.

use aios_core::{Workspace, WorkspacePath};
use aios_protocol::{ProjectId, ProjectRun, ProjectState, RunDetail, Timestamp};

/// Rules files in the order in which they are read; the folder `.cursor/rules` is read besides.
const RULES_FILES: [&str; 4] = ["AGENTS.md", "CLAUDE.md", ".cursorrules", ".github/copilot-instructions.md"];
/// Bytes of rules that every prompt carries; more would crowd out the work.
const RULES_BYTES: usize = 16_000;
/// Runs that a project remembers.
const REMEMBERED_RUNS: usize = 50;
/// Runs that the planner is told of.
const TOLD_RUNS: usize = 5;

/// Read once per run.
pub(crate) struct Memory {
    /// Rules files, verbatim.
    pub(crate) rules: String,
    /// What earlier runs did, for the prompt.
    pub(crate) project: Option<String>,
}

/// The rules files of a workspace, verbatim, each under its name; files with the same text once.
pub(crate) async fn rules(workspace: &dyn Workspace) -> String {
    let mut paths: Vec<String> = RULES_FILES.iter().map(ToString::to_string).collect();
    if let Ok(listing) = workspace.list(5_000).await {
        let rule = |path: &str| {
            path.starts_with(".cursor/rules/") && (path.ends_with(".md") || path.ends_with(".mdc"))
        };
        paths.extend(
            listing.files.iter().map(|file| file.path.as_str()).filter(|path| rule(path)).map(str::to_owned),
        );
    }
    let mut seen: Vec<String> = Vec::new();
    let mut text = String::new();
    for path in paths {
        let Ok(file) = WorkspacePath::new(&path) else { continue };
        let Ok(bytes) = workspace.read(&file).await else { continue };
        let content = String::from_utf8_lossy(&bytes).trim().to_owned();
        if content.is_empty() || seen.contains(&content) {
            continue;
        }
        let room = RULES_BYTES.saturating_sub(text.len());
        let kept = content.get(..content.floor_char_boundary(room)).unwrap_or_default();
        text.push_str(&format!("# {path}\n{kept}\n"));
        if kept.len() < content.len() {
            text.push_str(&format!("[the rest of {path} does not fit here; read it with read_file]\n"));
            break;
        }
        seen.push(content);
    }
    text.trim_end().to_owned()
}

/// What the agents are told of a project that has a past.
pub(crate) fn project_note(project: &ProjectState) -> String {
    let skip = project.runs.len().saturating_sub(TOLD_RUNS);
    let runs =
        project.runs.iter().skip(skip).map(|run| format!("- {} ({} files)", run.objective, run.files.len()));
    format!(
        "This continues project {} (run {}). Earlier runs, oldest first:\n{}\n\
         Do not rewrite what exists: build on top of it, and keep its tests passing.",
        project.project_id,
        project.total_runs + 1,
        runs.collect::<Vec<_>>().join("\n")
    )
}

/// A project's memory after one more run.
pub(crate) fn project_after(
    before: Option<ProjectState>,
    id: &ProjectId,
    run: &RunDetail,
    files: Vec<String>,
    at: Timestamp,
) -> ProjectState {
    let mut state = before.unwrap_or_else(|| ProjectState {
        project_id: id.clone(),
        total_runs: 0,
        files: Vec::new(),
        runs: Vec::new(),
    });
    state.total_runs += 1;
    state.files = files;
    state.runs.push(ProjectRun {
        run_id: run.run_id,
        objective: run.objective.clone(),
        files: run.files.clone(),
        ts: at,
    });
    let surplus = state.runs.len().saturating_sub(REMEMBERED_RUNS);
    state.runs.drain(..surplus);
    state
}

//! Projects: what people call them, and what they remember.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use aios_core::{Clock, ProjectCard, ProjectCards, ProjectStore};
use aios_protocol::{
    Done, ErrorCode, Problem, Project, ProjectCreate, ProjectId, ProjectList, ProjectState, ProjectUpdate,
    Projects, Timestamp,
};

use super::{Session, page, stored, text};

/// The longest name, in characters.
const NAME: usize = 120;
/// The longest description, in characters.
const DESCRIPTION: usize = 4_000;

pub(super) async fn create(session: &Session, request: ProjectCreate) -> Result<Project, Problem> {
    let name = text::line("the name of the project", &request.name, NAME)?;
    let project_id = match request.project_id {
        Some(id) => id,
        None => id_from(&name)?,
    };
    let now = session.app.clock.now();
    let description = described(request.description)?;
    let card = ProjectCard { project_id, name, description, created_at: now, updated_at: now };
    stored(session.app.store.create_card(&session.scope, &card).await)?;
    Ok(shown(card.project_id.clone(), Some(card), None))
}

pub(super) async fn list(session: &Session, request: &ProjectList) -> Result<Projects, Problem> {
    let (limit, after) = (page::limit(request.limit), cursor(request.cursor.as_deref())?);
    let store = &session.app.store;
    let cards = stored(store.cards(&session.scope).await)?;
    let mut states: BTreeMap<ProjectId, ProjectState> =
        stored(ProjectStore::list(&**store, &session.scope).await)?
            .into_iter()
            .map(|state| (state.project_id.clone(), state))
            .collect();
    let mut projects: Vec<Project> = Vec::new();
    for card in cards {
        let state = states.remove(&card.project_id);
        projects.push(shown(card.project_id.clone(), Some(card), state));
    }
    projects.extend(states.into_iter().map(|(id, state)| shown(id, None, Some(state))));
    projects.sort_by(|a, b| place(a).cmp(&place(b)));
    if let Some((at, id)) = after {
        projects.retain(|project| place(project) > (Reverse(at), &id));
    }
    let next_cursor = page::cut(&mut projects, limit, |last| {
        format!("{}.{}", last.updated_at.as_micros(), last.project_id)
    });
    Ok(Projects { projects, next_cursor })
}

/// Where a project stands in the list.
fn place(project: &Project) -> (Reverse<Timestamp>, &ProjectId) {
    (Reverse(project.updated_at), &project.project_id)
}

/// The last project of the page before: when it was used, and its id.
fn cursor(text: Option<&str>) -> Result<Option<(Timestamp, ProjectId)>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let read = text
        .split_once('.')
        .and_then(|(at, id)| Some((Timestamp::from_micros(at.parse().ok()?), ProjectId::new(id).ok()?)));
    read.map(Some).ok_or_else(page::not_ours)
}

pub(super) async fn show(session: &Session, project_id: &ProjectId) -> Result<Project, Problem> {
    let (card, state) = find(session, project_id).await?;
    Ok(shown(project_id.clone(), card, state))
}

pub(super) async fn update(session: &Session, request: ProjectUpdate) -> Result<Project, Problem> {
    let (card, state) = find(session, &request.project_id).await?;
    let before = shown(request.project_id, card, state.clone());
    let name = request.name.map(|name| text::line("the name of the project", &name, NAME)).transpose()?;
    let description = described(request.description)?;
    let card = ProjectCard {
        project_id: before.project_id,
        name: name.unwrap_or(before.name),
        description: description.or(before.description),
        created_at: before.created_at,
        updated_at: session.app.clock.now(),
    };
    stored(session.app.store.put_card(&session.scope, &card).await)?;
    Ok(shown(card.project_id.clone(), Some(card), state))
}

pub(super) async fn remove(session: &Session, project_id: &ProjectId) -> Result<Done, Problem> {
    stored(session.app.store.remove_project(&session.scope, project_id).await)?;
    Ok(Done {})
}

async fn find(
    session: &Session,
    project_id: &ProjectId,
) -> Result<(Option<ProjectCard>, Option<ProjectState>), Problem> {
    let store = &session.app.store;
    let card = stored(store.card(&session.scope, project_id).await)?;
    let state = stored(ProjectStore::get(&**store, &session.scope, project_id).await)?;
    if card.is_none() && state.is_none() {
        return Err(Problem::new(ErrorCode::NotFound, format!("there is no project {project_id}"))
            .with_hint("create it, or name it when a run starts: a project begins with its first run"));
    }
    Ok((card, state))
}

/// A project without a card was begun by a run; its id is its name.
fn shown(project_id: ProjectId, card: Option<ProjectCard>, state: Option<ProjectState>) -> Project {
    let (total_runs, files, runs) =
        state.map_or_else(Default::default, |state| (state.total_runs, state.files, state.runs));
    let (first, last) = (runs.first().map(|run| run.ts), runs.last().map(|run| run.ts));
    let began = card.as_ref().map(|card| card.created_at).or(first).unwrap_or(Timestamp::from_micros(0));
    let changed = card.as_ref().map_or(began, |card| card.updated_at);
    let (name, description) = match card {
        Some(card) => (card.name, card.description),
        None => (project_id.to_string(), None),
    };
    let updated_at = last.map_or(changed, |last| last.max(changed));
    Project { project_id, name, description, total_runs, files, runs, created_at: began, updated_at }
}

fn described(description: Option<String>) -> Result<Option<String>, Problem> {
    description.map(|description| text::any("the description", &description, DESCRIPTION)).transpose()
}

/// `My Blog!` becomes `my-blog`.
fn id_from(name: &str) -> Result<ProjectId, Problem> {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let id: String = words.join("-").chars().take(64).collect();
    ProjectId::new(id.trim_end_matches('-')).map_err(|_| {
        Problem::new(ErrorCode::InvalidRequest, format!("no project id can be made from the name {name:?}"))
            .with_hint("send a project_id of letters, digits, '-', '_' and '.' besides the name")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_made_from_names() {
        let check = |name: &str, expect: Option<&str>| {
            assert_eq!(id_from(name).ok().as_ref().map(ProjectId::as_str), expect, "{name}");
        };
        check("My Blog!", Some("my-blog"));
        check("  v2 — API/server ", Some("v2-api-server"));
        check("日本", None);
        check(&"long ".repeat(40), Some("long-long-long-long-long-long-long-long-long-long-long-long-long"));
    }
}

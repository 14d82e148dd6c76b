//! Events captured from editors, shells and git hooks, and the tasks made from them.

use aios_core::{CaptureQuery, CaptureStore, Clock};
use aios_protocol::{
    CaptureAdd, CaptureConvert, CaptureEvent, CaptureEventId, CaptureList, CapturePage, ErrorCode, Problem,
    Task, TaskCreate,
};

use super::{Session, page, stored, tasks, text};

/// The longest kind, in characters.
const KIND: usize = 80;
/// The longest title, in characters.
const TITLE: usize = 200;
/// The largest payload, in bytes of JSON.
const PAYLOAD: usize = 64 * 1024;

pub(super) async fn add(session: &Session, request: CaptureAdd) -> Result<CaptureEvent, Problem> {
    let size = request.payload.as_ref().map_or(0, |payload| payload.to_string().len());
    if size > PAYLOAD {
        return Err(Problem::new(
            ErrorCode::TooLarge,
            format!("the payload has {size} bytes of JSON; at most {PAYLOAD} are allowed"),
        ));
    }
    let event = CaptureEvent {
        event_id: CaptureEventId::generate(),
        source: request.source,
        kind: text::line("the kind", &request.kind, KIND)?,
        title: request.title.map(|title| text::line("the title", &title, TITLE)).transpose()?,
        payload: request.payload,
        project_id: request.project_id,
        task_id: None,
        created_at: session.app.clock.now(),
    };
    stored(session.app.store.add_capture(&session.scope, &event).await)?;
    Ok(event)
}

pub(super) async fn list(session: &Session, request: CaptureList) -> Result<CapturePage, Problem> {
    let limit = page::limit(request.limit);
    let query = CaptureQuery {
        project_id: request.project_id,
        source: request.source,
        before: page::cursor(request.cursor.as_deref())?,
        limit: limit + 1,
    };
    let mut events = stored(session.app.store.captures(&session.scope, &query).await)?;
    let next_cursor = page::cut(&mut events, limit, |event| event.event_id.to_string());
    Ok(CapturePage { events, next_cursor })
}

pub(super) async fn convert(session: &Session, request: CaptureConvert) -> Result<Task, Problem> {
    let event = stored(session.app.store.capture(&session.scope, request.event_id).await)?;
    let title = request.title.or(event.title).unwrap_or(event.kind);
    let asked = TaskCreate {
        title,
        description: request.description,
        project_id: event.project_id,
        ..TaskCreate::default()
    };
    let task = Task { event_id: Some(request.event_id), ..tasks::new(session, asked)? };
    stored(session.app.store.convert_capture(&session.scope, request.event_id, &task).await)?;
    tasks::dispatch(session).await;
    tasks::show(session, task.task_id).await
}

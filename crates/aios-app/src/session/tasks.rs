//! Queued work: a run starts for the oldest task as soon as there is room for one more.

use std::sync::atomic::Ordering;
use std::time::Duration;

use aios_core::{Clock, RunStore, Scope, StoreError, TaskQuery, TaskStore};
use aios_engine::RunHandle;
use aios_protocol::{
    ErrorCode, Problem, RunId, RunStart, RunStatus, Task, TaskCreate, TaskId, TaskList, TaskPage, TaskStatus,
    TaskUpdate,
};

use super::{Session, page, start, stored, text};

/// The longest title, in characters.
const TITLE: usize = 200;
/// A task that was taken and still has no run after this long was left by a crash.
const LOST: Duration = Duration::from_secs(60);

pub(super) async fn create(session: &Session, request: TaskCreate) -> Result<Task, Problem> {
    let task = new(session, request)?;
    stored(session.app.store.create_task(&session.scope, &task).await)?;
    dispatch(session).await;
    show(session, task.task_id).await
}

/// A task that is not stored yet.
pub(super) fn new(session: &Session, request: TaskCreate) -> Result<Task, Problem> {
    let title = text::line("the title", &request.title, TITLE)?;
    let description = request.description.filter(|text| !text.trim().is_empty());
    let now = session.app.clock.now();
    let task = Task {
        task_id: TaskId::generate(),
        title,
        description,
        project_id: request.project_id,
        persona: request.persona,
        model: request.model,
        status: TaskStatus::Queued,
        run_id: None,
        event_id: None,
        error: None,
        created_at: now,
        updated_at: now,
    };
    start::check(&asked(&task))?;
    Ok(task)
}

pub(super) async fn list(session: &Session, request: TaskList) -> Result<TaskPage, Problem> {
    let limit = page::limit(request.limit);
    let query = TaskQuery {
        project_id: request.project_id,
        status: request.status,
        before: page::cursor(request.cursor.as_deref())?,
        limit: limit + 1,
    };
    let mut tasks = stored(session.app.store.tasks(&session.scope, &query).await)?;
    let next_cursor = page::cut(&mut tasks, limit, |task| task.task_id.to_string());
    for task in &mut tasks {
        follow_up(session, task).await?;
    }
    Ok(TaskPage { tasks, next_cursor })
}

pub(super) async fn show(session: &Session, task_id: TaskId) -> Result<Task, Problem> {
    let mut task = stored(session.app.store.task(&session.scope, task_id).await)?;
    follow_up(session, &mut task).await?;
    Ok(task)
}

pub(super) async fn update(session: &Session, request: TaskUpdate) -> Result<Task, Problem> {
    let mut task = show(session, request.task_id).await?;
    if task.status != TaskStatus::Queued {
        return Err(no_longer_queued(&task));
    }
    if let Some(title) = request.title {
        task.title = text::line("the title", &title, TITLE)?;
    }
    task.description = request.description.or(task.description);
    task.project_id = request.project_id.or(task.project_id);
    task.updated_at = session.app.clock.now();
    start::check(&asked(&task))?;
    if stored(session.app.store.change_task(&session.scope, TaskStatus::Queued, &task).await)? {
        return Ok(task);
    }
    Err(no_longer_queued(&show(session, request.task_id).await?))
}

pub(super) async fn cancel(session: &Session, task_id: TaskId) -> Result<Task, Problem> {
    let mut task = show(session, task_id).await?;
    match task.status {
        TaskStatus::Queued => {
            change(session, &mut task, TaskStatus::Cancelled, None).await?;
        }
        TaskStatus::Running => {
            if let Some(run_id) = task.run_id {
                super::runs::cancel(session, run_id).await?;
            }
            change(session, &mut task, TaskStatus::Cancelled, None).await?;
        }
        TaskStatus::Cancelled => {}
        TaskStatus::Completed | TaskStatus::Failed => {
            return Err(Problem::new(
                ErrorCode::Conflict,
                format!("task {task_id} is {} and cannot be cancelled", task.status.as_str()),
            ));
        }
    }
    show(session, task_id).await
}

/// Starts runs for queued tasks while there is room; from now on whenever a run is over. What goes wrong with one is told
/// by that task.
pub(crate) async fn dispatch(session: &Session) {
    session.app.works_off_tasks.store(true, Ordering::Relaxed);
    while !session.app.is_closing() {
        match dispatch_one(session).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(problem) => {
                tracing::warn!(%problem, "queued tasks wait");
                return;
            }
        }
    }
}

/// Whether there may be more to start.
async fn dispatch_one(session: &Session) -> Result<bool, Problem> {
    let next = stored(session.app.store.next_task(&session.scope).await)?;
    let Some((user, mut task)) = next else { return Ok(false) };
    // On behalf of whoever queued it: theirs are the free runs.
    let session = &Session::new(session.app.clone(), Scope { user, ..session.scope.clone() });
    let run_id = RunId::generate();
    task.run_id = Some(run_id);
    // Taken before the run is made, so that no two processes start it twice.
    if !change(session, &mut task, TaskStatus::Running, None).await? {
        return Ok(true);
    }
    match start::start_as(session, asked(&task), run_id).await {
        Ok(_) => Ok(true),
        Err(problem) if problem.code == ErrorCode::RateLimited => {
            task.run_id = None;
            change(session, &mut task, TaskStatus::Queued, None).await?;
            Ok(false)
        }
        Err(problem) => {
            task.run_id = None;
            change(session, &mut task, TaskStatus::Failed, Some(problem.message)).await?;
            Ok(true)
        }
    }
}

/// When a run is over its task is told, if it has one, and there is room for the next.
pub(super) fn follow_to_the_end(session: &Session, handle: &RunHandle) {
    let (session, handle) = (session.clone(), handle.clone());
    tokio::spawn(async move {
        // However it ended: what is stored of it tells the rest.
        let _ = handle.done().await;
        let run_id = handle.run_id;
        let task = session.app.store.task_of(&session.scope, run_id).await;
        if let Ok(Some(mut task)) = task
            && let Err(problem) = follow_up(&session, &mut task).await
        {
            tracing::warn!(%problem, "a task was not told that its run is over");
        }
        // A command line that ran its run is about to go: it takes no task along.
        if !session.app.works_off_tasks.load(Ordering::Relaxed) {
            return;
        }
        // Its future holds this function again, which the compiler can only name behind a pointer.
        let next: futures::future::BoxFuture<'_, ()> = Box::pin(dispatch(&session));
        next.await;
    });
}

/// Brings a task up to date with its run.
async fn follow_up(session: &Session, task: &mut Task) -> Result<(), Problem> {
    let (TaskStatus::Running, Some(run_id)) = (task.status, task.run_id) else { return Ok(()) };
    let run = match RunStore::get(&*session.app.store, &session.scope, run_id).await {
        Ok(run) => run,
        Err(StoreError::NotFound { .. }) => {
            if session.app.clock.now().since(task.updated_at) > LOST {
                task.run_id = None;
                change(session, task, TaskStatus::Queued, None).await?;
            }
            return Ok(());
        }
        Err(error) => return Err(crate::problem::store(&error)),
    };
    let status = match run.status {
        RunStatus::Completed => TaskStatus::Completed,
        RunStatus::Failed => TaskStatus::Failed,
        RunStatus::Cancelled => TaskStatus::Cancelled,
        _ => return Ok(()),
    };
    change(session, task, status, run.failure.map(|failure| failure.message)).await?;
    Ok(())
}

/// Whether the task was still in the state that was read.
async fn change(
    session: &Session,
    task: &mut Task,
    status: TaskStatus,
    error: Option<String>,
) -> Result<bool, Problem> {
    let was = std::mem::replace(&mut task.status, status);
    task.error = error;
    task.updated_at = session.app.clock.now();
    stored(session.app.store.change_task(&session.scope, was, task).await)
}

fn asked(task: &Task) -> RunStart {
    RunStart {
        objective: task.description.clone().unwrap_or_else(|| task.title.clone()),
        project_id: task.project_id.clone(),
        persona: task.persona.clone(),
        model: task.model.clone(),
        ..RunStart::default()
    }
}

fn no_longer_queued(task: &Task) -> Problem {
    Problem::new(
        ErrorCode::Conflict,
        format!("task {} is {} and cannot be changed any more", task.task_id, task.status.as_str()),
    )
    .with_hint("create a new task")
}

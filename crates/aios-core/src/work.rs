//! The store ports of what people keep beside runs: project cards, policies, queued tasks, captured events.

use aios_protocol::{
    CaptureEvent, CaptureEventId, CaptureSource, OrgId, PolicyId, ProjectId, RunId, StoredPolicy, Task,
    TaskId, TaskStatus, Timestamp, UserId,
};
use async_trait::async_trait;

use crate::{Scope, StoreError};

/// What people call their projects. What projects remember is `ProjectStore`'s.
#[async_trait]
pub trait ProjectCards: Send + Sync {
    /// Stores a new card; fails with `Exists` when the project has a card or a memory.
    async fn create_card(&self, scope: &Scope, card: &ProjectCard) -> Result<(), StoreError>;

    /// Stores a card, whether there was one or not.
    async fn put_card(&self, scope: &Scope, card: &ProjectCard) -> Result<(), StoreError>;

    /// A project's card, if it has one.
    async fn card(&self, scope: &Scope, project_id: &ProjectId) -> Result<Option<ProjectCard>, StoreError>;

    /// All cards, the latest changed first.
    async fn cards(&self, scope: &Scope) -> Result<Vec<ProjectCard>, StoreError>;

    /// Deletes a project's card and memory.
    async fn remove_project(&self, scope: &Scope, project_id: &ProjectId) -> Result<(), StoreError>;
}

/// What a project is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectCard {
    /// The project.
    pub project_id: ProjectId,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// When the card was made.
    pub created_at: Timestamp,
    /// When the card was last changed.
    pub updated_at: Timestamp,
}

/// Stored policies.
#[async_trait]
pub trait PolicyStore: Send + Sync {
    /// Stores a policy, new or changed.
    async fn put_policy(&self, scope: &Scope, policy: &StoredPolicy) -> Result<(), StoreError>;

    /// One policy.
    async fn policy(&self, scope: &Scope, policy_id: &PolicyId) -> Result<StoredPolicy, StoreError>;

    /// All policies, oldest first.
    async fn policies(&self, scope: &Scope) -> Result<Vec<StoredPolicy>, StoreError>;

    /// Deletes a policy.
    async fn remove_policy(&self, scope: &Scope, policy_id: &PolicyId) -> Result<(), StoreError>;
}

/// Queued work.
#[async_trait]
pub trait TaskStore: Send + Sync {
    /// Stores a new task of the scope's person.
    async fn create_task(&self, scope: &Scope, task: &Task) -> Result<(), StoreError>;

    /// Stores a task that changed, if its state is still `was`; false when somebody else changed it first.
    async fn change_task(&self, scope: &Scope, was: TaskStatus, task: &Task) -> Result<bool, StoreError>;

    /// One task.
    async fn task(&self, scope: &Scope, task_id: TaskId) -> Result<Task, StoreError>;

    /// Tasks, newest first; one more than `limit` tells that there are more.
    async fn tasks(&self, scope: &Scope, query: &TaskQuery) -> Result<Vec<Task>, StoreError>;

    /// The task that a run works on.
    async fn task_of(&self, scope: &Scope, run_id: RunId) -> Result<Option<Task>, StoreError>;

    /// The oldest queued task, and whose it is.
    async fn next_task(&self, scope: &Scope) -> Result<Option<(UserId, Task)>, StoreError>;
}

/// What a process asks before it knows whose tasks there are.
#[async_trait]
pub trait TaskDirectory: Send + Sync {
    /// The organisations that have queued tasks: a new process works them off.
    async fn with_queued_tasks(&self) -> Result<Vec<OrgId>, StoreError>;

    /// How many tasks are queued in all of them.
    async fn count_queued(&self) -> Result<u64, StoreError>;
}

/// Which tasks to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskQuery {
    /// Only of this project.
    pub project_id: Option<ProjectId>,
    /// Only in this state.
    pub status: Option<TaskStatus>,
    /// Only tasks older than this one.
    pub before: Option<TaskId>,
    /// At most this many.
    pub limit: usize,
}

/// Captured events.
#[async_trait]
pub trait CaptureStore: Send + Sync {
    /// Stores a new event.
    async fn add_capture(&self, scope: &Scope, event: &CaptureEvent) -> Result<(), StoreError>;

    /// One event.
    async fn capture(&self, scope: &Scope, event_id: CaptureEventId) -> Result<CaptureEvent, StoreError>;

    /// Events, newest first.
    async fn captures(&self, scope: &Scope, query: &CaptureQuery) -> Result<Vec<CaptureEvent>, StoreError>;

    /// Stores the task made from an event, and that it was made, in one step; fails with `Exists` the second time.
    async fn convert_capture(
        &self,
        scope: &Scope,
        event_id: CaptureEventId,
        task: &Task,
    ) -> Result<(), StoreError>;
}

/// Which events to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaptureQuery {
    /// Only of this project.
    pub project_id: Option<ProjectId>,
    /// Only from there.
    pub source: Option<CaptureSource>,
    /// Only events older than this one.
    pub before: Option<CaptureEventId>,
    /// At most this many.
    pub limit: usize,
}

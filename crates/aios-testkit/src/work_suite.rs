//! What every implementation of the ports of work must do: one function per case, run by `work_conformance!`.

#![expect(clippy::unwrap_used, reason = "these are tests, whichever crate runs them")]

use aios_core::{
    CaptureQuery, CaptureStore, PolicyStore, ProjectCard, ProjectCards, Scope, StoreError, TaskDirectory,
    TaskQuery, TaskStore,
};
use aios_protocol::{
    CaptureEvent, CaptureEventId, CaptureSource, PolicyId, PolicySpec, ProjectId, RunId, StoredPolicy, Task,
    TaskId, TaskStatus,
};
use futures::future::join_all;
use serde_json::json;

use crate::store_suite::{at, scope};

/// All ports of work in one, as the suite needs them.
pub trait WorkStores: ProjectCards + PolicyStore + TaskStore + TaskDirectory + CaptureStore {}

impl<S: ProjectCards + PolicyStore + TaskStore + TaskDirectory + CaptureStore> WorkStores for S {}

/// Makes one test of each case, on a new store; the expression gives something that derefs to it.
#[macro_export]
macro_rules! work_conformance {
    ($store:expr) => {
        $crate::work_conformance! { $store;
            a_project_has_one_card
            policies_are_kept_whole
            a_task_changes_only_from_the_state_that_was_read
            tasks_are_listed_newest_first_and_taken_oldest_first
            an_event_becomes_a_task_once
            organisations_see_only_their_own_work
        }
    };
    ($store:expr; $($case:ident)*) => {
        mod work_conformance {
            use super::*;
            $(
                #[tokio::test]
                async fn $case() {
                    let store = $store;
                    $crate::work_suite::$case(&*store).await;
                }
            )*
        }
    };
}

fn card(id: &str, seconds: i64) -> ProjectCard {
    ProjectCard {
        project_id: ProjectId::new(id).unwrap(),
        name: format!("The {id} 🗂"),
        description: Some("What\nit is".into()),
        created_at: at(0),
        updated_at: at(seconds),
    }
}

fn policy(id: &str, name: &str) -> StoredPolicy {
    let policy = PolicySpec { name: name.into(), ..PolicySpec::default() };
    StoredPolicy { policy_id: PolicyId::new(id).unwrap(), policy, created_at: at(0), updated_at: at(1) }
}

fn task(title: &str) -> Task {
    Task {
        task_id: TaskId::generate(),
        title: title.into(),
        description: Some("Do it well.".into()),
        project_id: None,
        persona: Some("api_only".into()),
        model: None,
        status: TaskStatus::Queued,
        run_id: None,
        event_id: None,
        error: None,
        created_at: at(0),
        updated_at: at(0),
    }
}

fn event(source: CaptureSource) -> CaptureEvent {
    CaptureEvent {
        event_id: CaptureEventId::generate(),
        source,
        kind: "test_failed".into(),
        title: Some("1 of 3 failed".into()),
        payload: Some(json!({ "path": "a.py", "lines": [1, 2] })),
        project_id: Some(ProjectId::new("shop").unwrap()),
        task_id: None,
        created_at: at(0),
    }
}

fn is_missing<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> bool {
    matches!(answer.unwrap_err(), StoreError::NotFound { .. })
}

fn is_taken<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> bool {
    matches!(answer.unwrap_err(), StoreError::Exists { .. })
}

/// Made once, changed in place, gone once.
pub async fn a_project_has_one_card(store: &impl WorkStores) {
    let acme = scope("acme");
    let (shop, blog) = (card("shop", 1), card("blog", 2));
    store.create_card(&acme, &shop).await.unwrap();
    store.put_card(&acme, &blog).await.unwrap();
    assert!(is_taken(store.create_card(&acme, &shop).await));
    assert_eq!(store.cards(&acme).await.unwrap(), [blog.clone(), shop.clone()]);

    let renamed = ProjectCard { name: "Store".into(), description: None, ..card("shop", 3) };
    store.put_card(&acme, &renamed).await.unwrap();
    assert_eq!(store.card(&acme, &shop.project_id).await.unwrap(), Some(renamed.clone()));
    assert_eq!(store.cards(&acme).await.unwrap(), [renamed, blog]);

    store.remove_project(&acme, &shop.project_id).await.unwrap();
    assert_eq!(store.card(&acme, &shop.project_id).await.unwrap(), None);
    assert!(is_missing(store.remove_project(&acme, &shop.project_id).await));
}

/// Every field comes back.
pub async fn policies_are_kept_whole(store: &impl WorkStores) {
    let acme = scope("acme");
    let (a, b) = (policy("a", "Careful"), policy("b", "Cheap"));
    store.put_policy(&acme, &b).await.unwrap();
    store.put_policy(&acme, &a).await.unwrap();
    assert_eq!(store.policies(&acme).await.unwrap(), [a.clone(), b.clone()]);

    let mut changed = policy("a", "Careless");
    changed.policy.max_cost_usd = Some(1.5);
    store.put_policy(&acme, &changed).await.unwrap();
    assert_eq!(store.policy(&acme, &a.policy_id).await.unwrap(), changed);

    store.remove_policy(&acme, &a.policy_id).await.unwrap();
    assert!(is_missing(store.policy(&acme, &a.policy_id).await));
    assert!(is_missing(store.remove_policy(&acme, &a.policy_id).await));
    assert_eq!(store.policies(&acme).await.unwrap(), [b]);
}

/// Of many who take a task one gets it.
pub async fn a_task_changes_only_from_the_state_that_was_read(store: &impl WorkStores) {
    let acme = scope("acme");
    let queued = task("Write it");
    store.create_task(&acme, &queued).await.unwrap();
    let taken = |_| Task { status: TaskStatus::Running, run_id: Some(RunId::generate()), ..queued.clone() };
    let tries: Vec<Task> = (0..5).map(taken).collect();
    let answers = join_all(tries.iter().map(|task| store.change_task(&acme, TaskStatus::Queued, task))).await;
    let won: Vec<bool> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(won.iter().filter(|won| **won).count(), 1, "{won:?}");

    let winner = &tries[won.iter().position(|won| *won).unwrap()];
    assert_eq!(store.task(&acme, queued.task_id).await.unwrap(), *winner);
    assert_eq!(store.task_of(&acme, winner.run_id.unwrap()).await.unwrap().as_ref(), Some(winner));
    assert_eq!(store.task_of(&acme, RunId::generate()).await.unwrap(), None);
    assert!(is_missing(store.task(&acme, TaskId::generate()).await));
}

/// By project, by state, page by page.
pub async fn tasks_are_listed_newest_first_and_taken_oldest_first(store: &impl WorkStores) {
    let acme = scope("acme");
    assert_eq!(store.next_task(&acme).await.unwrap(), None);
    let mut all = Vec::new();
    for title in ["one", "two", "three"] {
        let mut task = task(title);
        task.project_id = (title == "two").then(|| ProjectId::new("shop").unwrap());
        store.create_task(&acme, &task).await.unwrap();
        all.push(task);
    }
    let titles = async |query: TaskQuery| -> Vec<String> {
        store.tasks(&acme, &query).await.unwrap().into_iter().map(|task| task.title).collect()
    };
    let query = TaskQuery { limit: 2, ..TaskQuery::default() };
    assert_eq!(titles(query.clone()).await, ["three", "two"]);
    assert_eq!(titles(TaskQuery { before: Some(all[1].task_id), ..query.clone() }).await, ["one"]);
    let shop = TaskQuery { project_id: Some(ProjectId::new("shop").unwrap()), ..query.clone() };
    assert_eq!(titles(shop).await, ["two"]);

    let next = async || store.next_task(&acme).await.unwrap().map(|(user, task)| (user, task.title));
    assert_eq!(next().await, Some((acme.user.clone(), "one".into())));
    let cancelled = Task { status: TaskStatus::Cancelled, ..all[0].clone() };
    assert!(store.change_task(&acme, TaskStatus::Queued, &cancelled).await.unwrap());
    assert_eq!(next().await, Some((acme.user.clone(), "two".into())));
    assert_eq!(titles(TaskQuery { status: Some(TaskStatus::Cancelled), ..query }).await, ["one"]);
}

/// The event and its task are stored in one step.
pub async fn an_event_becomes_a_task_once(store: &impl WorkStores) {
    let acme = scope("acme");
    let (ide, cli) = (event(CaptureSource::Ide), event(CaptureSource::Cli));
    store.add_capture(&acme, &ide).await.unwrap();
    store.add_capture(&acme, &cli).await.unwrap();
    let query = CaptureQuery { limit: 9, ..CaptureQuery::default() };
    assert_eq!(store.captures(&acme, &query).await.unwrap(), [cli.clone(), ide.clone()]);
    let only = CaptureQuery { source: Some(CaptureSource::Ide), ..query.clone() };
    assert_eq!(store.captures(&acme, &only).await.unwrap(), std::slice::from_ref(&ide));
    let older = CaptureQuery { before: Some(cli.event_id), ..query };
    assert_eq!(store.captures(&acme, &older).await.unwrap(), std::slice::from_ref(&ide));

    let (first, second) = (task("first"), task("second"));
    store.convert_capture(&acme, ide.event_id, &first).await.unwrap();
    assert!(is_taken(store.convert_capture(&acme, ide.event_id, &second).await));
    assert!(is_missing(store.convert_capture(&acme, CaptureEventId::generate(), &second).await));
    let converted = CaptureEvent { task_id: Some(first.task_id), ..ide.clone() };
    assert_eq!(store.capture(&acme, ide.event_id).await.unwrap(), converted);
    assert_eq!(store.task(&acme, first.task_id).await.unwrap(), first);
    assert!(is_missing(store.task(&acme, second.task_id).await));
}

/// The same ids in two organisations are two things.
pub async fn organisations_see_only_their_own_work(store: &impl WorkStores) {
    let (acme, globex) = (scope("acme"), scope("globex"));
    let (task, event) = (task("Secret"), event(CaptureSource::Cli));
    store.create_card(&acme, &card("shop", 1)).await.unwrap();
    store.put_policy(&acme, &policy("a", "Acme's")).await.unwrap();
    store.create_task(&acme, &task).await.unwrap();
    store.add_capture(&acme, &event).await.unwrap();

    sees_nothing(store, &globex).await;
    assert_eq!(store.with_queued_tasks().await.unwrap(), std::slice::from_ref(&acme.org));
    assert_eq!(store.count_queued().await.unwrap(), 1);
    assert!(is_missing(store.task(&globex, task.task_id).await));
    assert!(is_missing(store.capture(&globex, event.event_id).await));
    assert!(is_missing(store.convert_capture(&globex, event.event_id, &task).await));
    let stolen = Task { title: "Stolen".into(), ..task.clone() };
    assert!(!store.change_task(&globex, TaskStatus::Queued, &stolen).await.unwrap());
    assert!(is_missing(store.remove_policy(&globex, &PolicyId::new("a").unwrap()).await));
    assert!(is_missing(store.remove_project(&globex, &ProjectId::new("shop").unwrap()).await));

    store.create_card(&globex, &card("shop", 2)).await.unwrap();
    store.put_policy(&globex, &policy("a", "Globex's")).await.unwrap();
    assert_eq!(store.policies(&acme).await.unwrap(), [policy("a", "Acme's")]);
    assert_eq!(store.cards(&acme).await.unwrap(), [card("shop", 1)]);
    assert_eq!(store.task(&acme, task.task_id).await.unwrap(), task);
}

async fn sees_nothing(store: &impl WorkStores, scope: &Scope) {
    assert_eq!(store.cards(scope).await.unwrap(), []);
    assert_eq!(store.policies(scope).await.unwrap(), []);
    assert_eq!(store.tasks(scope, &TaskQuery { limit: 9, ..TaskQuery::default() }).await.unwrap(), []);
    assert_eq!(
        store.captures(scope, &CaptureQuery { limit: 9, ..CaptureQuery::default() }).await.unwrap(),
        []
    );
    assert_eq!(store.next_task(scope).await.unwrap(), None);
}

//! What people keep beside runs: projects, policies, tasks, captured events.

use aios_protocol::{
    Api, CaptureAdd, CaptureConvert, CaptureList, CaptureSource, ErrorCode, PolicyCreate, PolicyList,
    PolicyRemove, PolicyShow, PolicySpec, PolicyUpdate, ProjectCreate, ProjectId, ProjectList, ProjectRemove,
    ProjectShow, ProjectUpdate, RunStart, RunStatus, TaskCancel, TaskCreate, TaskList, TaskShow, TaskStatus,
    TaskUpdate,
};
use aios_testkit::Script;
use aios_tests::objective;
use serde_json::json;

use crate::play::{CALC, CALC_TEST, done, planner, world, write};

#[tokio::test]
async fn a_project_has_a_name_and_then_a_memory() {
    let mut world = world(Script::new().agent("backend", [write("calc.py", CALC), done()]));
    let session = world.session().await;
    let new = |name: &str, id: Option<&str>| ProjectCreate {
        name: name.into(),
        project_id: id.map(|id| ProjectId::new(id).unwrap()),
        ..ProjectCreate::default()
    };
    let project = session.project_create(new("My Blog!", None)).await.unwrap();
    assert_eq!((project.project_id.as_str(), project.total_runs), ("my-blog", 0));
    for (request, code) in [
        (new("Other", Some("my-blog")), ErrorCode::Conflict),
        (new("  ", None), ErrorCode::InvalidRequest),
        (new("a\nb", None), ErrorCode::InvalidRequest),
        (new(&"x".repeat(121), Some("x")), ErrorCode::InvalidRequest),
        (new("日本", None), ErrorCode::InvalidRequest),
    ] {
        assert_eq!(session.project_create(request.clone()).await.unwrap_err().code, code, "{request:?}");
    }
    let project_id = project.project_id;
    let request = RunStart {
        project_id: Some(project_id.clone()),
        tasks: vec!["backend".into()],
        ..objective("the first part", "fullstack")
    };
    world.run(request).await.expect(RunStatus::Completed);
    let update = ProjectUpdate {
        project_id: project_id.clone(),
        name: None,
        description: Some("posts and comments".into()),
    };
    let changed = session.project_update(update).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.total_runs), ("My Blog!", 1));
    let listed = session.project_list(ProjectList::default()).await.unwrap().projects;
    assert_eq!(listed, std::slice::from_ref(&changed));
    assert_eq!(changed.files, ["calc.py"]);

    for name in ["Shop", "Wiki"] {
        let create = ProjectCreate { name: name.into(), project_id: None, description: None };
        session.project_create(create).await.unwrap();
    }
    let (mut pages, mut cursor) = (Vec::new(), None);
    loop {
        let page = session.project_list(ProjectList { cursor, limit: Some(2) }).await.unwrap();
        pages.push(page.projects.iter().map(|project| project.name.clone()).collect::<Vec<_>>());
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(pages, [vec!["Wiki", "Shop"], vec!["My Blog!"]]);
    let strange = ProjectList { cursor: Some("7".into()), limit: None };
    assert_eq!(session.project_list(strange).await.unwrap_err().code, ErrorCode::InvalidRequest);

    session.project_remove(ProjectRemove { project_id: project_id.clone() }).await.unwrap();
    let gone = session.project_show(ProjectShow { project_id: project_id.clone() }).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);
    let twice = session.project_remove(ProjectRemove { project_id }).await.unwrap_err();
    assert_eq!(twice.code, ErrorCode::NotFound);
    world.finish().await;
}

#[tokio::test]
async fn a_stored_policy_binds_the_run_that_names_it() {
    let mut world = world(Script::new());
    let session = world.session().await;
    let strict = PolicySpec { name: "strict".into(), max_cost_usd: Some(0.0), ..PolicySpec::default() };
    let stored = session.policy_create(PolicyCreate { policy: strict.clone() }).await.unwrap();
    assert_eq!(session.policy_list(PolicyList {}).await.unwrap().policies, std::slice::from_ref(&stored));

    let request = RunStart {
        policy_id: Some(stored.policy_id.clone()),
        tasks: vec!["backend".into()],
        ..objective("a calculator", "fullstack")
    };
    let run = world.run(request).await;
    run.expect(RunStatus::Failed);
    assert_eq!(run.detail.failure.map(|failure| failure.code), Some(ErrorCode::CostLimit));

    let wrong = PolicySpec { allowed_tools: vec!["write_fil".into()], ..strict.clone() };
    let refused = session.policy_create(PolicyCreate { policy: wrong }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidRequest);
    assert!(format!("{refused:?}").contains("write_file"), "{refused:?}");
    let loose = PolicySpec { max_cost_usd: None, ..strict };
    let update = PolicyUpdate { policy_id: stored.policy_id.clone(), policy: loose.clone() };
    assert_eq!(session.policy_update(update).await.unwrap().policy, loose);
    session.policy_remove(PolicyRemove { policy_id: stored.policy_id.clone() }).await.unwrap();
    let gone = session.policy_show(PolicyShow { policy_id: stored.policy_id }).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);
    world.finish().await;
}

#[tokio::test]
async fn a_task_becomes_a_run_and_follows_it() {
    let script = Script::new()
        .agent("planner", planner())
        .agent("backend", [write("calc.py", CALC), done()])
        .agent("qa", [write("test_calc.py", CALC_TEST), done()]);
    let mut world = world(script);
    let session = world.session().await;
    let wrong = TaskCreate { title: "x".into(), persona: Some("fulstack".into()), ..TaskCreate::default() };
    assert_eq!(session.task_create(wrong).await.unwrap_err().code, ErrorCode::InvalidRequest);

    let request = TaskCreate {
        title: "calculator".into(),
        description: Some("a calculator".into()),
        persona: Some("api_only".into()),
        model: Some("openai/gpt-4o".into()),
        ..TaskCreate::default()
    };
    let task = session.task_create(request).await.unwrap();
    let run_id = task.run_id.expect("it started at once");
    let run = world.follow(run_id).await;
    assert_eq!(run.expect(RunStatus::Completed).detail.objective, "a calculator");
    let after = session.task_show(TaskShow { task_id: task.task_id }).await.unwrap();
    assert_eq!(after.status, TaskStatus::Completed);
    let change =
        TaskUpdate { task_id: task.task_id, title: Some("new".into()), description: None, project_id: None };
    assert_eq!(session.task_update(change).await.unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(
        session.task_cancel(TaskCancel { task_id: task.task_id }).await.unwrap_err().code,
        ErrorCode::Conflict
    );
    let failed = TaskList { status: Some(TaskStatus::Queued), ..TaskList::default() };
    assert_eq!(session.task_list(failed).await.unwrap().tasks, []);
    world.finish().await;
}

#[tokio::test]
async fn a_captured_event_becomes_a_task_once() {
    // Without any model: the task is made, and its run cannot start.
    let mut world = world(Script::new()).with_env("OPENAI_API_KEY", "").with_env("OPENAI_BASE_URL", "");
    let session = world.session().await;
    let add = |kind: &str| CaptureAdd {
        source: CaptureSource::GitHook,
        kind: kind.into(),
        title: Some("tests fail on main".into()),
        payload: Some(json!({"sha": "abc"})),
        project_id: None,
    };
    let event = session.capture_add(add("test_failed")).await.unwrap();
    assert_eq!(session.capture_add(add("")).await.unwrap_err().code, ErrorCode::InvalidRequest);
    let large = CaptureAdd { payload: Some(json!("x".repeat(70_000))), ..add("commit") };
    assert_eq!(session.capture_add(large).await.unwrap_err().code, ErrorCode::TooLarge);
    let second = session.capture_add(add("commit")).await.unwrap();
    let page = session.capture_list(CaptureList { limit: Some(1), ..CaptureList::default() }).await.unwrap();
    assert_eq!(page.events, [second]);
    let rest = CaptureList { cursor: page.next_cursor, ..CaptureList::default() };
    assert_eq!(session.capture_list(rest).await.unwrap().events, std::slice::from_ref(&event));

    let convert = CaptureConvert { event_id: event.event_id, title: None, description: None };
    let task = session.capture_convert(convert.clone()).await.unwrap();
    assert_eq!((task.title.as_str(), task.event_id), ("tests fail on main", Some(event.event_id)));
    assert_eq!(session.capture_convert(convert).await.unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(task.status, TaskStatus::Failed);
    assert!(task.error.is_some_and(|error| error.contains("embedded model")));
    world.finish().await;
}

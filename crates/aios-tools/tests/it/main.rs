//! The tools as an agent calls them: through the gate, on real files, a real shell and real git.

#![expect(clippy::disallowed_methods, reason = "tests set up files and run commands themselves")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]

mod arguments;
mod commands;
mod files;
mod gate;
mod git;
mod human;
mod schemas;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aios_core::{
    ApprovalRequest, CommandLine, CommandOutput, CommandSpec, EventSink, Exit, Human, HumanError, Policy,
    Runner, RunnerError, SandboxReport, SinkClosed, ToolCall, Workspace,
};
use aios_protocol::{AgentName, PolicySpec, RunEvent};
use aios_testkit::FakeClock;
use aios_tools::{LastOutput, ToolAnswer, ToolContext, ToolFatal, ToolGate, ToolRegistry};
use aios_workspace::{DiskWorkspace, Git};
use async_trait::async_trait;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// An agent at its desk.
struct Desk {
    folder: TempDir,
    history: Arc<History>,
    person: Arc<Person>,
    cx: ToolContext,
    gate: ToolGate,
}

impl Desk {
    fn new() -> Self {
        Self::with_policy(PolicySpec::default())
    }

    fn with_policy(spec: PolicySpec) -> Self {
        let registry = Arc::new(ToolRegistry::standard());
        let policy = Policy::new(spec, &registry.names(), &[]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let workspace = DiskWorkspace::open(folder.path()).unwrap();
        let history = Arc::new(History::default());
        let person = Arc::new(Person::default());
        let cx = ToolContext {
            agent: AgentName::new("backend").unwrap(),
            runner: Arc::new(Shell { folder: folder.path().to_owned() }),
            vcs: Arc::new(Git::new(&workspace)),
            workspace: Arc::new(workspace),
            human: person.clone(),
            policy: Arc::new(policy),
            events: history.clone(),
            clock: Arc::new(FakeClock::new()),
            last_output: Arc::new(LastOutput::default()),
            stop: CancellationToken::new(),
        };
        Self { folder, history, person, cx, gate: ToolGate::new(registry) }
    }

    async fn try_call(&self, tool: &str, arguments: &str) -> Result<ToolAnswer, ToolFatal> {
        let call = ToolCall { id: "call_1".into(), name: tool.into(), arguments: arguments.into() };
        self.gate.call(&call, &self.cx).await
    }

    async fn call(&self, tool: &str, arguments: serde_json::Value) -> ToolAnswer {
        self.try_call(tool, &arguments.to_string()).await.unwrap()
    }

    /// A call that does what it is asked; what it says.
    async fn ok(&self, tool: &str, arguments: serde_json::Value) -> String {
        let answer = self.call(tool, arguments).await;
        assert!(answer.ok, "{}", answer.content);
        answer.content
    }

    /// A call that is refused; what it says.
    async fn refused(&self, tool: &str, arguments: serde_json::Value) -> String {
        let answer = self.call(tool, arguments).await;
        assert!(!answer.ok && answer.written.is_empty(), "{answer:?}");
        answer.content
    }

    fn put(&self, path: &str, content: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(path)).unwrap()
    }

    fn exists(&self, path: &str) -> bool {
        self.folder.path().join(path).exists()
    }

    fn with_runner(mut self, runner: impl Runner + 'static) -> Self {
        self.cx.runner = Arc::new(runner);
        self
    }

    fn with_workspace(mut self, workspace: impl Workspace + 'static) -> Self {
        self.cx.workspace = Arc::new(workspace);
        self
    }
}

/// Keeps what is told, and where it was flushed.
#[derive(Default)]
struct History {
    lines: Mutex<Vec<String>>,
    events: Mutex<Vec<RunEvent>>,
    closed: AtomicBool,
}

impl History {
    /// One word per event, such as `tool_call`, and `stored` for a flush.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.lines.lock().unwrap())
    }

    fn events(&self) -> Vec<RunEvent> {
        self.events.lock().unwrap().clone()
    }
}

#[async_trait]
impl EventSink for History {
    fn emit(&self, event: RunEvent) {
        let line = serde_json::to_value(&event).unwrap();
        let line = match line["ok"].as_bool() {
            Some(ok) => format!("{} {ok}", line["event"].as_str().unwrap()),
            None => line["event"].as_str().unwrap().to_owned(),
        };
        self.lines.lock().unwrap().push(line);
        self.events.lock().unwrap().push(event);
    }

    async fn flush(&self) -> Result<(), SinkClosed> {
        if self.closed.load(Ordering::SeqCst) {
            return Err(SinkClosed);
        }
        self.lines.lock().unwrap().push("stored".into());
        Ok(())
    }
}

/// Answers as it is told; without an answer it lets the run stop.
#[derive(Default)]
struct Person {
    answer: Mutex<Option<String>>,
    leave: Mutex<Option<bool>>,
    requests: Mutex<Vec<ApprovalRequest>>,
}

#[async_trait]
impl Human for Person {
    async fn ask(&self, _question: &str, _stop: &CancellationToken) -> Result<String, HumanError> {
        self.answer.lock().unwrap().clone().ok_or(HumanError::Stopped)
    }

    async fn approve(
        &self,
        request: &ApprovalRequest,
        _stop: &CancellationToken,
    ) -> Result<bool, HumanError> {
        self.requests.lock().unwrap().push(request.clone());
        self.leave.lock().unwrap().ok_or(HumanError::Stopped)
    }
}

/// Runs command lines with `sh`, unconfined: the sandbox has its own tests.
struct Shell {
    folder: PathBuf,
}

#[async_trait]
impl Runner for Shell {
    async fn run(&self, spec: &CommandSpec, stop: &CancellationToken) -> Result<CommandOutput, RunnerError> {
        let CommandLine::Shell(line) = &spec.line else { panic!("agents write shell lines") };
        let mut command = tokio::process::Command::new("sh");
        command.args(["-c", &format!("exec 2>&1\n{line}")]).current_dir(&self.folder).kill_on_drop(true);
        let output = tokio::select! {
            output = command.output() => output.unwrap(),
            () = stop.cancelled() => {
                return Ok(CommandOutput { exit: Exit::Cancelled, output: String::new(), duration: Duration::ZERO });
            }
        };
        Ok(CommandOutput {
            exit: Exit::Code(output.status.code().unwrap_or(-1)),
            output: String::from_utf8_lossy(&output.stdout).into_owned(),
            duration: Duration::ZERO,
        })
    }

    fn sandbox(&self) -> SandboxReport {
        SandboxReport { kind: "none".into(), advice: None }
    }
}

//! The gate: the one place where a tool call is checked against the policy, approved, recorded and run.

mod blocked;
mod programs;
mod shell;
mod started;

use std::sync::Arc;

use aios_core::{ApprovalRequest, ToolCall, WorkspacePath, protected};
use aios_protocol::{RunEvent, Timestamp};
use serde_json::Value;

use crate::arguments;
use crate::clip;
use crate::context::ToolContext;
use crate::error::{ToolError, ToolFatal};
use crate::registry::ToolRegistry;
use crate::tool::{Call, Effect, Reply, ToolEntry};

/// The longest text about a call that was not made.
const REFUSAL_BYTES: usize = 2048;

/// Shows that the gate let a call through; nothing else can make one.
#[derive(Debug)]
pub(crate) struct Permit(());

/// What a call answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolAnswer {
    /// Whether it did what was asked; false as well for a command that failed.
    pub ok: bool,
    /// What the model is told, cut to the tool's budget.
    pub content: String,
    /// The file that it created or changed, if any.
    pub written: Vec<WorkspacePath>,
}

/// Checks, records and runs tool calls.
#[derive(Clone)]
pub struct ToolGate {
    registry: Arc<ToolRegistry>,
}

impl ToolGate {
    /// A gate before these tools.
    pub fn new(registry: Arc<ToolRegistry>) -> Self {
        Self { registry }
    }

    /// Makes a call, or tells the model why not. The call and its answer are recorded either way; the record of a call
    /// that changes something is stored before it runs.
    #[tracing::instrument(name = "tool_call", skip_all, fields(agent = %cx.agent, tool = %call.name))]
    pub async fn call(&self, call: &ToolCall, cx: &ToolContext) -> Result<ToolAnswer, ToolFatal> {
        if cx.stop.is_cancelled() {
            return Err(ToolFatal::Stopped);
        }
        let record = Record { call, cx };
        let (tool, action) = match self.admit(call, cx).await {
            Ok(admitted) => admitted,
            Err(ToolError::Fatal(fatal)) => return Err(fatal),
            Err(ToolError::TellModel(text)) => {
                record.called();
                return Ok(record.answered(cx.clock.now(), false, clip::middle(text, REFUSAL_BYTES)));
            }
        };
        record.called();
        if !tool.read_only {
            cx.events.flush().await?;
        }
        let started = cx.clock.now();
        match action.run(Permit(()), cx).await {
            Ok(Reply { ok, content, written }) => {
                if let Some(file) = &written {
                    record.wrote(&file.path, file.bytes);
                }
                let mut answer = record.answered(started, ok, clip::middle(content, tool.budget));
                answer.written = written.into_iter().map(|file| file.path).collect();
                Ok(answer)
            }
            Err(ToolError::TellModel(text)) => {
                Ok(record.answered(started, false, clip::middle(text, tool.budget)))
            }
            Err(ToolError::Fatal(fatal)) => {
                record.answered(started, false, fatal.to_string());
                Err(fatal)
            }
        }
    }

    /// Known tool, allowed tool, valid arguments, no blocked command, leave for a protected file: in this order.
    async fn admit(
        &self,
        call: &ToolCall,
        cx: &ToolContext,
    ) -> Result<(&ToolEntry, Box<dyn Call>), ToolError> {
        let name = &call.name;
        let Some(tool) = self.registry.find(name) else {
            let close = self.registry.nearest(name, &cx.policy);
            let hint = if close.is_empty() {
                format!("the tools are {}", self.registry.allowed(&cx.policy).join(", "))
            } else {
                format!("did you mean {}?", close.join(" or "))
            };
            return Err(ToolError::TellModel(format!("there is no tool {:?}; {hint}", clip::head(name, 80))));
        };
        if !cx.policy.allows_tool(name) {
            return Err(ToolError::TellModel(format!("the policy of this run does not allow {name}")));
        }
        let arguments = arguments::parse(&call.arguments).and_then(|arguments| {
            arguments::check(&arguments, &tool.schema)?;
            (tool.understand)(&arguments).map_err(|error| error.to_string())
        });
        let action = arguments.map_err(|reason| {
            let shape = arguments::shape(&tool.schema);
            ToolError::TellModel(format!("{name} was not called: {reason}. Expected: {shape}"))
        })?;
        match action.effect() {
            Effect::Plain => {}
            Effect::Runs(command) => {
                if let Some(pattern) = blocked::find(command, cx.policy.blocked_commands()) {
                    return Err(ToolError::TellModel(format!(
                        "the policy of this run blocks `{pattern}`; the command was not run"
                    )));
                }
            }
            Effect::Writes(path) => {
                if let Some(reason) = path.as_str().split('/').find_map(protected) {
                    approve(call, path, reason, cx).await?;
                }
            }
        }
        Ok((tool, action))
    }
}

/// Asks the person for leave to make exactly this call, once.
async fn approve(
    call: &ToolCall,
    path: &WorkspacePath,
    reason: &str,
    cx: &ToolContext,
) -> Result<(), ToolError> {
    let request = ApprovalRequest {
        tool: call.name.clone(),
        arguments: call.arguments.clone(),
        reason: format!("{path} {reason}"),
    };
    if cx.human.approve(&request, &cx.stop).await? {
        Ok(())
    } else {
        Err(ToolError::TellModel(format!("the human did not allow {} to write {path}", call.name)))
    }
}

/// Tells the run's history about one call.
struct Record<'a> {
    call: &'a ToolCall,
    cx: &'a ToolContext,
}

impl Record<'_> {
    fn called(&self) {
        let arguments = arguments::parse(&self.call.arguments)
            .unwrap_or_else(|_| Value::String(self.call.arguments.clone()));
        self.cx.events.emit(RunEvent::ToolCall {
            agent: self.cx.agent.clone(),
            call_id: self.call.id.clone(),
            tool: clip::head(&self.call.name, 80),
            arguments: arguments::for_the_record(&arguments),
        });
    }

    fn wrote(&self, path: &WorkspacePath, bytes: usize) {
        self.cx.events.emit(RunEvent::FileWritten {
            agent: self.cx.agent.clone(),
            path: path.to_string(),
            bytes,
        });
    }

    fn answered(&self, started: Timestamp, ok: bool, content: String) -> ToolAnswer {
        const BYTES: usize = 2048;
        let duration = self.cx.clock.now().since(started);
        self.cx.events.emit(RunEvent::ToolResult {
            agent: self.cx.agent.clone(),
            call_id: self.call.id.clone(),
            tool: clip::head(&self.call.name, 80),
            ok,
            output: clip::middle(content.clone(), BYTES),
            duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
        });
        ToolAnswer { ok, content, written: Vec::new() }
    }
}

//! Requests and answers about what runs leave: tokens, graph, logs, files; and who can take part in one.

use serde::{Deserialize, Serialize};

use crate::{AgentName, NodeView, RunId, RunStatus, RunSummary, Timestamp, TokenUsage};

/// Asks what a run used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunTokens {
    /// Which.
    pub run_id: RunId,
}

/// What a run used, by agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TokenBreakdown {
    /// The run.
    pub run_id: RunId,
    /// Its model, `provider/name`.
    pub model: String,
    /// All tokens.
    pub total: TokenUsage,
    /// Sent and received together.
    pub total_tokens: u64,
    /// What they cost.
    pub cost_usd: f64,
    /// The same by agent, in the order of waves.
    pub agents: Vec<AgentTokens>,
}

/// What an agent used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct AgentTokens {
    /// Who.
    pub agent: AgentName,
    /// Its tokens.
    pub usage: TokenUsage,
    /// What they cost.
    pub cost_usd: f64,
}

/// Asks for a run's graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunGraph {
    /// Which.
    pub run_id: RunId,
}

/// A run's graph and how far it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GraphView {
    /// The run.
    pub run_id: RunId,
    /// Where the run stands.
    pub status: RunStatus,
    /// Its nodes, in the order of waves.
    pub nodes: Vec<NodeView>,
    /// What waits for what.
    pub edges: Vec<GraphEdge>,
    /// Who works at the same time.
    pub waves: Vec<Vec<AgentName>>,
    /// The part of its nodes that is over, 0 to 1.
    pub progress: f64,
}

/// One agent waits for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct GraphEdge {
    /// Whose result is needed.
    pub from: AgentName,
    /// Who needs it.
    pub to: AgentName,
}

/// Asks for a run's shared memory: what agents told each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct RunLogs {
    /// Which.
    pub run_id: RunId,
    /// Only what was said after this `seq`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<u32>"))]
    pub after: u64,
    /// At most this many; 1,000 when missing, 5,000 at most.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A run's shared memory, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunLog {
    /// The run.
    pub run_id: RunId,
    /// What was said.
    pub logs: Vec<LogEntry>,
    /// `after` of the next page; null at the end.
    pub next_after: Option<u64>,
}

/// Something an agent said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct LogEntry {
    /// Its place in the run's history.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub agent: AgentName,
    /// What.
    pub message: String,
}

/// Asks for the files of a run's workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunWorkspace {
    /// Which.
    pub run_id: RunId,
}

/// The files of a run's workspace, ignored and hidden ones left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct WorkspaceView {
    /// The run.
    pub run_id: RunId,
    /// The files, by path.
    pub files: Vec<FileEntry>,
    /// How many.
    pub total_files: usize,
    /// How large together.
    pub total_bytes: u64,
    /// Whether there are more than are listed.
    pub truncated: bool,
}

/// A file of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FileEntry {
    /// Its path.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// Shows a file of a run's workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunFileShow {
    /// Which run.
    pub run_id: RunId,
    /// Which file.
    pub path: String,
}

/// A file; at most 500 kB of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FileView {
    /// Its path.
    pub path: String,
    /// Its text; empty when it is not text.
    pub content: String,
    /// Its whole size.
    pub bytes: u64,
    /// Whether the text was cut.
    pub truncated: bool,
    /// Whether it is no text.
    pub binary: bool,
    /// Names this version of the file, for saving; null when it was cut or is no text.
    pub hash: Option<String>,
}

/// Saves a file of a run's workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct RunFileSave {
    /// Which run.
    pub run_id: RunId,
    /// Which file; it may be new.
    pub path: String,
    /// Its text, at most 500 kB.
    pub content: String,
    /// `hash` of the version that was edited: a newer one is not overwritten.
    #[serde(default)]
    pub expected_hash: Option<String>,
}

/// The saved file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FileSaved {
    /// Its path.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Names this version of the file.
    pub hash: String,
}

/// Asks for the runs that a run continues and that continue it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunChain {
    /// Which.
    pub run_id: RunId,
}

/// Runs that follow each other, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Chain {
    /// The first run's id.
    pub chain_id: RunId,
    /// The runs.
    pub runs: Vec<RunSummary>,
}

/// Asks where a run can be opened in a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunIdeUrl {
    /// Which.
    pub run_id: RunId,
}

/// Where a run can be opened in a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct IdeUrl {
    /// The address.
    pub url: String,
}

/// Asks for personas, hierarchies and roles.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct PersonaList {}

/// Who can take part in a run, and how they are put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Personas {
    /// Execution personas and hierarchies.
    pub personas: Vec<PersonaEntry>,
    /// The roles.
    pub roles: Vec<RoleEntry>,
}

/// A graph by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct PersonaEntry {
    /// Its name.
    pub id: String,
    /// `persona` or `hierarchy`.
    pub kind: String,
    /// What it is for.
    pub description: String,
    /// Its agents; those of one wave work at the same time.
    pub waves: Vec<Vec<String>>,
}

/// A role of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RoleEntry {
    /// Its name.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// 0 decides for all, 2 builds.
    pub level: u32,
    /// What it does.
    pub description: String,
}

/// Asks whether the product works.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct HealthShow {}

/// Whether the product works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct HealthView {
    /// `ok`, or `degraded` when something is missing.
    pub status: String,
    /// The product's version.
    pub version: String,
    /// Whether runs can be stored and read.
    pub database: HealthPart,
    /// Whether a model would answer.
    pub model: HealthPart,
    /// Whether there is room.
    pub disk: HealthPart,
}

/// How a part is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct HealthPart {
    /// Whether it works.
    pub ok: bool,
    /// In words.
    pub detail: String,
}

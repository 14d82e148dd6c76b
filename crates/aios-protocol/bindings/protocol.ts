// Generated from the crate aios-protocol; `cargo xtask codegen` writes it anew.

/**
 * An agent of a run's graph, such as `planner` or `backend`; unique within the run.
 */
export type AgentName = string;

/**
 * What a failed validation tells the agent in its next prompt.
 */
export type DebugInfo = {
  /**
   * Always `validation_failure`.
   */
  error_type: string,
  /**
   * The command that failed.
   */
  failed_command: string,
  /**
   * Its output; the middle is cut out past the budget.
   */
  full_output: string,
  /**
   * The tests that failed, by name.
   */
  failed_tests: Array<string>,
  /**
   * The attempt that comes next, from 2.
   */
  attempt: number, };

/**
 * An answer that carries nothing.
 */
export type Done = Record<symbol, never>;

/**
 * What kind of failure it is. A code exists only where somebody acts on it: an HTTP status, an exit code, a retry.
 */
export type ErrorCode = "invalid_request" | "not_found" | "conflict" | "not_configured" | "answer_needed" | "cost_limit" | "time_limit" | "denied" | "model_failed" | "validation_failed" | "cancelled" | "storage" | "internal";

/**
 * One event with its place in the run's history. `seq` counts from 1 without gaps for stored events; a `token_chunk`
 * is not stored and carries the `seq` of the last stored event.
 */
export type EventFrame = {
  /**
   * The run that it belongs to.
   */
  run_id: RunId,
  /**
   * Its place in the run's history.
   */
  seq: number,
  /**
   * When it happened.
   */
  at: Timestamp, } & ({ "event": "run_started", node_count: number, objective: string, model: string, nodes: Array<PlannedNode>, } | { "event": "run_resumed", finished: Array<AgentName>, } | { "event": "node_started", agent: AgentName, wave: number, attempt: number, } | { "event": "token_chunk", agent: AgentName, chunk: string, } | { "event": "model_called", agent: AgentName, model: string, usage: TokenUsage, cost_usd: number, duration_ms: number, } | { "event": "model_failover", agent: AgentName, from: string, to: string, reason: string, } | { "event": "tool_call", agent: AgentName, call_id: string, tool: string, arguments: JsonValue, } | { "event": "tool_result", agent: AgentName, call_id: string, tool: string, ok: boolean, output: string, duration_ms: number, } | { "event": "file_written", agent: AgentName, path: string, bytes: number, } | { "event": "log", agent: AgentName, message: string, } | { "event": "validation_passed", agent: AgentName, attempt: number, evidence: Evidence, } | { "event": "validation_failed", agent: AgentName, attempt: number, evidence: Evidence, debug_info: DebugInfo, } | { "event": "node_completed", agent: AgentName, summary: string, files: Array<string>, duration_ms: number, } | { "event": "node_failed", agent: AgentName, reason: string, code: ErrorCode, } | { "event": "node_skipped", agent: AgentName, because: string, } | { "event": "checkpoint_saved", wave: number, finished: Array<AgentName>, } | { "event": "human_input_required", question_id: QuestionId, agent: AgentName, question: string, } | { "event": "human_input_received", question_id: QuestionId, agent: AgentName, } | { "event": "run_paused", } | { "event": "cost_limit_exceeded", limit_usd: number, spent_usd: number, } | { "event": "time_limit_exceeded", limit_minutes: number, } | { "event": "run_completed", files: Array<string>, evidence: Evidence | null, } | { "event": "run_failed", reason: string, code: ErrorCode, hint: string | null, } | { "event": "run_cancelled", } | { "event": "run_interrupted", reason: string, });

/**
 * What the harness saw when it ran a check itself. Never taken from a model's words.
 */
export type Evidence = {
  /**
   * The command line that ran, as a person would type it.
   */
  command: string,
  /**
   * How it ended: `0`, `1`, `timeout`, …
   */
  exit: string,
  /**
   * Tests that passed.
   */
  passed: number,
  /**
   * Tests that failed or could not be collected.
   */
  failed: number,
  /**
   * Tests that were skipped.
   */
  skipped: number,
  /**
   * Tests that passed when this was last checked, if it was.
   */
  passed_before: number | null,
  /**
   * Files whose syntax was checked.
   */
  files_checked: number,
  /**
   * How long it took.
   */
  duration_ms: number,
  /**
   * What the reader should know before trusting the numbers: fewer tests than before, tests skipped or edited.
   */
  warnings: Array<string>, };

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]: JsonValue } | null;

/**
 * A model of the catalogue.
 */
export type ModelEntry = {
  /**
   * The provider's name for it.
   */
  id: string,
  /**
   * What people call it.
   */
  name: string,
  /**
   * Context window, in tokens.
   */
  context: number,
  /**
   * Longest reply, in tokens.
   */
  max_output: number,
  /**
   * The provider's limits, in words.
   */
  rate_limit: string,
  /**
   * The price in words, `Free` included.
   */
  pricing: string,
  /**
   * The price in numbers; null where the provider publishes none.
   */
  price: ModelPrice | null,
  /**
   * Whether it can be used without paying.
   */
  free_tier: boolean,
  /**
   * What it is good for.
   */
  best_for: string,
  /**
   * Where these facts come from.
   */
  source: string,
  /**
   * The day on which they were read, `YYYY-MM-DD`.
   */
  as_of: string, };

/**
 * Asks for the catalogue.
 */
export type ModelList = {
  /**
   * Only this provider.
   */
  provider?: string, };

/**
 * US dollars for a million tokens.
 */
export type ModelPrice = {
  /**
   * Tokens sent.
   */
  input: number,
  /**
   * Tokens sent that were cached.
   */
  cached: number,
  /**
   * Tokens received.
   */
  output: number, };

/**
 * The catalogue, by provider.
 */
export type Models = {
  /**
   * How many models are listed.
   */
  total_models: number,
  /**
   * The providers, each with its models.
   */
  providers: Array<ProviderEntry>, };

/**
 * Where a node stands.
 */
export type NodeStatus = "pending" | "running" | "waiting" | "completed" | "failed" | "skipped";

/**
 * A node as lists and details show it.
 */
export type NodeView = {
  /**
   * The agent that works here.
   */
  agent: AgentName,
  /**
   * Its wave, counted from 1.
   */
  wave: number,
  /**
   * The agents whose results it waits for.
   */
  needs: Array<AgentName>,
  /**
   * Where it stands.
   */
  status: NodeStatus,
  /**
   * The attempt it is in, from 1; 0 before it started.
   */
  attempt: number,
  /**
   * Its tokens so far.
   */
  usage: TokenUsage,
  /**
   * Its cost so far, in US dollars.
   */
  cost_usd: number,
  /**
   * What it says it did, or why it failed or was skipped.
   */
  summary: string | null,
  /**
   * The last verdict of the harness.
   */
  evidence: Evidence | null,
  /**
   * Files that it wrote.
   */
  files: Array<string>, };

/**
 * A question without an answer yet.
 */
export type PendingQuestion = {
  /**
   * The question.
   */
  question_id: QuestionId,
  /**
   * Who asks.
   */
  agent: AgentName,
  /**
   * What is asked.
   */
  question: string, };

/**
 * A node of the graph as `run_started` announces it.
 */
export type PlannedNode = {
  /**
   * The agent that works here.
   */
  agent: AgentName,
  /**
   * Its wave, counted from 1.
   */
  wave: number,
  /**
   * The agents whose results it waits for.
   */
  needs: Array<AgentName>, };

/**
 * A stored policy.
 */
export type PolicyId = string;

/**
 * Limits and permissions of a run. Unknown keys are refused, so that a typing error never loosens a limit.
 */
export type PolicySpec = {
  /**
   * What people call it.
   */
  name: string,
  /**
   * How models are chosen where the user named none: `quality`, `balanced`, `cheap` or `free`.
   */
  model_strategy: string,
  /**
   * The run stops before the call that would pass this, in US dollars.
   */
  max_cost_usd: number | null,
  /**
   * The run stops after this many minutes.
   */
  max_runtime_minutes: number | null,
  /**
   * Providers in the order of the fail-over chain.
   */
  preferred_providers: Array<string>,
  /**
   * Whether the next provider is tried when one fails.
   */
  fallback_enabled: boolean,
  /**
   * Shell commands that are refused before execution, besides the defaults.
   */
  blocked_commands: Array<string>,
  /**
   * The only tools that agents are offered; empty means all.
   */
  allowed_tools: Array<string>,
  /**
   * Whether protected actions wait for the human's approval.
   */
  require_approval: boolean,
  /**
   * Whether commands of agents may use the network.
   */
  network: boolean, };

/**
 * An error as it leaves the process: what failed and why, and what to do next.
 */
export type Problem = {
  /**
   * What kind of failure it is.
   */
  code: ErrorCode,
  /**
   * What was attempted, on what, and why it failed.
   */
  message: string,
  /**
   * What to do next, when there is something to do.
   */
  hint: string | null,
  /**
   * The embedded model whose download would solve it, by its id; a host may offer that.
   */
  weights: string | null, };

/**
 * A persistent project; names the workspace folder `project_<id>`.
 */
export type ProjectId = string;

/**
 * Lists the projects.
 */
export type ProjectList = Record<symbol, never>;

/**
 * One run in a project's memory.
 */
export type ProjectRun = {
  /**
   * The run.
   */
  run_id: RunId,
  /**
   * What was asked.
   */
  objective: string,
  /**
   * Files that it wrote.
   */
  files: Array<string>,
  /**
   * When it ended.
   */
  ts: Timestamp, };

/**
 * Shows one project.
 */
export type ProjectShow = {
  /**
   * The project.
   */
  project_id: ProjectId, };

/**
 * What is remembered of a project; the planner of its next run reads it.
 */
export type ProjectState = {
  /**
   * The project.
   */
  project_id: ProjectId,
  /**
   * How many runs it has had.
   */
  total_runs: number,
  /**
   * Files of its workspace after the last run, sorted.
   */
  files: Array<string>,
  /**
   * Its latest runs, oldest first.
   */
  runs: Array<ProjectRun>, };

/**
 * All projects, most recently used first.
 */
export type Projects = {
  /**
   * The projects.
   */
  projects: Array<ProjectState>, };

/**
 * A provider of the catalogue.
 */
export type ProviderEntry = {
  /**
   * Short name, the first half of `provider/name`.
   */
  id: string,
  /**
   * What people call it.
   */
  name: string,
  /**
   * How many models it has here.
   */
  model_count: number,
  /**
   * Whether a key (or, for local ones, an address) is configured.
   */
  configured: boolean,
  /**
   * The environment variable that holds its key.
   */
  key_variable: string | null,
  /**
   * Its models.
   */
  models: Array<ModelEntry>, };

/**
 * One question that an agent put to the human.
 */
export type QuestionId = string;

/**
 * Ends a run for good.
 */
export type RunCancel = {
  /**
   * The run.
   */
  run_id: RunId, };

/**
 * A run in full; also what the store keeps of it.
 */
export type RunDetail = {
  /**
   * The run.
   */
  run_id: RunId,
  /**
   * Where it stands.
   */
  status: RunStatus,
  /**
   * What is to be built.
   */
  objective: string,
  /**
   * The project whose memory it uses.
   */
  project_id: ProjectId | null,
  /**
   * Where its files are.
   */
  dir: string,
  /**
   * The persona or hierarchy that shaped the graph.
   */
  persona: string,
  /**
   * The model, `provider/name`.
   */
  model: string,
  /**
   * The policy that it obeys.
   */
  policy: PolicySpec,
  /**
   * Its nodes, in the order of waves.
   */
  nodes: Array<NodeView>,
  /**
   * Files that it wrote, sorted.
   */
  files: Array<string>,
  /**
   * Tokens so far.
   */
  usage: TokenUsage,
  /**
   * Cost so far, in US dollars.
   */
  cost_usd: number,
  /**
   * The last verdict of the harness over the whole workspace.
   */
  evidence: Evidence | null,
  /**
   * Why it failed, when it did.
   */
  failure: Problem | null,
  /**
   * When it was asked for.
   */
  created_at: Timestamp,
  /**
   * When its first node started.
   */
  started_at: Timestamp | null,
  /**
   * When it ended.
   */
  ended_at: Timestamp | null, };

/**
 * Reads a run's stored history.
 */
export type RunEvents = {
  /**
   * The run.
   */
  run_id: RunId,
  /**
   * Only events after this `seq`.
   */
  after?: number,
  /**
   * At most this many; 500 when missing, 5,000 at most.
   */
  limit?: number, };

/**
 * Events in order; an empty page means that nothing newer is stored.
 */
export type RunEventsPage = {
  /**
   * The events.
   */
  events: Array<EventFrame>, };

/**
 * One run of the agent graph.
 */
export type RunId = string;

/**
 * Lists runs, newest first.
 */
export type RunList = {
  /**
   * Only runs in this state.
   */
  status?: RunStatus,
  /**
   * Only runs of this project.
   */
  project_id?: ProjectId,
  /**
   * Only runs whose objective or log matches these words.
   */
  search?: string,
  /**
   * `next_cursor` of the page before.
   */
  cursor?: string,
  /**
   * At most this many; 50 when missing, 200 at most.
   */
  limit?: number, };

/**
 * A page of runs.
 */
export type RunPage = {
  /**
   * The runs, newest first.
   */
  runs: Array<RunSummary>,
  /**
   * Asks for the next page; null at the end.
   */
  next_cursor: string | null, };

/**
 * Holds a run before its next step.
 */
export type RunPause = {
  /**
   * The run.
   */
  run_id: RunId, };

/**
 * Answers the question that an agent asked.
 */
export type RunRespond = {
  /**
   * The run.
   */
  run_id: RunId,
  /**
   * The answer, in the human's words.
   */
  answer: string, };

/**
 * Goes on with a run that was paused, interrupted or left by a crash.
 */
export type RunResume = {
  /**
   * The run.
   */
  run_id: RunId, };

/**
 * Shows one run.
 */
export type RunShow = {
  /**
   * The run.
   */
  run_id: RunId, };

/**
 * Starts a run. Only the objective is needed.
 */
export type RunStart = {
  /**
   * What is to be built, in the user's words.
   */
  objective: string,
  /**
   * A project whose workspace and memory the run goes on with.
   */
  project_id?: ProjectId,
  /**
   * A folder of the user's to work in, absolute; excludes `project_id`.
   */
  dir?: string,
  /**
   * Execution persona; `fullstack` when missing.
   */
  persona?: string,
  /**
   * Hierarchy persona; decides who plans and who follows. Excludes `persona`.
   */
  hierarchy?: string,
  /**
   * Agents to run; all of the persona when empty.
   */
  tasks?: Array<string>,
  /**
   * `provider/name`; the user's default when missing.
   */
  model?: string,
  /**
   * A stored policy; excludes `policy`.
   */
  policy_id?: PolicyId,
  /**
   * A policy for this run alone.
   */
  policy?: PolicySpec,
  /**
   * Tightens the policy's cost limit, in US dollars.
   */
  max_cost_usd?: number,
  /**
   * Tightens the policy's time limit, in minutes.
   */
  max_minutes?: number, };

/**
 * The run exists and works in the background.
 */
export type RunStarted = {
  /**
   * The new run.
   */
  run_id: RunId,
  /**
   * `pending`, until its first event.
   */
  status: RunStatus,
  /**
   * Where its files will be.
   */
  dir: string,
  /**
   * The model that was chosen, `provider/name`.
   */
  model: string, };

/**
 * Where a run stands.
 */
export type RunStatus = "pending" | "running" | "waiting" | "paused" | "interrupted" | "completed" | "failed" | "cancelled";

/**
 * A run in a list.
 */
export type RunSummary = {
  /**
   * The run.
   */
  run_id: RunId,
  /**
   * Where it stands.
   */
  status: RunStatus,
  /**
   * What is to be built.
   */
  objective: string,
  /**
   * The project whose memory it uses.
   */
  project_id: ProjectId | null,
  /**
   * The model, `provider/name`.
   */
  model: string,
  /**
   * Cost so far, in US dollars.
   */
  cost_usd: number,
  /**
   * How many files it wrote.
   */
  files_count: number,
  /**
   * When it was asked for.
   */
  created_at: Timestamp,
  /**
   * When it ended.
   */
  ended_at: Timestamp | null, };

/**
 * Asks whether a run waits for the human.
 */
export type RunWaiting = {
  /**
   * The run.
   */
  run_id: RunId, };

/**
 * What a command reads or makes stale; a client reloads what carries the same tag.
 */
export type Tag = "runs" | "waiting" | "projects" | "models";

/**
 * A moment in time; fields that hold one are named `*_at`.
 */
export type Timestamp = string;

/**
 * Tokens of one or many model calls.
 */
export type TokenUsage = {
  /**
   * Tokens sent, the cached ones included.
   */
  input: number,
  /**
   * Tokens sent that the provider had cached.
   */
  cached: number,
  /**
   * Tokens received.
   */
  output: number, };

/**
 * The questions that a run waits with, oldest first.
 */
export type Waiting = {
  /**
   * Whether there is any.
   */
  waiting: boolean,
  /**
   * The questions.
   */
  questions: Array<PendingQuestion>, };

/**
 * Weights of an embedded model, on disk or to be had.
 */
export type WeightsEntry = {
  /**
   * Its name: the second half of `local/name`.
   */
  id: string,
  /**
   * What people call it.
   */
  name: string,
  /**
   * What it is for: `run` or `tab`.
   */
  purpose: string,
  /**
   * Size of the file.
   */
  bytes: number,
  /**
   * Its licence.
   */
  licence: string,
  /**
   * Where the file is; null when it is not on disk.
   */
  path: string | null, };

/**
 * Lists the weights of the embedded model.
 */
export type WeightsList = Record<symbol, never>;

/**
 * The weights, those on disk first.
 */
export type WeightsPage = {
  /**
   * The entries.
   */
  weights: Array<WeightsEntry>, };

/**
 * Deletes weights from disk.
 */
export type WeightsRemove = {
  /**
   * Which.
   */
  id: string, };

/** Every command with its request and answer. */
export interface Commands {
  run_start: { request: RunStart; answer: RunStarted };
  run_list: { request: RunList; answer: RunPage };
  run_show: { request: RunShow; answer: RunDetail };
  run_cancel: { request: RunCancel; answer: Done };
  run_pause: { request: RunPause; answer: Done };
  run_resume: { request: RunResume; answer: Done };
  run_respond: { request: RunRespond; answer: Done };
  run_waiting: { request: RunWaiting; answer: Waiting };
  run_events: { request: RunEvents; answer: RunEventsPage };
  project_list: { request: ProjectList; answer: Projects };
  project_show: { request: ProjectShow; answer: ProjectState };
  model_list: { request: ModelList; answer: Models };
  weights_list: { request: WeightsList; answer: WeightsPage };
  weights_remove: { request: WeightsRemove; answer: Done };
}

/** What each command's answer is made of, and what the command makes stale. */
export const COMMANDS: { [name in keyof Commands]: { provides: Tag[]; invalidates: Tag[] } } = {
  run_start: { provides: [], invalidates: ["runs","projects"] },
  run_list: { provides: ["runs"], invalidates: [] },
  run_show: { provides: ["runs"], invalidates: [] },
  run_cancel: { provides: [], invalidates: ["runs","waiting"] },
  run_pause: { provides: [], invalidates: ["runs"] },
  run_resume: { provides: [], invalidates: ["runs"] },
  run_respond: { provides: [], invalidates: ["runs","waiting"] },
  run_waiting: { provides: ["waiting"], invalidates: [] },
  run_events: { provides: ["runs"], invalidates: [] },
  project_list: { provides: ["projects"], invalidates: [] },
  project_show: { provides: ["projects"], invalidates: [] },
  model_list: { provides: ["models"], invalidates: [] },
  weights_list: { provides: ["models"], invalidates: [] },
  weights_remove: { provides: [], invalidates: ["models"] },
};

// Generated from the crate aios-protocol; `cargo xtask codegen` writes it anew.

/**
 * An agent of a run's graph, such as `planner` or `backend`; unique within the run.
 */
export type AgentName = string;

/**
 * What an agent used.
 */
export type AgentTokens = {
  /**
   * Who.
   */
  agent: AgentName,
  /**
   * Its tokens.
   */
  usage: TokenUsage,
  /**
   * What they cost.
   */
  cost_usd: number, };

/**
 * How the window looks.
 */
export type Appearance = {
  /**
   * Light, dark, or as the system is.
   */
  theme: Theme,
  /**
   * How much air is around things.
   */
  density: Density,
  /**
   * The size of the window's own text, in pixels.
   */
  font_size: number,
  /**
   * Whether things move as little as possible.
   */
  reduced_motion: boolean,
  /**
   * Whether the minimap is shown.
   */
  minimap: boolean, };

/**
 * Asks for a mail that allows a new password. The answer is the same whether the address is known or not.
 */
export type AuthForgot = {
  /**
   * Whose password.
   */
  email: string, };

/**
 * Makes a new key for somebody who knows the password.
 */
export type AuthLogin = {
  /**
   * Who.
   */
  email: string,
  /**
   * The password.
   */
  password: SecretText,
  /**
   * What to call the new key; `login` when missing.
   */
  key_name?: string, };

/**
 * Asks who the key belongs to.
 */
export type AuthMe = Record<symbol, never>;

/**
 * Creates an organisation, its owner and a first key.
 */
export type AuthRegister = {
  /**
   * Where the owner can be reached; the name to log in with.
   */
  email: string,
  /**
   * At least 6 characters, at most 1,024 bytes.
   */
  password: SecretText,
  /**
   * What people call the organisation; the e-mail's local part when missing.
   */
  organization_name?: string, };

/**
 * Sets a new password with the token of that mail; all keys of the person end.
 */
export type AuthReset = {
  /**
   * The token; serves once, for an hour.
   */
  token: SecretText,
  /**
   * The new password.
   */
  password: SecretText, };

/**
 * When files are saved by themselves.
 */
export type AutoSave = "off" | "after_delay" | "on_focus_change";

/**
 * Starts paying for a plan.
 */
export type BillingCheckout = {
  /**
   * Which.
   */
  plan: string,
  /**
   * Where to go afterwards.
   */
  success_url?: string,
  /**
   * Where to go when nothing was bought.
   */
  cancel_url?: string, };

/**
 * A page of the payment provider.
 */
export type BillingLink = {
  /**
   * Its address.
   */
  url: string, };

/**
 * Asks for the plans.
 */
export type BillingPlans = Record<symbol, never>;

/**
 * Opens the page where the subscription is managed.
 */
export type BillingPortal = {
  /**
   * Where to go afterwards.
   */
  return_url?: string, };

/**
 * Asks for the subscription.
 */
export type BillingStatus = Record<symbol, never>;

/**
 * Asks what was used this month.
 */
export type BillingUsage = Record<symbol, never>;

/**
 * Which commit wrote which lines.
 */
export type Blame = {
  /**
   * The lines in order, without gaps.
   */
  spans: Array<BlameSpan>, };

/**
 * Lines of one commit.
 */
export type BlameSpan = {
  /**
   * The first, counted from 1.
   */
  first_line: number,
  /**
   * How many.
   */
  lines: number,
  /**
   * The commit's id; null for lines that are not committed.
   */
  commit: string | null,
  /**
   * Who wrote it.
   */
  author: string | null,
  /**
   * When.
   */
  at: Timestamp | null,
  /**
   * The first line of its message.
   */
  summary: string | null, };

/**
 * A branch.
 */
export type Branch = {
  /**
   * Its name, remote ones with their remote.
   */
  name: string,
  /**
   * Whether it belongs to a remote.
   */
  remote: boolean,
  /**
   * Whether it is checked out.
   */
  current: boolean,
  /**
   * The remote branch that it follows.
   */
  upstream: string | null,
  /**
   * Its last commit.
   */
  commit: string,
  /**
   * When that was made.
   */
  at: Timestamp,
  /**
   * The first line of its message.
   */
  summary: string, };

/**
 * The branches.
 */
export type Branches = {
  /**
   * Local ones first, the latest first.
   */
  branches: Array<Branch>, };

/**
 * A folder of this machine and those in it.
 */
export type BrowsedFolder = {
  /**
   * Absolute, links resolved.
   */
  path: string,
  /**
   * The folder above; null at the top.
   */
  parent: string | null,
  /**
   * The names of the folders in it, hidden ones last.
   */
  folders: Array<string>, };

/**
 * Captures an event.
 */
export type CaptureAdd = {
  /**
   * Where it comes from.
   */
  source: CaptureSource,
  /**
   * What it is, such as `test_failed` or `commit`; 1 to 80 characters.
   */
  kind: string,
  /**
   * It in a line.
   */
  title?: string,
  /**
   * Everything else, at most 64 kB of JSON.
   */
  payload?: JsonValue,
  /**
   * The project that it belongs to.
   */
  project_id?: ProjectId, };

/**
 * Makes a task from a captured event, once.
 */
export type CaptureConvert = {
  /**
   * Which.
   */
  event_id: CaptureEventId,
  /**
   * The task's title; the event's when missing.
   */
  title?: string,
  /**
   * The objective in full.
   */
  description?: string, };

/**
 * A captured event.
 */
export type CaptureEvent = {
  /**
   * Its id.
   */
  event_id: CaptureEventId,
  /**
   * Where it comes from.
   */
  source: CaptureSource,
  /**
   * What it is.
   */
  kind: string,
  /**
   * It in a line.
   */
  title: string | null,
  /**
   * Everything else.
   */
  payload: JsonValue | null,
  /**
   * The project that it belongs to.
   */
  project_id: ProjectId | null,
  /**
   * The task that was made from it.
   */
  task_id: TaskId | null,
  /**
   * When it was captured.
   */
  created_at: Timestamp, };

/**
 * A captured event.
 */
export type CaptureEventId = string;

/**
 * Lists captured events, newest first.
 */
export type CaptureList = {
  /**
   * Only of this project.
   */
  project_id?: ProjectId,
  /**
   * Only from there.
   */
  source?: CaptureSource,
  /**
   * `next_cursor` of the page before.
   */
  cursor?: string,
  /**
   * At most this many; 50 when missing, 200 at most.
   */
  limit?: number, };

/**
 * A page of captured events.
 */
export type CapturePage = {
  /**
   * The events.
   */
  events: Array<CaptureEvent>,
  /**
   * Asks for the next page; null at the end.
   */
  next_cursor: string | null, };

/**
 * Where an event was captured.
 */
export type CaptureSource = "ide" | "cli" | "git_hook";

/**
 * Runs that follow each other, oldest first.
 */
export type Chain = {
  /**
   * The first run's id.
   */
  chain_id: RunId,
  /**
   * The runs.
   */
  runs: Array<RunSummary>, };

/**
 * A file or folder that changed.
 */
export type ChangedEntry = {
  /**
   * Its path in the folder.
   */
  path: string,
  /**
   * Whether it is there now.
   */
  exists: boolean,
  /**
   * Whether it is a folder now.
   */
  is_folder: boolean, };

/**
 * A piece of an answer.
 */
export type ChatPiece = { "kind": "text",
  /**
   * Markdown.
   */
  text: string, } | { "kind": "done",
  /**
   * Markdown.
   */
  reply: string, };

/**
 * A question and its answer.
 */
export type ChatTurn = {
  /**
   * What the person said.
   */
  message: string,
  /**
   * What the model said.
   */
  reply: string, };

/**
 * A commit.
 */
export type Commit = {
  /**
   * Its id.
   */
  id: string,
  /**
   * As much of its id as tells it apart.
   */
  short_id: string,
  /**
   * The ids of its parents.
   */
  parents: Array<string>,
  /**
   * Who wrote it.
   */
  author: string,
  /**
   * Their address.
   */
  email: string,
  /**
   * When.
   */
  at: Timestamp,
  /**
   * The first line of its message.
   */
  summary: string,
  /**
   * The rest of its message.
   */
  body: string,
  /**
   * Branches and tags that point to it.
   */
  refs: Array<string>, };

/**
 * A commit and its files.
 */
export type CommitDetail = {
  /**
   * The commit.
   */
  commit: Commit,
  /**
   * What it changed, against its first parent.
   */
  files: Array<CommitFile>, };

/**
 * A file that a commit changed.
 */
export type CommitFile = {
  /**
   * The file.
   */
  path: string,
  /**
   * Where it was before, if it was moved.
   */
  old_path: string | null,
  /**
   * What became of it.
   */
  change: GitChange,
  /**
   * Lines added.
   */
  added: number,
  /**
   * Lines removed.
   */
  removed: number, };

/**
 * A model in a comparison.
 */
export type ComparedModel = {
  /**
   * `provider/name`.
   */
  model: string,
  /**
   * Context window, in tokens.
   */
  context: number,
  /**
   * What the tokens would cost; null where no price is known.
   */
  cost_usd: number | null,
  /**
   * Received tokens per second in this organisation's own runs; null before the first.
   */
  tokens_per_second: number | null,
  /**
   * Whether it can be used without paying.
   */
  free_tier: boolean,
  /**
   * What it is good for.
   */
  best_for: string, };

/**
 * A piece of a completion.
 */
export type CompletionPiece = { "kind": "text",
  /**
   * The text.
   */
  text: string, } | { "kind": "done",
  /**
   * The completion; empty when nothing good was found.
   */
  completion: string, };

/**
 * The sides of a conflict; a side is null where it has no such file, or no text.
 */
export type Conflict = {
  /**
   * What both sides came from.
   */
  base: string | null,
  /**
   * Our side.
   */
  ours: string | null,
  /**
   * Their side.
   */
  theirs: string | null, };

/**
 * A stored key; the key itself is never shown.
 */
export type Credential = {
  /**
   * Its id.
   */
  credential_id: CredentialId,
  /**
   * The provider's id.
   */
  provider: string,
  /**
   * What its owner calls it.
   */
  label: string,
  /**
   * The model that runs get by default.
   */
  model: string | null,
  /**
   * The last four characters of the key.
   */
  key_hint: string,
  /**
   * Whether runs without a model use it.
   */
  is_default: boolean,
  /**
   * When it was stored.
   */
  created_at: Timestamp, };

/**
 * Stores the caller's own key of a provider, encrypted.
 */
export type CredentialAdd = {
  /**
   * The provider's id, such as `openai`.
   */
  provider: string,
  /**
   * The key.
   */
  api_key: SecretText,
  /**
   * What to call it; the provider's name when missing.
   */
  label?: string,
  /**
   * The model that runs get by default; the provider's first when missing.
   */
  model?: string,
  /**
   * Whether runs without a model use it; the first one stored does anyway.
   */
  is_default: boolean, };

/**
 * A stored key of a model provider.
 */
export type CredentialId = string;

/**
 * Lists the organisation's stored keys.
 */
export type CredentialList = Record<symbol, never>;

/**
 * Deletes a stored key.
 */
export type CredentialRemove = {
  /**
   * Which.
   */
  credential_id: CredentialId, };

/**
 * Makes a stored key the default.
 */
export type CredentialSetDefault = {
  /**
   * Which.
   */
  credential_id: CredentialId, };

/**
 * Stored keys, the default first.
 */
export type Credentials = {
  /**
   * The keys.
   */
  credentials: Array<Credential>, };

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
 * What to do with a change.
 */
export type Decision = "keep" | "reject" | "undo";

/**
 * How much air is around things.
 */
export type Density = "comfortable" | "compact";

/**
 * A file or folder in a listing.
 */
export type DirEntry = {
  /**
   * Its name.
   */
  name: string,
  /**
   * Its path in the open folder.
   */
  path: string,
  /**
   * What it is, links followed.
   */
  kind: EntryKind,
  /**
   * Whether it is a symbolic link.
   */
  link: boolean,
  /**
   * Its size; 0 for folders.
   */
  bytes: number,
  /**
   * Whether git ignores it.
   */
  ignored: boolean,
  /**
   * Whether agents cannot see it: it may hold secrets, is on an ignore list, or is generated.
   */
  hidden: boolean, };

/**
 * Lists one level of a folder.
 */
export type DirList = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The level; the open folder itself when missing.
   */
  path?: string, };

/**
 * One level of a folder.
 */
export type DirListing = {
  /**
   * Folders first, then by name.
   */
  entries: Array<DirEntry>,
  /**
   * Whether there are more than are listed.
   */
  truncated: boolean, };

/**
 * An answer that carries nothing.
 */
export type Done = Record<symbol, never>;

/**
 * Unsaved text.
 */
export type Draft = {
  /**
   * Names it.
   */
  draft: string,
  /**
   * The folder of the file, if it has one.
   */
  folder: FolderId | null,
  /**
   * The file, if it has one.
   */
  path: string | null,
  /**
   * The text.
   */
  text: string,
  /**
   * The version of the file that it was made from.
   */
  base_version: string | null,
  /**
   * When it was kept.
   */
  saved_at: Timestamp, };

/**
 * Lists the unsaved texts.
 */
export type DraftList = {
  /**
   * Only those of this folder.
   */
  folder?: FolderId, };

/**
 * Forgets an unsaved text.
 */
export type DraftRemove = {
  /**
   * Which.
   */
  draft: string, };

/**
 * Keeps unsaved text, so that a crash loses none.
 */
export type DraftSave = {
  /**
   * Names it; the window chooses, at most 200 characters.
   */
  draft: string,
  /**
   * The folder of the file, if it has one.
   */
  folder?: FolderId,
  /**
   * The file, if it has one.
   */
  path?: string,
  /**
   * The text.
   */
  text: string,
  /**
   * The version of the file that it was made from.
   */
  base_version?: string, };

/**
 * Unsaved texts, the latest first.
 */
export type Drafts = {
  /**
   * The drafts.
   */
  drafts: Array<Draft>, };

/**
 * A piece of an edit.
 */
export type EditPiece = { "kind": "text",
  /**
   * The text.
   */
  text: string, } | { "kind": "done",
  /**
   * The code as it should be.
   */
  edited_code: string,
  /**
   * What was done, in a line.
   */
  summary: string, };

/**
 * What `.editorconfig` files say about a file; null where they say nothing.
 */
export type EditorConfig = {
  /**
   * Spaces or tabs.
   */
  indent_style: IndentStyle | null,
  /**
   * Columns of a level.
   */
  indent_size: number | null,
  /**
   * Columns of a tab.
   */
  tab_width: number | null,
  /**
   * What ends a line in a new file.
   */
  end_of_line: LineEnding | null,
  /**
   * How a new file is encoded.
   */
  encoding: Encoding | null,
  /**
   * Whether saving removes blanks at line ends.
   */
  trim_trailing_whitespace: boolean | null,
  /**
   * Whether saving ends the last line.
   */
  insert_final_newline: boolean | null,
  /**
   * Where to draw the ruler.
   */
  max_line_length: number | null, };

/**
 * How text is edited.
 */
export type EditorSettings = {
  /**
   * The font, as CSS names it; the product's own when empty.
   */
  font_family: string,
  /**
   * Its size, in pixels.
   */
  font_size: number,
  /**
   * The height of a line, as a multiple of the font size.
   */
  line_height: number,
  /**
   * Whether the font's ligatures are shown.
   */
  ligatures: boolean,
  /**
   * Columns of a tab, where neither the file nor an `.editorconfig` tells.
   */
  tab_size: number,
  /**
   * Whether Tab writes spaces, where neither the file nor an `.editorconfig` tells.
   */
  insert_spaces: boolean,
  /**
   * Whether long lines are wrapped.
   */
  word_wrap: boolean,
  /**
   * Which keys the editor knows.
   */
  keymap: Keymap,
  /**
   * Whether line numbers are shown.
   */
  line_numbers: boolean,
  /**
   * Whether blanks are shown.
   */
  show_whitespace: boolean,
  /**
   * Whether a file is formatted by its language server when it is saved.
   */
  format_on_save: boolean,
  /**
   * Whether inlay hints are shown.
   */
  inlay_hints: boolean, };

/**
 * How text is written in bytes.
 */
export type Encoding = "utf8" | "utf8_bom" | "utf16_le" | "utf16_be" | "windows1252" | "windows1250" | "windows1251" | "shift_jis" | "euc_jp" | "euc_kr" | "gb18030" | "big5" | "koi8_r";

/**
 * Copies a file or folder. Never overwrites.
 */
export type EntryCopy = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * What.
   */
  from: string,
  /**
   * The path of the copy.
   */
  to: string, };

/**
 * Makes an empty file or a folder, with the folders above it.
 */
export type EntryCreate = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * What to make.
   */
  path: string,
  /**
   * A file or a folder.
   */
  kind: NewEntry, };

/**
 * What stands in a folder.
 */
export type EntryKind = "file" | "folder" | "other";

/**
 * Moves a file or folder to the trash.
 */
export type EntryRemove = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * What.
   */
  path: string,
  /**
   * Deletes it instead.
   */
  forever?: boolean, };

/**
 * A file or folder is gone.
 */
export type EntryRemoved = {
  /**
   * Whether it lies in the trash.
   */
  trashed: boolean, };

/**
 * Renames or moves a file or folder. Never overwrites.
 */
export type EntryRename = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * What.
   */
  from: string,
  /**
   * Its new path.
   */
  to: string, };

/**
 * What kind of failure it is. A code exists only where somebody acts on it: an HTTP status, an exit code, a retry.
 */
export type ErrorCode = "invalid_request" | "not_found" | "conflict" | "not_configured" | "answer_needed" | "cost_limit" | "time_limit" | "denied" | "model_failed" | "validation_failed" | "cancelled" | "storage" | "unauthenticated" | "rate_limited" | "too_large" | "unavailable" | "not_implemented" | "internal";

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

/**
 * Reads a file as bytes, to show a picture. At most 20 MB.
 */
export type FileBytes = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The file.
   */
  path: string, };

/**
 * The bytes of a file.
 */
export type FileContent = {
  /**
   * The content in Base64.
   */
  base64: string,
  /**
   * What it is.
   */
  media_type: string,
  /**
   * Its size.
   */
  bytes: number,
  /**
   * Names this content.
   */
  version: string, };

/**
 * How a file changed.
 */
export type FileDiff = {
  /**
   * The file.
   */
  path: string,
  /**
   * Its text before; null where it was not there, or is no text.
   */
  before: string | null,
  /**
   * Its text after; null where it is not there, or is no text.
   */
  after: string | null,
  /**
   * Whether one of the contents is no text.
   */
  binary: boolean,
  /**
   * The places that differ.
   */
  hunks: Array<Hunk>, };

/**
 * A file of a workspace.
 */
export type FileEntry = {
  /**
   * Its path.
   */
  path: string,
  /**
   * Its size.
   */
  bytes: number, };

/**
 * How a file can be shown.
 */
export type FileKind = "text" | "image" | "binary" | "large";

/**
 * Reads a file for an editor.
 */
export type FileOpen = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The file.
   */
  path: string,
  /**
   * Reads it in this encoding instead of a guessed one.
   */
  encoding?: Encoding, };

/**
 * Saves a file, unless somebody else changed it.
 */
export type FileSave = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The file.
   */
  path: string,
  /**
   * Its text with `\n` between lines.
   */
  text: string,
  /**
   * How to write it.
   */
  encoding: Encoding,
  /**
   * What ends its lines.
   */
  line_ending: LineEnding,
  /**
   * The version that the text was made from; a file that must not exist yet when missing.
   */
  base_version?: string, };

/**
 * The saved file.
 */
export type FileSaved = {
  /**
   * Its path.
   */
  path: string,
  /**
   * Its size.
   */
  bytes: number,
  /**
   * Names this version of the file.
   */
  hash: string, };

/**
 * How files are kept.
 */
export type FileSettings = {
  /**
   * Whether files are saved by themselves.
   */
  auto_save: AutoSave,
  /**
   * Whether saving removes blanks at line ends, where no `.editorconfig` tells.
   */
  trim_trailing_whitespace: boolean,
  /**
   * Whether saving ends the last line, where no `.editorconfig` tells.
   */
  insert_final_newline: boolean,
  /**
   * Globs of what the explorer does not show.
   */
  exclude: Array<string>,
  /**
   * Whether the explorer shows what git ignores.
   */
  show_ignored: boolean, };

/**
 * What became of a save.
 */
export type FileStored = { "kind": "saved",
  /**
   * Names the content as it is now.
   */
  version: string,
  /**
   * Its size on disk.
   */
  bytes: number, } | { "kind": "conflict",
  /**
   * The version on disk; null when the file is gone.
   */
  version: string | null, };

/**
 * A file; at most 500 kB of it.
 */
export type FileView = {
  /**
   * Its path.
   */
  path: string,
  /**
   * Its text; empty when it is not text.
   */
  content: string,
  /**
   * Its whole size.
   */
  bytes: number,
  /**
   * Whether the text was cut.
   */
  truncated: boolean,
  /**
   * Whether it is no text.
   */
  binary: boolean,
  /**
   * Names this version of the file, for saving; null when it was cut or is no text.
   */
  hash: string | null, };

/**
 * Reads some lines of a large file.
 */
export type FileWindow = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The file.
   */
  path: string,
  /**
   * The first line, counted from 0.
   */
  first_line: number,
  /**
   * How many; at most 5,000.
   */
  lines: number, };

/**
 * Finds files by letters of their path, best first.
 */
export type FilesFind = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * Letters of the path in order, blanks between words; all files when empty.
   */
  query: string,
  /**
   * How many at most; 50 when missing.
   */
  limit?: number, };

/**
 * A folder that is open or was.
 */
export type Folder = {
  /**
   * Names it in every further command; the same at every start.
   */
  folder: FolderId,
  /**
   * Its last part.
   */
  name: string,
  /**
   * Absolute, links resolved.
   */
  path: string,
  /**
   * Whether the user trusts it. An untrusted folder starts nothing: no server, no hook, no project settings.
   */
  trusted: boolean,
  /**
   * The branch that is checked out; null where there is none.
   */
  branch: string | null,
  /**
   * When it was opened last.
   */
  opened_at: Timestamp, };

/**
 * Shows the folders in a folder of this machine, to choose one to open.
 */
export type FolderBrowse = {
  /**
   * Absolute; the user's home when missing.
   */
  path?: string, };

/**
 * What happened in a folder.
 */
export type FolderChange = { "kind": "changed",
  /**
   * Sorted by path, each once.
   */
  changes: Array<ChangedEntry>, } | { "kind": "rescan", } | { "kind": "git", };

/**
 * Takes a folder from the list; its files stay.
 */
export type FolderForget = {
  /**
   * Which.
   */
  folder: FolderId, };

/**
 * A folder that the user opened in an editor; the same at every start.
 */
export type FolderId = string;

/**
 * Lists the folders that were opened, the latest first.
 */
export type FolderList = Record<symbol, never>;

/**
 * Opens a folder of this machine in the editor. Starts nothing.
 */
export type FolderOpen = {
  /**
   * Absolute; `~` stands for the user's home.
   */
  path: string, };

/**
 * Trusts a folder, or takes that back.
 */
export type FolderTrust = {
  /**
   * Which.
   */
  folder: FolderId,
  /**
   * Whether it is trusted from now on.
   */
  trusted: boolean, };

/**
 * Watches a folder for changes, whoever makes them.
 */
export type FolderWatch = {
  /**
   * Which.
   */
  folder: FolderId, };

/**
 * Folders, the latest first.
 */
export type Folders = {
  /**
   * The folders; those that are gone are left out.
   */
  folders: Array<Folder>, };

/**
 * A file that fits.
 */
export type FoundFile = {
  /**
   * Its path.
   */
  path: string,
  /**
   * The characters of the path that fit, counted in UTF-16 units.
   */
  positions: Array<number>, };

/**
 * Files whose paths fit.
 */
export type FoundFiles = {
  /**
   * The best first.
   */
  files: Array<FoundFile>,
  /**
   * How many files are known.
   */
  total: number,
  /**
   * Whether all files of the folder are known by now.
   */
  complete: boolean, };

/**
 * A line that matches.
 */
export type FoundLine = {
  /**
   * Counted from 1.
   */
  line: number,
  /**
   * Its text; a long one is cut around its first match.
   */
  text: string,
  /**
   * How much was cut away before `text`, in UTF-16 units.
   */
  cut: number,
  /**
   * The matches in `text`.
   */
  matches: Array<FoundMatch>, };

/**
 * A match in a line.
 */
export type FoundMatch = {
  /**
   * Where in `text` it begins, in UTF-16 units.
   */
  start: number,
  /**
   * Where in `text` it ends, in UTF-16 units.
   */
  end: number,
  /**
   * Its number among the matches of the file, from 0.
   */
  index: number,
  /**
   * What would stand there; null without a replacement.
   */
  replacement: string | null, };

/**
 * Runs that a new user has on the vault's keys.
 */
export type FreeRuns = {
  /**
   * How many are left.
   */
  free_runs_remaining: number,
  /**
   * How many there were.
   */
  free_runs_total: number,
  /**
   * Whether an own key is stored, so that none is needed.
   */
  has_byom_key: boolean,
  /**
   * `free_runs_available`, `byom`, `exhausted`, or `local_only` where the vault is empty.
   */
  status: string, };

/**
 * Asks how many runs on the vault's keys are left.
 */
export type FreeRunsShow = Record<symbol, never>;

/**
 * What a window is told about its streams.
 */
export type FromStreams = {
  /**
   * Of which stream.
   */
  id: number,
  /**
   * The items.
   */
  items: Array<JsonValue>, } | {
  /**
   * Which.
   */
  id: number,
  /**
   * Why, where it did not end well.
   */
  end: Problem | null, };

/**
 * Tells which commit wrote each line of a file.
 */
export type GitBlame = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The file.
   */
  path: string,
  /**
   * The text as it is in the editor; the file on disk when missing.
   */
  text?: string, };

/**
 * Checks a branch or commit out. Refused where it would overwrite changes.
 */
export type GitBranchCheckout = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The branch; a remote one gets a local one that follows it.
   */
  name: string, };

/**
 * Makes a branch.
 */
export type GitBranchCreate = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * Its name.
   */
  name: string,
  /**
   * A branch or commit to begin at; the one that is checked out when missing.
   */
  from?: string,
  /**
   * Whether to check it out.
   */
  checkout?: boolean, };

/**
 * Deletes a local branch.
 */
export type GitBranchDelete = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * Its name.
   */
  name: string,
  /**
   * Also if its commits are nowhere else.
   */
  force?: boolean, };

/**
 * Lists branches.
 */
export type GitBranches = {
  /**
   * The open folder.
   */
  folder: FolderId, };

/**
 * What became of a file.
 */
export type GitChange = "added" | "modified" | "removed" | "renamed" | "untracked" | "kind";

/**
 * Commits what is staged.
 */
export type GitCommit = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The message.
   */
  message: string,
  /**
   * Replaces the last commit.
   */
  amend?: boolean, };

/**
 * Shows a commit and the files that it changed.
 */
export type GitCommitShow = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * Its id.
   */
  commit: string, };

/**
 * A commit was made.
 */
export type GitCommitted = {
  /**
   * Its id.
   */
  id: string,
  /**
   * The first line of its message.
   */
  summary: string, };

/**
 * Shows the sides of a file that a merge could not join. Staging the file says that it is resolved.
 */
export type GitConflictShow = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The file.
   */
  path: string, };

/**
 * Shows how a file changed.
 */
export type GitDiff = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The file.
   */
  path: string,
  /**
   * Which contents to compare.
   */
  side: GitSide,
  /**
   * Which commit, for the side `commit`.
   */
  commit?: string, };

/**
 * Takes files back to what is staged, and untracked ones to the trash.
 */
export type GitDiscard = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The files or folders.
   */
  paths: Array<string>, };

/**
 * A file that changed.
 */
export type GitFile = {
  /**
   * Its path in the folder.
   */
  path: string,
  /**
   * Where it was before, if it was moved.
   */
  old_path: string | null,
  /**
   * What the next commit changes; null where it changes nothing.
   */
  staged: GitChange | null,
  /**
   * What is changed and not staged; null where nothing is.
   */
  unstaged: GitChange | null,
  /**
   * Whether a merge left both sides in it.
   */
  conflicted: boolean, };

/**
 * Commits, newest first.
 */
export type GitHistory = {
  /**
   * The commits.
   */
  commits: Array<Commit>,
  /**
   * Where the next page begins; null on the last.
   */
  next: string | null, };

/**
 * Stages, unstages or discards one hunk.
 */
export type GitHunk = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The file.
   */
  path: string,
  /**
   * The hunk's id in the diff: `staged` to unstage, `unstaged` otherwise.
   */
  hunk: string,
  /**
   * What to do with it.
   */
  act: HunkAct, };

/**
 * Makes the folder a repository.
 */
export type GitInit = {
  /**
   * The open folder.
   */
  folder: FolderId, };

/**
 * Lists commits, newest first.
 */
export type GitLog = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * Only those that change this file or folder.
   */
  path?: string,
  /**
   * A branch or commit to begin at; the one that is checked out when missing.
   */
  from?: string,
  /**
   * The `next` of the page before.
   */
  cursor?: string,
  /**
   * How many at most; 50 when missing.
   */
  limit?: number, };

/**
 * How the repository is worked with.
 */
export type GitSettings = {
  /**
   * Whether blame is shown beside the caret's line.
   */
  blame_line: boolean,
  /**
   * Minutes between fetches; 0 for never.
   */
  fetch_minutes: number, };

/**
 * Which two contents of a file are compared.
 */
export type GitSide = "unstaged" | "staged" | "head" | "commit";

/**
 * Takes files into the next commit.
 */
export type GitStage = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The files or folders; everything when empty.
   */
  paths: Array<string>, };

/**
 * Deletes a stash.
 */
export type GitStashDrop = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * Its number.
   */
  index: number, };

/**
 * Brings a stash back.
 */
export type GitStashPop = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * Its number.
   */
  index: number,
  /**
   * Keeps it in the list.
   */
  keep?: boolean, };

/**
 * Puts all changes aside.
 */
export type GitStashPush = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * What they are.
   */
  message?: string,
  /**
   * Untracked files too.
   */
  untracked?: boolean, };

/**
 * Lists stashes.
 */
export type GitStashes = {
  /**
   * The open folder.
   */
  folder: FolderId, };

/**
 * What changed since the last commit.
 */
export type GitState = {
  /**
   * Whether the folder is in a repository; all else is empty without one.
   */
  repository: boolean,
  /**
   * The branch; null when detached.
   */
  branch: string | null,
  /**
   * The commit that is checked out; null before the first.
   */
  commit: string | null,
  /**
   * The remote branch that the branch follows.
   */
  upstream: string | null,
  /**
   * Commits that the upstream has not.
   */
  ahead: number,
  /**
   * Commits that only the upstream has.
   */
  behind: number,
  /**
   * What is under way: `merge`, `rebase`, `cherry-pick`, `revert` or `bisect`.
   */
  doing: string | null,
  /**
   * The files that changed, by path.
   */
  files: Array<GitFile>,
  /**
   * Whether there are more than are listed.
   */
  truncated: boolean, };

/**
 * Tells what changed since the last commit.
 */
export type GitStatus = {
  /**
   * The open folder.
   */
  folder: FolderId, };

/**
 * Talks to a remote, by the user's own git.
 */
export type GitSync = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * What to do.
   */
  act: SyncAct,
  /**
   * Which remote; the branch's own when missing.
   */
  remote?: string, };

/**
 * Takes files out of the next commit; they stay as they are on disk.
 */
export type GitUnstage = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The files or folders; everything when empty.
   */
  paths: Array<string>, };

/**
 * One agent waits for another.
 */
export type GraphEdge = {
  /**
   * Whose result is needed.
   */
  from: AgentName,
  /**
   * Who needs it.
   */
  to: AgentName, };

/**
 * A run's graph and how far it is.
 */
export type GraphView = {
  /**
   * The run.
   */
  run_id: RunId,
  /**
   * Where the run stands.
   */
  status: RunStatus,
  /**
   * Its nodes, in the order of waves.
   */
  nodes: Array<NodeView>,
  /**
   * What waits for what.
   */
  edges: Array<GraphEdge>,
  /**
   * Who works at the same time.
   */
  waves: Array<Array<AgentName>>,
  /**
   * The part of its nodes that is over, 0 to 1.
   */
  progress: number, };

/**
 * How a part is.
 */
export type HealthPart = {
  /**
   * Whether it works.
   */
  ok: boolean,
  /**
   * In words.
   */
  detail: string, };

/**
 * Asks whether the product works.
 */
export type HealthShow = Record<symbol, never>;

/**
 * Whether the product works.
 */
export type HealthView = {
  /**
   * `ok`, or `degraded` when something is missing.
   */
  status: string,
  /**
   * The product's version.
   */
  version: string,
  /**
   * Whether runs can be stored and read.
   */
  database: HealthPart,
  /**
   * Whether a model would answer.
   */
  model: HealthPart,
  /**
   * Whether there is room.
   */
  disk: HealthPart, };

/**
 * A place where two texts differ.
 */
export type Hunk = {
  /**
   * Names the hunk as long as it is the same.
   */
  id: string,
  /**
   * Its first line before, counted from 1.
   */
  old_start: number,
  /**
   * Its lines before.
   */
  old_lines: number,
  /**
   * Its first line after, counted from 1.
   */
  new_start: number,
  /**
   * Its lines after.
   */
  new_lines: number,
  /**
   * Its lines, with some around them.
   */
  lines: Array<HunkLine>, };

/**
 * What to do with a hunk.
 */
export type HunkAct = "stage" | "unstage" | "discard";

/**
 * A line of a hunk.
 */
export type HunkLine = {
  /**
   * Whether it is new, gone or the same.
   */
  change: LineChange,
  /**
   * The line without its end.
   */
  text: string, };

/**
 * Where a run can be opened in a browser.
 */
export type IdeUrl = {
  /**
   * The address.
   */
  url: string, };

/**
 * What a level of indentation is made of.
 */
export type IndentStyle = "space" | "tab";

/**
 * Answers a question about a file (Cmd+L).
 */
export type InlineChat = {
  /**
   * The file, or the part that matters.
   */
  file_context: string,
  /**
   * The question.
   */
  message: string,
  /**
   * The file's path.
   */
  path?: string,
  /**
   * What was said before, oldest first.
   */
  history: Array<ChatTurn>,
  /**
   * `provider/name`.
   */
  model?: string, };

/**
 * Continues the text at the caret (Tab).
 */
export type InlineComplete = {
  /**
   * What stands before the caret.
   */
  prefix: string,
  /**
   * What stands after it.
   */
  suffix: string,
  /**
   * The file, to tell its language.
   */
  path?: string,
  /**
   * `provider/name`.
   */
  model?: string, };

/**
 * What could be typed next; empty when nothing good was found.
 */
export type InlineCompletion = {
  /**
   * The text.
   */
  completion: string, };

/**
 * Edits a piece of code as told (Cmd+K).
 */
export type InlineEdit = {
  /**
   * The code.
   */
  code: string,
  /**
   * What is to be done with it.
   */
  instruction: string,
  /**
   * The file that it is from, to tell its language.
   */
  path?: string,
  /**
   * What stands above it.
   */
  before?: string,
  /**
   * What stands below it.
   */
  after?: string,
  /**
   * `provider/name`.
   */
  model?: string, };

/**
 * The edited code.
 */
export type InlineEdited = {
  /**
   * The code as it should be.
   */
  edited_code: string,
  /**
   * What was done, in a line.
   */
  summary: string, };

/**
 * The answer.
 */
export type InlineReply = {
  /**
   * Markdown.
   */
  reply: string, };

/**
 * What the model does while one types.
 */
export type InlineSettings = {
  /**
   * When completions are shown.
   */
  tab: TabMode,
  /**
   * How long to wait after a key before asking, in milliseconds.
   */
  debounce_ms: number,
  /**
   * Languages without completions.
   */
  disabled_languages: Array<string>,
  /**
   * Globs of files without completions.
   */
  disabled_files: Array<string>,
  /**
   * The model of completions, `provider/name`; chosen by the product when missing.
   */
  complete_model: string | null,
  /**
   * The model of edits, `provider/name`; chosen by the product when missing.
   */
  edit_model: string | null,
  /**
   * The model of the chat, `provider/name`; chosen by the product when missing.
   */
  chat_model: string | null, };

/**
 * An invitation as the invited person sees it.
 */
export type Invite = {
  /**
   * Who invites.
   */
  organization_name: string,
  /**
   * Whom.
   */
  email: string,
  /**
   * What they will be.
   */
  role: Role,
  /**
   * Until when it can be accepted.
   */
  expires_at: Timestamp, };

/**
 * Accepts an invitation: creates the account and its first key.
 */
export type InviteAccept = {
  /**
   * The invitation's token; serves once.
   */
  token: SecretText,
  /**
   * The new account's password.
   */
  password: SecretText, };

/**
 * An invitation into an organisation.
 */
export type InviteId = string;

/**
 * Shows an invitation to whoever holds its token.
 */
export type InviteShow = {
  /**
   * The token.
   */
  token: SecretText, };

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]: JsonValue } | null;

/**
 * Makes another key for the caller.
 */
export type KeyCreate = {
  /**
   * What to call it; 1 to 80 characters.
   */
  name: string, };

/**
 * A new key. It is shown here and never again.
 */
export type KeyCreated = {
  /**
   * The key, `sk_…`.
   */
  api_key: SecretText,
  /**
   * How lists show it.
   */
  key: KeyEntry, };

/**
 * A key as lists show it, without its secret.
 */
export type KeyEntry = {
  /**
   * Its id.
   */
  key_id: KeyId,
  /**
   * What its owner calls it.
   */
  name: string,
  /**
   * The first characters, to tell keys apart.
   */
  starts_with: string,
  /**
   * When it was made.
   */
  created_at: Timestamp,
  /**
   * When it was last used, to the minute.
   */
  last_used_at: Timestamp | null, };

/**
 * A key of a person, without its secret.
 */
export type KeyId = string;

/**
 * Lists the caller's keys.
 */
export type KeyList = Record<symbol, never>;

/**
 * Ends one of the caller's keys at once.
 */
export type KeyRevoke = {
  /**
   * Which.
   */
  key_id: KeyId, };

/**
 * Which keys the editor knows.
 */
export type Keymap = "standard" | "vim";

/**
 * Keys, newest first.
 */
export type Keys = {
  /**
   * The keys.
   */
  keys: Array<KeyEntry>, };

/**
 * A language server.
 */
export type LanguageServer = {
  /**
   * What it is for, as the protocol names languages.
   */
  languages: Array<string>,
  /**
   * Its name.
   */
  name: string,
  /**
   * Its file; null where none is installed.
   */
  program: string | null,
  /**
   * How to install it.
   */
  install: string, };

/**
 * What a language server says.
 */
export type LanguageServerEvent = { "kind": "started",
  /**
   * Names it in further commands.
   */
  server: LanguageServerId,
  /**
   * Its name.
   */
  name: string,
  /**
   * The folder's URI, for `initialize`.
   */
  root: string, } | { "kind": "message",
  /**
   * The message, without its header.
   */
  json: string, };

/**
 * A language server that runs.
 */
export type LanguageServerId = string;

/**
 * Tells which language servers could run.
 */
export type LanguageServerList = {
  /**
   * The open folder.
   */
  folder: FolderId, };

/**
 * Starts a language server for a trusted folder. It ends with the stream.
 */
export type LanguageServerOpen = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * A language that it serves.
   */
  language: string, };

/**
 * Sends a message to a language server.
 */
export type LanguageServerSend = {
  /**
   * Which.
   */
  server: LanguageServerId,
  /**
   * A message of the Language Server Protocol, without its header.
   */
  json: string, };

/**
 * A language server as the user wants it.
 */
export type LanguageServerSettings = {
  /**
   * Whether it may be started.
   */
  enabled: boolean,
  /**
   * Its file; searched for when missing. Only the user's own file may name one.
   */
  program: string | null,
  /**
   * Its arguments; its usual ones when missing. Only the user's own file may name some.
   */
  arguments: Array<string> | null, };

/**
 * The servers that are known.
 */
export type LanguageServers = {
  /**
   * One for each group of languages: the first that is installed.
   */
  servers: Array<LanguageServer>, };

/**
 * What became of a line.
 */
export type LineChange = "same" | "added" | "removed";

/**
 * What ends a line.
 */
export type LineEnding = "lf" | "crlf" | "cr";

/**
 * Something an agent said.
 */
export type LogEntry = {
  /**
   * Its place in the run's history.
   */
  seq: number,
  /**
   * When.
   */
  at: Timestamp,
  /**
   * Who.
   */
  agent: AgentName,
  /**
   * What.
   */
  message: string, };

/**
 * A new key. It is shown here and never again.
 */
export type LoggedIn = {
  /**
   * The key, `sk_…`.
   */
  api_key: SecretText,
  /**
   * The organisation.
   */
  org_id: OrgId,
  /**
   * The person.
   */
  user_id: UserId,
  /**
   * What they may do.
   */
  role: Role, };

/**
 * Who the key belongs to.
 */
export type Me = {
  /**
   * The person.
   */
  user_id: UserId,
  /**
   * Where they can be reached; empty for the local user.
   */
  email: string,
  /**
   * What they may do.
   */
  role: Role,
  /**
   * Their organisation.
   */
  org_id: OrgId,
  /**
   * What people call it.
   */
  organization_name: string,
  /**
   * Its plan: `free`, `pro` or `enterprise`; `local` for the user of the machine.
   */
  plan: string,
  /**
   * The key that asked; null inside the process.
   */
  key: KeyEntry | null, };

/**
 * A person of the organisation.
 */
export type Member = {
  /**
   * The person.
   */
  user_id: UserId,
  /**
   * Where they can be reached.
   */
  email: string,
  /**
   * What they may do.
   */
  role: Role,
  /**
   * Since when.
   */
  joined_at: Timestamp, };

/**
 * The people of an organisation, oldest first, and who is invited.
 */
export type Members = {
  /**
   * Who is in it.
   */
  members: Array<Member>,
  /**
   * Who is invited.
   */
  invites: Array<PendingInvite>, };

/**
 * Compares models by cost and speed.
 */
export type ModelCompare = {
  /**
   * `provider/name` each; all that are configured when missing.
   */
  models?: Array<string>,
  /**
   * Tokens to be sent; 10,000 when missing.
   */
  input_tokens?: number,
  /**
   * Tokens to be received; 2,000 when missing.
   */
  output_tokens?: number, };

/**
 * Models side by side, cheapest first.
 */
export type ModelComparison = {
  /**
   * The tokens sent that the costs are for.
   */
  input_tokens: number,
  /**
   * The tokens received that the costs are for.
   */
  output_tokens: number,
  /**
   * The models.
   */
  models: Array<ComparedModel>, };

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
  provider?: string,
  /**
   * `true`: only models that can be used without paying; `false`: only the others.
   */
  free?: boolean, };

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
 * What can be made.
 */
export type NewEntry = "file" | "folder";

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
 * A file as an editor shows it.
 */
export type OpenedFile = {
  /**
   * The file.
   */
  path: string,
  /**
   * How it can be shown.
   */
  kind: FileKind,
  /**
   * Its text with `\n` between lines, without a byte order mark; null unless `kind` is `text`.
   */
  text: string | null,
  /**
   * How it is encoded.
   */
  encoding: Encoding,
  /**
   * What ends most of its lines.
   */
  line_ending: LineEnding,
  /**
   * Whether some lines end otherwise; saving makes them all alike.
   */
  mixed_line_endings: boolean,
  /**
   * Names this content; null for large files.
   */
  version: string | null,
  /**
   * Its size on disk.
   */
  bytes: number,
  /**
   * Whether it cannot be saved.
   */
  read_only: boolean,
  /**
   * Of images, such as `image/png`.
   */
  media_type: string | null,
  /**
   * What the `.editorconfig` files above it say.
   */
  editor_config: EditorConfig, };

/**
 * An organisation, the boundary between tenants.
 */
export type OrgId = string;

/**
 * An invitation that nobody accepted yet.
 */
export type PendingInvite = {
  /**
   * Its id.
   */
  invite_id: InviteId,
  /**
   * Whom it is for.
   */
  email: string,
  /**
   * What they will be.
   */
  role: Role,
  /**
   * Until when it can be accepted.
   */
  expires_at: Timestamp, };

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
 * A graph by name.
 */
export type PersonaEntry = {
  /**
   * Its name.
   */
  id: string,
  /**
   * `persona` or `hierarchy`.
   */
  kind: string,
  /**
   * What it is for.
   */
  description: string,
  /**
   * Its agents; those of one wave work at the same time.
   */
  waves: Array<Array<string>>, };

/**
 * Asks for personas, hierarchies and roles.
 */
export type PersonaList = Record<symbol, never>;

/**
 * Who can take part in a run, and how they are put together.
 */
export type Personas = {
  /**
   * Execution personas and hierarchies.
   */
  personas: Array<PersonaEntry>,
  /**
   * The roles.
   */
  roles: Array<RoleEntry>, };

/**
 * What a plan costs and allows.
 */
export type Plan = {
  /**
   * `free`, `pro` or `enterprise`.
   */
  id: string,
  /**
   * What people call it.
   */
  name: string,
  /**
   * Its price; null where it is agreed upon.
   */
  price_usd_month: number | null,
  /**
   * What runs may cost in a month; null for no limit.
   */
  budget_usd_month: number | null,
  /**
   * Runs at work at the same time.
   */
  concurrent_runs: number,
  /**
   * People; null for no limit.
   */
  members: number | null,
  /**
   * What it has, in words.
   */
  features: Array<string>, };

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
 * The plans, smallest first.
 */
export type Plans = {
  /**
   * The plans.
   */
  plans: Array<Plan>, };

/**
 * Stored policies, by name.
 */
export type Policies = {
  /**
   * The policies.
   */
  policies: Array<StoredPolicy>, };

/**
 * Stores a policy.
 */
export type PolicyCreate = {
  /**
   * The policy.
   */
  policy: PolicySpec, };

/**
 * A stored policy.
 */
export type PolicyId = string;

/**
 * Lists the stored policies.
 */
export type PolicyList = Record<symbol, never>;

/**
 * Deletes a stored policy.
 */
export type PolicyRemove = {
  /**
   * Which.
   */
  policy_id: PolicyId, };

/**
 * Shows a stored policy.
 */
export type PolicyShow = {
  /**
   * Which.
   */
  policy_id: PolicyId, };

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
 * Replaces a stored policy; runs at work keep the one they started with.
 */
export type PolicyUpdate = {
  /**
   * Which.
   */
  policy_id: PolicyId,
  /**
   * What it says from now on.
   */
  policy: PolicySpec, };

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
  weights: string | null,
  /**
   * After how many seconds the same request may work, where that is known.
   */
  retry_after_s: number | null, };

/**
 * A project and what is remembered of it.
 */
export type Project = {
  /**
   * Its id; `run_start` takes it.
   */
  project_id: ProjectId,
  /**
   * What people call it.
   */
  name: string,
  /**
   * What it is.
   */
  description: string | null,
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
  runs: Array<ProjectRun>,
  /**
   * When it was created.
   */
  created_at: Timestamp,
  /**
   * When it was last changed or used.
   */
  updated_at: Timestamp, };

/**
 * Creates a project.
 */
export type ProjectCreate = {
  /**
   * Its id; made from the name when missing.
   */
  project_id?: ProjectId,
  /**
   * What people call it; 1 to 120 characters.
   */
  name: string,
  /**
   * What it is.
   */
  description?: string, };

/**
 * A persistent project; names the workspace folder `project_<id>`.
 */
export type ProjectId = string;

/**
 * Lists the projects, most recently used first.
 */
export type ProjectList = {
  /**
   * `next_cursor` of the page before.
   */
  cursor?: string,
  /**
   * At most this many; 50 when missing, 200 at most.
   */
  limit?: number, };

/**
 * Deletes a project and its memory. Its files stay on disk until the workspace is deleted.
 */
export type ProjectRemove = {
  /**
   * Which.
   */
  project_id: ProjectId, };

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
 * Changes a project; what is missing stays.
 */
export type ProjectUpdate = {
  /**
   * Which.
   */
  project_id: ProjectId,
  /**
   * What people call it.
   */
  name?: string,
  /**
   * What it is.
   */
  description?: string, };

/**
 * A page of projects.
 */
export type Projects = {
  /**
   * The projects.
   */
  projects: Array<Project>,
  /**
   * Asks for the next page; null at the end.
   */
  next_cursor: string | null, };

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
 * How far a download is.
 */
export type PullProgress = { "kind": "waiting", } | { "kind": "fetching",
  /**
   * From where.
   */
  source: string,
  /**
   * Bytes that are there.
   */
  done: number,
  /**
   * Bytes of the whole.
   */
  total: number, } | { "kind": "gave_up",
  /**
   * Which.
   */
  source: string,
  /**
   * Why.
   */
  reason: string, } | { "kind": "verifying",
  /**
   * Bytes that were read.
   */
  done: number,
  /**
   * Bytes of the whole.
   */
  total: number, } | { "kind": "ready",
  /**
   * Where.
   */
  path: string,
  /**
   * Its size.
   */
  bytes: number, };

/**
 * What a key of the vault may be used for. Agents that build are not in the list: they need the user's own key.
 */
export type Purpose = "chat" | "planner" | "discussion" | "inline" | "review" | "estimate";

/**
 * One question that an agent put to the human.
 */
export type QuestionId = string;

/**
 * A new account. The key is shown here and never again.
 */
export type Registered = {
  /**
   * The key, `sk_…`.
   */
  api_key: SecretText,
  /**
   * The organisation.
   */
  org_id: OrgId,
  /**
   * The person.
   */
  user_id: UserId, };

/**
 * A file to replace text in.
 */
export type ReplaceIn = {
  /**
   * The file.
   */
  path: string,
  /**
   * The content that was searched.
   */
  version: string,
  /**
   * The numbers of the matches to replace; all when missing.
   */
  only?: Array<number>, };

/**
 * What became of a file.
 */
export type ReplacedIn = {
  /**
   * The file.
   */
  path: string,
  /**
   * How many matches were replaced.
   */
  replaced: number,
  /**
   * Names its content now; null where it was changed since the search, or could not be written.
   */
  version: string | null,
  /**
   * Why nothing was replaced in it.
   */
  problem: string | null, };

/**
 * A file that a run changed.
 */
export type ReviewedFile = {
  /**
   * The file.
   */
  path: string,
  /**
   * Its text before the run; null where it was not there, or is no text.
   */
  before: string | null,
  /**
   * Its text after the run; null where it is not there, or is no text.
   */
  after: string | null,
  /**
   * Whether one of the contents is no text.
   */
  binary: boolean,
  /**
   * The places that differ.
   */
  hunks: Array<Hunk>, };

/**
 * What a person may do in their organisation; each may also do what those before it may.
 */
export type Role = "viewer" | "member" | "admin" | "owner";

/**
 * A role of an agent.
 */
export type RoleEntry = {
  /**
   * Its name.
   */
  id: string,
  /**
   * What people call it.
   */
  title: string,
  /**
   * 0 decides for all, 2 builds.
   */
  level: number,
  /**
   * What it does.
   */
  description: string, };

/**
 * Ends a run for good.
 */
export type RunCancel = {
  /**
   * The run.
   */
  run_id: RunId, };

/**
 * Asks for the runs that a run continues and that continue it.
 */
export type RunChain = {
  /**
   * Which.
   */
  run_id: RunId, };

/**
 * Decides about changes of a run: all, those of a file, or one hunk.
 */
export type RunChangeDecide = {
  /**
   * Which.
   */
  run_id: RunId,
  /**
   * The file; all files when missing.
   */
  path?: string,
  /**
   * The hunk's id; the whole file when missing.
   */
  hunk?: string,
  /**
   * What to do.
   */
  decision: Decision, };

/**
 * Shows what a run changed in its workspace.
 */
export type RunChanges = {
  /**
   * Which.
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
 * Saves a file of a run's workspace.
 */
export type RunFileSave = {
  /**
   * Which run.
   */
  run_id: RunId,
  /**
   * Which file; it may be new.
   */
  path: string,
  /**
   * Its text, at most 500 kB.
   */
  content: string,
  /**
   * `hash` of the version that was edited: a newer one is not overwritten.
   */
  expected_hash?: string, };

/**
 * Shows a file of a run's workspace.
 */
export type RunFileShow = {
  /**
   * Which run.
   */
  run_id: RunId,
  /**
   * Which file.
   */
  path: string, };

/**
 * Asks for a run's graph.
 */
export type RunGraph = {
  /**
   * Which.
   */
  run_id: RunId, };

/**
 * One run of the agent graph.
 */
export type RunId = string;

/**
 * Asks where a run can be opened in a browser.
 */
export type RunIdeUrl = {
  /**
   * Which.
   */
  run_id: RunId, };

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
 * A run's shared memory, oldest first.
 */
export type RunLog = {
  /**
   * The run.
   */
  run_id: RunId,
  /**
   * What was said.
   */
  logs: Array<LogEntry>,
  /**
   * `after` of the next page; null at the end.
   */
  next_after: number | null, };

/**
 * Asks for a run's shared memory: what agents told each other.
 */
export type RunLogs = {
  /**
   * Which.
   */
  run_id: RunId,
  /**
   * Only what was said after this `seq`.
   */
  after?: number,
  /**
   * At most this many; 1,000 when missing, 5,000 at most.
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
   * The question that is answered; the oldest when missing. With it, an answer that is sent twice never answers another.
   */
  question_id?: QuestionId,
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
 * What a run changed and nobody decided about yet.
 */
export type RunReview = {
  /**
   * Which.
   */
  run_id: RunId,
  /**
   * Lines added.
   */
  added: number,
  /**
   * Lines removed.
   */
  removed: number,
  /**
   * The files, by path.
   */
  files: Array<ReviewedFile>,
  /**
   * Whether the last decision can be taken back.
   */
  can_undo: boolean, };

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
   * A folder of the user's to work in, absolute, made if there is none; excludes `project_id`.
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
 * Asks what a run used.
 */
export type RunTokens = {
  /**
   * Which.
   */
  run_id: RunId, };

/**
 * Asks whether a run waits for the human.
 */
export type RunWaiting = {
  /**
   * The run.
   */
  run_id: RunId, };

/**
 * Follows runs.
 */
export type RunWatch = {
  /**
   * One run, from `after` to its end; everything from now on when missing.
   */
  run_id?: RunId,
  /**
   * The `seq` of the last event that is known.
   */
  after?: number, };

/**
 * Asks for the files of a run's workspace.
 */
export type RunWorkspace = {
  /**
   * Which.
   */
  run_id: RunId, };

/**
 * What to look for, and in which files.
 */
export type SearchFor = {
  /**
   * Text, or a regular expression in Rust's syntax.
   */
  pattern: string,
  /**
   * Whether `pattern` is a regular expression.
   */
  regex?: boolean,
  /**
   * Whether case matters.
   */
  case_sensitive?: boolean,
  /**
   * Whether only whole words count.
   */
  whole_word?: boolean,
  /**
   * Only files that fit one of these globs; without a slash they match names at any depth.
   */
  include?: Array<string>,
  /**
   * No files that fit one of these globs.
   */
  exclude?: Array<string>,
  /**
   * Also files that git ignores.
   */
  with_ignored?: boolean,
  /**
   * What a replacement would put there; `$1` and `$name` stand for groups of a regular expression. Shown with each match.
   */
  replacement?: string, };

/**
 * A password, key or token in a request or answer. `Debug` prints `***`, so that no log line can hold it.
 */
export type SecretText = string;

/**
 * All settings of the editor.
 */
export type Settings = {
  /**
   * How the window looks.
   */
  appearance: Appearance,
  /**
   * How text is edited.
   */
  editor: EditorSettings,
  /**
   * How files are kept.
   */
  files: FileSettings,
  /**
   * How terminals look and what runs in them.
   */
  terminal: TerminalSettings,
  /**
   * What the model does while one types.
   */
  inline: InlineSettings,
  /**
   * How the repository is worked with.
   */
  git: GitSettings,
  /**
   * Keys by command, such as `"file.save": "Ctrl+S"`; an empty key takes a command's key away.
   */
  keys: { [key in string]: string },
  /**
   * Language servers by name, such as `rust-analyzer`.
   */
  language_servers: { [key in string]: LanguageServerSettings }, };

/**
 * A settings file.
 */
export type SettingsFile = {
  /**
   * Where it is.
   */
  path: string,
  /**
   * Its text, comments included; empty where there is none.
   */
  text: string,
  /**
   * Names the text; null where there is none.
   */
  version: string | null,
  /**
   * Whether it holds; not so when it is not valid, or the folder is not trusted.
   */
  applied: boolean,
  /**
   * What is wrong with it. A file with problems is left as it is, and the defaults hold.
   */
  problems: Array<SettingsProblem>, };

/**
 * Something wrong with a settings file.
 */
export type SettingsProblem = {
  /**
   * Counted from 1.
   */
  line: number,
  /**
   * Counted from 1.
   */
  column: number,
  /**
   * What.
   */
  message: string, };

/**
 * Saves a settings file as it was typed.
 */
export type SettingsSave = {
  /**
   * The project's file of this folder; the user's when missing.
   */
  folder?: FolderId,
  /**
   * Its text: JSON with comments.
   */
  text: string,
  /**
   * The version that it was made from; a file that must not exist yet when missing.
   */
  base_version?: string, };

/**
 * Shows the JSON schema of the settings.
 */
export type SettingsSchema = Record<symbol, never>;

/**
 * The JSON schema of the settings.
 */
export type SettingsSchemaView = {
  /**
   * JSON Schema 2020-12.
   */
  schema: JsonValue, };

/**
 * Changes one setting in a file; comments and all else stay.
 */
export type SettingsSet = {
  /**
   * The project's file of this folder; the user's when missing.
   */
  folder?: FolderId,
  /**
   * Which, such as `editor.tab_size`.
   */
  key: string,
  /**
   * Its value; the setting is taken out when missing.
   */
  value?: JsonValue, };

/**
 * Shows the settings as they hold, and the files that they come from.
 */
export type SettingsShow = {
  /**
   * With the project's settings of this folder, if it is trusted.
   */
  folder?: FolderId, };

/**
 * The settings as they hold.
 */
export type SettingsView = {
  /**
   * Defaults, then the user's, then the project's.
   */
  settings: Settings,
  /**
   * The user's file.
   */
  user: SettingsFile,
  /**
   * The project's file; null without a folder.
   */
  project: SettingsFile | null, };

/**
 * Changes that were put aside.
 */
export type Stash = {
  /**
   * Its number, from 0.
   */
  index: number,
  /**
   * The commit that holds it.
   */
  commit: string,
  /**
   * What it is.
   */
  message: string, };

/**
 * The stashes, the latest first.
 */
export type Stashes = {
  /**
   * The stashes.
   */
  stashes: Array<Stash>, };

/**
 * A stored policy.
 */
export type StoredPolicy = {
  /**
   * Its id; `run_start` takes it.
   */
  policy_id: PolicyId,
  /**
   * When it was stored.
   */
  created_at: Timestamp,
  /**
   * When it was last changed.
   */
  updated_at: Timestamp,
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
 * An organisation's subscription.
 */
export type Subscription = {
  /**
   * `free`, `pro` or `enterprise`; `local` for the user of the machine.
   */
  plan: string,
  /**
   * `active`, or what the payment provider calls it.
   */
  status: string,
  /**
   * Whether this server takes payments.
   */
  payments_configured: boolean,
  /**
   * Until when it is paid.
   */
  current_period_end: Timestamp | null, };

/**
 * What to do with a remote.
 */
export type SyncAct = "fetch" | "pull" | "push";

/**
 * What git says.
 */
export type SyncProgress = { "kind": "line",
  /**
   * The line.
   */
  text: string, } | { "kind": "done", };

/**
 * When completions are shown.
 */
export type TabMode = "eager" | "subtle" | "off";

/**
 * What a command reads or makes stale; a client reloads what carries the same tag.
 */
export type Tag = "runs" | "waiting" | "projects" | "models" | "accounts" | "credentials" | "policies" | "tasks" | "billing" | "folders" | "git" | "settings";

/**
 * A piece of queued work.
 */
export type Task = {
  /**
   * Its id.
   */
  task_id: TaskId,
  /**
   * What is to be done, in a line.
   */
  title: string,
  /**
   * The objective in full.
   */
  description: string | null,
  /**
   * The project.
   */
  project_id: ProjectId | null,
  /**
   * Execution persona.
   */
  persona: string | null,
  /**
   * `provider/name`.
   */
  model: string | null,
  /**
   * Where it stands.
   */
  status: TaskStatus,
  /**
   * Its run, once it started.
   */
  run_id: RunId | null,
  /**
   * The captured event that it was made from.
   */
  event_id: CaptureEventId | null,
  /**
   * Why it could not start.
   */
  error: string | null,
  /**
   * When it was queued.
   */
  created_at: Timestamp,
  /**
   * When it last changed.
   */
  updated_at: Timestamp, };

/**
 * Ends a task, and its run.
 */
export type TaskCancel = {
  /**
   * Which.
   */
  task_id: TaskId, };

/**
 * Queues work; a run starts as soon as the organisation has room for one more.
 */
export type TaskCreate = {
  /**
   * What is to be done, in a line; also the objective when there is no description.
   */
  title: string,
  /**
   * The objective in full.
   */
  description?: string,
  /**
   * The project whose workspace and memory the run goes on with.
   */
  project_id?: ProjectId,
  /**
   * Execution persona.
   */
  persona?: string,
  /**
   * `provider/name`.
   */
  model?: string, };

/**
 * A queued piece of work.
 */
export type TaskId = string;

/**
 * Lists tasks, newest first.
 */
export type TaskList = {
  /**
   * Only of this project.
   */
  project_id?: ProjectId,
  /**
   * Only in this state.
   */
  status?: TaskStatus,
  /**
   * `next_cursor` of the page before.
   */
  cursor?: string,
  /**
   * At most this many; 50 when missing, 200 at most.
   */
  limit?: number, };

/**
 * A page of tasks.
 */
export type TaskPage = {
  /**
   * The tasks.
   */
  tasks: Array<Task>,
  /**
   * Asks for the next page; null at the end.
   */
  next_cursor: string | null, };

/**
 * Shows a task.
 */
export type TaskShow = {
  /**
   * Which.
   */
  task_id: TaskId, };

/**
 * Where a task stands; it follows its run.
 */
export type TaskStatus = "queued" | "running" | "completed" | "failed" | "cancelled";

/**
 * Changes a task that is still queued; what is missing stays.
 */
export type TaskUpdate = {
  /**
   * Which.
   */
  task_id: TaskId,
  /**
   * What is to be done, in a line.
   */
  title?: string,
  /**
   * The objective in full.
   */
  description?: string,
  /**
   * The project.
   */
  project_id?: ProjectId, };

/**
 * Invites somebody into the caller's organisation.
 */
export type TeamInvite = {
  /**
   * Whom.
   */
  email: string,
  /**
   * What they will be; `member` when missing. Nobody invites above their own role.
   */
  role?: Role, };

/**
 * The invitation. It is mailed where mail is set up; the token is shown here and never again.
 */
export type TeamInvited = {
  /**
   * Its id.
   */
  invite_id: InviteId,
  /**
   * Lets its holder join.
   */
  token: SecretText,
  /**
   * Whom it is for.
   */
  email: string,
  /**
   * What they will be.
   */
  role: Role,
  /**
   * Whether a mail was sent.
   */
  mailed: boolean,
  /**
   * Until when it can be accepted.
   */
  expires_at: Timestamp, };

/**
 * Lists the people of the organisation.
 */
export type TeamMembers = Record<symbol, never>;

/**
 * Removes a person and ends their keys. The last owner stays.
 */
export type TeamRemove = {
  /**
   * Whom.
   */
  user_id: UserId, };

/**
 * Changes what a person may do. The last owner stays an owner.
 */
export type TeamSetRole = {
  /**
   * Whom.
   */
  user_id: UserId,
  /**
   * What they will be.
   */
  role: Role, };

/**
 * Ends a terminal and everything that runs in it.
 */
export type TerminalClose = {
  /**
   * Which.
   */
  terminal: TerminalId, };

/**
 * What a terminal does.
 */
export type TerminalEvent = { "kind": "opened",
  /**
   * Names it in further commands.
   */
  terminal: TerminalId,
  /**
   * The shell's file.
   */
  shell: string, } | { "kind": "output",
  /**
   * What; bytes that are no UTF-8 are replaced.
   */
  text: string, } | { "kind": "exited",
  /**
   * Its exit code; null when a signal ended it.
   */
  code: number | null, };

/**
 * A terminal of the user.
 */
export type TerminalId = string;

/**
 * Opens a terminal. It ends with the stream.
 */
export type TerminalOpen = {
  /**
   * The folder that it starts in.
   */
  folder: FolderId,
  /**
   * Its width.
   */
  columns: number,
  /**
   * Its height.
   */
  rows: number,
  /**
   * A folder in it to start in.
   */
  path?: string,
  /**
   * The shell's file; the user's own when missing.
   */
  shell?: string, };

/**
 * Tells a terminal its size.
 */
export type TerminalResize = {
  /**
   * Which.
   */
  terminal: TerminalId,
  /**
   * Its width.
   */
  columns: number,
  /**
   * Its height.
   */
  rows: number, };

/**
 * How terminals look and what runs in them.
 */
export type TerminalSettings = {
  /**
   * The shell's file; the user's own when empty.
   */
  shell: string,
  /**
   * The size of the text, in pixels.
   */
  font_size: number,
  /**
   * Lines that can be scrolled back to.
   */
  scroll_back: number, };

/**
 * Types into a terminal.
 */
export type TerminalWrite = {
  /**
   * Which.
   */
  terminal: TerminalId,
  /**
   * What is typed.
   */
  text: string, };

/**
 * What a search found.
 */
export type TextFound = { "kind": "file",
  /**
   * The file.
   */
  path: string,
  /**
   * Names the content that was searched.
   */
  version: string,
  /**
   * The lines that match.
   */
  lines: Array<FoundLine>, } | { "kind": "done",
  /**
   * Files with matches.
   */
  files: number,
  /**
   * Matches.
   */
  matches: number,
  /**
   * Files that were looked into.
   */
  searched: number,
  /**
   * Whether there are more matches.
   */
  truncated: boolean, };

/**
 * Replaces what a search found, in files that are as they were then.
 */
export type TextReplace = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * The same as was searched for, with a replacement.
   */
  query: SearchFor,
  /**
   * The files, as the search told them.
   */
  files: Array<ReplaceIn>, };

/**
 * What was replaced.
 */
export type TextReplaced = {
  /**
   * The files that were asked for, in their order.
   */
  files: Array<ReplacedIn>, };

/**
 * Searches the files of a folder for text, with ripgrep's engine.
 */
export type TextSearch = {
  /**
   * The open folder.
   */
  folder: FolderId,
  /**
   * What to look for, and where.
   */
  query: SearchFor,
  /**
   * Ends after this many matches; 20,000 when missing.
   */
  max_matches?: number, };

/**
 * Light or dark.
 */
export type Theme = "system" | "light" | "dark";

/**
 * A moment in time; fields that hold one are named `*_at`.
 */
export type Timestamp = string;

/**
 * What a window says about its streams.
 */
export type ToStreams = {
  /**
   * A number that the window did not use before.
   */
  open: number,
  /**
   * The stream's name.
   */
  stream: string,
  /**
   * Its request.
   */
  request: JsonValue, } | {
  /**
   * Which.
   */
  close: number, } | {
  /**
   * Of which stream.
   */
  ack: number,
  /**
   * How many.
   */
  items: number, };

/**
 * What a run used, by agent.
 */
export type TokenBreakdown = {
  /**
   * The run.
   */
  run_id: RunId,
  /**
   * Its model, `provider/name`.
   */
  model: string,
  /**
   * All tokens.
   */
  total: TokenUsage,
  /**
   * Sent and received together.
   */
  total_tokens: number,
  /**
   * What they cost.
   */
  cost_usd: number,
  /**
   * The same by agent, in the order of waves.
   */
  agents: Array<AgentTokens>, };

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
 * What an organisation used in the current calendar month (UTC).
 */
export type Usage = {
  /**
   * Its first moment.
   */
  period_start: Timestamp,
  /**
   * The first moment of the next.
   */
  period_end: Timestamp,
  /**
   * Runs that were started.
   */
  runs: number,
  /**
   * Tokens of all runs.
   */
  tokens: TokenUsage,
  /**
   * What they cost, by the catalogue's prices.
   */
  cost_usd: number,
  /**
   * What they may cost; null for no limit.
   */
  budget_usd: number | null,
  /**
   * What is left; null for no limit.
   */
  remaining_usd: number | null, };

/**
 * A person within an organisation.
 */
export type UserId = string;

/**
 * The vault, in the order in which its keys are tried.
 */
export type Vault = {
  /**
   * The entries.
   */
  entries: Array<VaultEntry>, };

/**
 * Adds a key to the vault, encrypted.
 */
export type VaultAdd = {
  /**
   * The provider's id.
   */
  provider: string,
  /**
   * The key.
   */
  api_key: SecretText,
  /**
   * The model to use; the provider's first when missing.
   */
  model?: string,
  /**
   * Smaller is tried first; behind the last one when missing.
   */
  priority?: number,
  /**
   * What it may be used for; everything when missing.
   */
  purposes?: Array<Purpose>, };

/**
 * A key that the organisation's admins provide.
 */
export type VaultEntry = {
  /**
   * Its id.
   */
  entry_id: VaultEntryId,
  /**
   * The provider's id.
   */
  provider: string,
  /**
   * The model to use; the provider's first when missing.
   */
  model: string | null,
  /**
   * Smaller is tried first.
   */
  priority: number,
  /**
   * What it may be used for.
   */
  purposes: Array<Purpose>,
  /**
   * The last four characters of the key.
   */
  key_hint: string,
  /**
   * When it was stored.
   */
  created_at: Timestamp, };

/**
 * A key in an organisation's vault.
 */
export type VaultEntryId = string;

/**
 * Lists the vault.
 */
export type VaultList = Record<symbol, never>;

/**
 * Deletes a key of the vault.
 */
export type VaultRemove = {
  /**
   * Which.
   */
  entry_id: VaultEntryId, };

/**
 * Asks the provider whether it accepts the key, with one very short question.
 */
export type VaultTest = {
  /**
   * Which.
   */
  entry_id: VaultEntryId, };

/**
 * What the provider said.
 */
export type VaultTested = {
  /**
   * Whether it answered.
   */
  ok: boolean,
  /**
   * The model that was asked, `provider/name`.
   */
  model: string,
  /**
   * How long it took.
   */
  latency_ms: number,
  /**
   * Why it did not answer.
   */
  error: string | null, };

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
 * Downloads the embedded model's weights.
 */
export type WeightsPull = {
  /**
   * Which; the default for runs when missing.
   */
  id?: string, };

/**
 * Deletes weights from disk.
 */
export type WeightsRemove = {
  /**
   * Which.
   */
  id: string, };

/**
 * Some lines of a file.
 */
export type WindowOfLines = {
  /**
   * The first line, counted from 0.
   */
  first_line: number,
  /**
   * The lines without their ends; long ones are cut at 10,000 characters.
   */
  lines: Array<string>,
  /**
   * How many lines were counted so far.
   */
  known_lines: number,
  /**
   * How many bytes were looked through so far.
   */
  known_bytes: number,
  /**
   * The size of the file. All lines are counted when `known_bytes` has reached it; ask again until then.
   */
  bytes: number, };

/**
 * The state of a window.
 */
export type WindowState = {
  /**
   * In the window's own words; null where none was kept.
   */
  state: string | null, };

/**
 * Reads the state of a window.
 */
export type WindowStateLoad = {
  /**
   * Which.
   */
  window: string, };

/**
 * Keeps the state of a window: tabs, carets, sizes. At most 4 MB.
 */
export type WindowStateSave = {
  /**
   * Names it; the window chooses, at most 200 characters.
   */
  window: string,
  /**
   * The state, in the window's own words.
   */
  state: string, };

/**
 * The files of a run's workspace, ignored and hidden ones left out.
 */
export type WorkspaceView = {
  /**
   * The run.
   */
  run_id: RunId,
  /**
   * The files, by path.
   */
  files: Array<FileEntry>,
  /**
   * How many.
   */
  total_files: number,
  /**
   * How large together.
   */
  total_bytes: number,
  /**
   * Whether there are more than are listed.
   */
  truncated: boolean, };

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
  run_tokens: { request: RunTokens; answer: TokenBreakdown };
  run_graph: { request: RunGraph; answer: GraphView };
  run_logs: { request: RunLogs; answer: RunLog };
  run_workspace: { request: RunWorkspace; answer: WorkspaceView };
  run_file_show: { request: RunFileShow; answer: FileView };
  run_file_save: { request: RunFileSave; answer: FileSaved };
  run_chain: { request: RunChain; answer: Chain };
  run_ide_url: { request: RunIdeUrl; answer: IdeUrl };
  run_changes: { request: RunChanges; answer: RunReview };
  run_change_decide: { request: RunChangeDecide; answer: RunReview };
  persona_list: { request: PersonaList; answer: Personas };
  project_create: { request: ProjectCreate; answer: Project };
  project_list: { request: ProjectList; answer: Projects };
  project_show: { request: ProjectShow; answer: Project };
  project_update: { request: ProjectUpdate; answer: Project };
  project_remove: { request: ProjectRemove; answer: Done };
  policy_create: { request: PolicyCreate; answer: StoredPolicy };
  policy_list: { request: PolicyList; answer: Policies };
  policy_show: { request: PolicyShow; answer: StoredPolicy };
  policy_update: { request: PolicyUpdate; answer: StoredPolicy };
  policy_remove: { request: PolicyRemove; answer: Done };
  task_create: { request: TaskCreate; answer: Task };
  task_list: { request: TaskList; answer: TaskPage };
  task_show: { request: TaskShow; answer: Task };
  task_update: { request: TaskUpdate; answer: Task };
  task_cancel: { request: TaskCancel; answer: Task };
  capture_add: { request: CaptureAdd; answer: CaptureEvent };
  capture_list: { request: CaptureList; answer: CapturePage };
  capture_convert: { request: CaptureConvert; answer: Task };
  inline_edit: { request: InlineEdit; answer: InlineEdited };
  inline_chat: { request: InlineChat; answer: InlineReply };
  inline_complete: { request: InlineComplete; answer: InlineCompletion };
  model_list: { request: ModelList; answer: Models };
  model_compare: { request: ModelCompare; answer: ModelComparison };
  weights_list: { request: WeightsList; answer: WeightsPage };
  weights_remove: { request: WeightsRemove; answer: Done };
  credential_add: { request: CredentialAdd; answer: Credential };
  credential_list: { request: CredentialList; answer: Credentials };
  credential_remove: { request: CredentialRemove; answer: Done };
  credential_set_default: { request: CredentialSetDefault; answer: Credential };
  free_runs_show: { request: FreeRunsShow; answer: FreeRuns };
  vault_add: { request: VaultAdd; answer: VaultEntry };
  vault_list: { request: VaultList; answer: Vault };
  vault_remove: { request: VaultRemove; answer: Done };
  vault_test: { request: VaultTest; answer: VaultTested };
  auth_register: { request: AuthRegister; answer: Registered };
  auth_login: { request: AuthLogin; answer: LoggedIn };
  auth_forgot: { request: AuthForgot; answer: Done };
  auth_reset: { request: AuthReset; answer: Done };
  auth_me: { request: AuthMe; answer: Me };
  key_create: { request: KeyCreate; answer: KeyCreated };
  key_list: { request: KeyList; answer: Keys };
  key_revoke: { request: KeyRevoke; answer: Done };
  team_invite: { request: TeamInvite; answer: TeamInvited };
  team_members: { request: TeamMembers; answer: Members };
  team_remove: { request: TeamRemove; answer: Done };
  team_set_role: { request: TeamSetRole; answer: Member };
  invite_show: { request: InviteShow; answer: Invite };
  invite_accept: { request: InviteAccept; answer: Registered };
  billing_plans: { request: BillingPlans; answer: Plans };
  billing_usage: { request: BillingUsage; answer: Usage };
  billing_status: { request: BillingStatus; answer: Subscription };
  billing_checkout: { request: BillingCheckout; answer: BillingLink };
  billing_portal: { request: BillingPortal; answer: BillingLink };
  health_show: { request: HealthShow; answer: HealthView };
  folder_open: { request: FolderOpen; answer: Folder };
  folder_list: { request: FolderList; answer: Folders };
  folder_trust: { request: FolderTrust; answer: Folder };
  folder_forget: { request: FolderForget; answer: Done };
  folder_browse: { request: FolderBrowse; answer: BrowsedFolder };
  dir_list: { request: DirList; answer: DirListing };
  file_open: { request: FileOpen; answer: OpenedFile };
  file_bytes: { request: FileBytes; answer: FileContent };
  file_window: { request: FileWindow; answer: WindowOfLines };
  file_save: { request: FileSave; answer: FileStored };
  entry_create: { request: EntryCreate; answer: Done };
  entry_rename: { request: EntryRename; answer: Done };
  entry_copy: { request: EntryCopy; answer: Done };
  entry_remove: { request: EntryRemove; answer: EntryRemoved };
  files_find: { request: FilesFind; answer: FoundFiles };
  text_replace: { request: TextReplace; answer: TextReplaced };
  git_init: { request: GitInit; answer: Done };
  git_status: { request: GitStatus; answer: GitState };
  git_diff: { request: GitDiff; answer: FileDiff };
  git_stage: { request: GitStage; answer: Done };
  git_unstage: { request: GitUnstage; answer: Done };
  git_discard: { request: GitDiscard; answer: Done };
  git_hunk: { request: GitHunk; answer: Done };
  git_commit: { request: GitCommit; answer: GitCommitted };
  git_log: { request: GitLog; answer: GitHistory };
  git_commit_show: { request: GitCommitShow; answer: CommitDetail };
  git_blame: { request: GitBlame; answer: Blame };
  git_branches: { request: GitBranches; answer: Branches };
  git_branch_create: { request: GitBranchCreate; answer: Done };
  git_branch_checkout: { request: GitBranchCheckout; answer: Done };
  git_branch_delete: { request: GitBranchDelete; answer: Done };
  git_stashes: { request: GitStashes; answer: Stashes };
  git_stash_push: { request: GitStashPush; answer: Done };
  git_stash_pop: { request: GitStashPop; answer: Done };
  git_stash_drop: { request: GitStashDrop; answer: Done };
  git_conflict_show: { request: GitConflictShow; answer: Conflict };
  terminal_write: { request: TerminalWrite; answer: Done };
  terminal_resize: { request: TerminalResize; answer: Done };
  terminal_close: { request: TerminalClose; answer: Done };
  language_server_list: { request: LanguageServerList; answer: LanguageServers };
  language_server_send: { request: LanguageServerSend; answer: Done };
  draft_save: { request: DraftSave; answer: Done };
  draft_list: { request: DraftList; answer: Drafts };
  draft_remove: { request: DraftRemove; answer: Done };
  window_state_save: { request: WindowStateSave; answer: Done };
  window_state_load: { request: WindowStateLoad; answer: WindowState };
  settings_show: { request: SettingsShow; answer: SettingsView };
  settings_save: { request: SettingsSave; answer: SettingsView };
  settings_set: { request: SettingsSet; answer: SettingsView };
  settings_schema: { request: SettingsSchema; answer: SettingsSchemaView };
}

/** Every stream with its request and items. */
export interface Streams {
  folder_watch: { request: FolderWatch; item: FolderChange };
  text_search: { request: TextSearch; item: TextFound };
  terminal_open: { request: TerminalOpen; item: TerminalEvent };
  language_server_open: { request: LanguageServerOpen; item: LanguageServerEvent };
  git_sync: { request: GitSync; item: SyncProgress };
  weights_pull: { request: WeightsPull; item: PullProgress };
  run_watch: { request: RunWatch; item: EventFrame };
  inline_complete_stream: { request: InlineComplete; item: CompletionPiece };
  inline_edit_stream: { request: InlineEdit; item: EditPiece };
  inline_chat_stream: { request: InlineChat; item: ChatPiece };
}

/** Items of a stream that may be on their way before the window says that it took some. */
export const STREAM_CREDIT = 64;

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
  run_tokens: { provides: ["runs"], invalidates: [] },
  run_graph: { provides: ["runs"], invalidates: [] },
  run_logs: { provides: ["runs"], invalidates: [] },
  run_workspace: { provides: ["runs"], invalidates: [] },
  run_file_show: { provides: ["runs"], invalidates: [] },
  run_file_save: { provides: [], invalidates: ["runs"] },
  run_chain: { provides: ["runs"], invalidates: [] },
  run_ide_url: { provides: [], invalidates: [] },
  run_changes: { provides: ["runs"], invalidates: [] },
  run_change_decide: { provides: [], invalidates: ["runs","git"] },
  persona_list: { provides: [], invalidates: [] },
  project_create: { provides: [], invalidates: ["projects"] },
  project_list: { provides: ["projects"], invalidates: [] },
  project_show: { provides: ["projects"], invalidates: [] },
  project_update: { provides: [], invalidates: ["projects"] },
  project_remove: { provides: [], invalidates: ["projects"] },
  policy_create: { provides: [], invalidates: ["policies"] },
  policy_list: { provides: ["policies"], invalidates: [] },
  policy_show: { provides: ["policies"], invalidates: [] },
  policy_update: { provides: [], invalidates: ["policies"] },
  policy_remove: { provides: [], invalidates: ["policies"] },
  task_create: { provides: [], invalidates: ["tasks","runs"] },
  task_list: { provides: ["tasks"], invalidates: [] },
  task_show: { provides: ["tasks"], invalidates: [] },
  task_update: { provides: [], invalidates: ["tasks"] },
  task_cancel: { provides: [], invalidates: ["tasks","runs"] },
  capture_add: { provides: [], invalidates: ["tasks"] },
  capture_list: { provides: ["tasks"], invalidates: [] },
  capture_convert: { provides: [], invalidates: ["tasks"] },
  inline_edit: { provides: [], invalidates: [] },
  inline_chat: { provides: [], invalidates: [] },
  inline_complete: { provides: [], invalidates: [] },
  model_list: { provides: ["models"], invalidates: [] },
  model_compare: { provides: ["models"], invalidates: [] },
  weights_list: { provides: ["models"], invalidates: [] },
  weights_remove: { provides: [], invalidates: ["models"] },
  credential_add: { provides: [], invalidates: ["credentials"] },
  credential_list: { provides: ["credentials"], invalidates: [] },
  credential_remove: { provides: [], invalidates: ["credentials"] },
  credential_set_default: { provides: [], invalidates: ["credentials"] },
  free_runs_show: { provides: ["credentials"], invalidates: [] },
  vault_add: { provides: [], invalidates: ["credentials"] },
  vault_list: { provides: ["credentials"], invalidates: [] },
  vault_remove: { provides: [], invalidates: ["credentials"] },
  vault_test: { provides: [], invalidates: [] },
  auth_register: { provides: [], invalidates: [] },
  auth_login: { provides: [], invalidates: [] },
  auth_forgot: { provides: [], invalidates: [] },
  auth_reset: { provides: [], invalidates: [] },
  auth_me: { provides: ["accounts"], invalidates: [] },
  key_create: { provides: [], invalidates: ["accounts"] },
  key_list: { provides: ["accounts"], invalidates: [] },
  key_revoke: { provides: [], invalidates: ["accounts"] },
  team_invite: { provides: [], invalidates: ["accounts"] },
  team_members: { provides: ["accounts"], invalidates: [] },
  team_remove: { provides: [], invalidates: ["accounts"] },
  team_set_role: { provides: [], invalidates: ["accounts"] },
  invite_show: { provides: [], invalidates: [] },
  invite_accept: { provides: [], invalidates: [] },
  billing_plans: { provides: [], invalidates: [] },
  billing_usage: { provides: ["billing"], invalidates: [] },
  billing_status: { provides: ["billing"], invalidates: [] },
  billing_checkout: { provides: [], invalidates: [] },
  billing_portal: { provides: [], invalidates: [] },
  health_show: { provides: [], invalidates: [] },
  folder_open: { provides: [], invalidates: ["folders"] },
  folder_list: { provides: ["folders"], invalidates: [] },
  folder_trust: { provides: [], invalidates: ["folders","settings"] },
  folder_forget: { provides: [], invalidates: ["folders"] },
  folder_browse: { provides: [], invalidates: [] },
  dir_list: { provides: [], invalidates: [] },
  file_open: { provides: [], invalidates: [] },
  file_bytes: { provides: [], invalidates: [] },
  file_window: { provides: [], invalidates: [] },
  file_save: { provides: [], invalidates: [] },
  entry_create: { provides: [], invalidates: [] },
  entry_rename: { provides: [], invalidates: [] },
  entry_copy: { provides: [], invalidates: [] },
  entry_remove: { provides: [], invalidates: [] },
  files_find: { provides: [], invalidates: [] },
  text_replace: { provides: [], invalidates: ["git"] },
  git_init: { provides: [], invalidates: ["git"] },
  git_status: { provides: ["git"], invalidates: [] },
  git_diff: { provides: ["git"], invalidates: [] },
  git_stage: { provides: [], invalidates: ["git"] },
  git_unstage: { provides: [], invalidates: ["git"] },
  git_discard: { provides: [], invalidates: ["git"] },
  git_hunk: { provides: [], invalidates: ["git"] },
  git_commit: { provides: [], invalidates: ["git"] },
  git_log: { provides: ["git"], invalidates: [] },
  git_commit_show: { provides: [], invalidates: [] },
  git_blame: { provides: ["git"], invalidates: [] },
  git_branches: { provides: ["git"], invalidates: [] },
  git_branch_create: { provides: [], invalidates: ["git"] },
  git_branch_checkout: { provides: [], invalidates: ["git"] },
  git_branch_delete: { provides: [], invalidates: ["git"] },
  git_stashes: { provides: ["git"], invalidates: [] },
  git_stash_push: { provides: [], invalidates: ["git"] },
  git_stash_pop: { provides: [], invalidates: ["git"] },
  git_stash_drop: { provides: [], invalidates: ["git"] },
  git_conflict_show: { provides: ["git"], invalidates: [] },
  terminal_write: { provides: [], invalidates: [] },
  terminal_resize: { provides: [], invalidates: [] },
  terminal_close: { provides: [], invalidates: [] },
  language_server_list: { provides: ["settings"], invalidates: [] },
  language_server_send: { provides: [], invalidates: [] },
  draft_save: { provides: [], invalidates: [] },
  draft_list: { provides: [], invalidates: [] },
  draft_remove: { provides: [], invalidates: [] },
  window_state_save: { provides: [], invalidates: [] },
  window_state_load: { provides: [], invalidates: [] },
  settings_show: { provides: ["settings"], invalidates: [] },
  settings_save: { provides: [], invalidates: ["settings"] },
  settings_set: { provides: [], invalidates: ["settings"] },
  settings_schema: { provides: [], invalidates: [] },
};

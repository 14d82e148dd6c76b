//! The words that leave the process: ids, commands, events and error codes.
//!
//! Data only. Every host (command line, server, desktop) and every client speaks these types and no others, and the
//! TypeScript in `bindings/` is generated from them. Must not know: how anything is done, where it is stored, who
//! carries it.

mod accounts;
mod billing;
mod commands;
mod error;
mod events;
mod ide;
mod ids;
mod inline;
mod keys;
mod models;
mod outputs;
mod policy;
mod projects;
mod routes;
mod runs;
mod secret;
mod streams;
mod time;
#[cfg(feature = "schema")]
pub mod typescript;
mod work;

pub use accounts::{
    AuthForgot, AuthLogin, AuthMe, AuthRegister, AuthReset, Invite, InviteAccept, InviteShow, KeyCreate,
    KeyCreated, KeyEntry, KeyList, KeyRevoke, Keys, LoggedIn, Me, Member, Members, PendingInvite, Registered,
    Role, TeamInvite, TeamInvited, TeamMembers, TeamRemove, TeamSetRole,
};
pub use billing::{
    BillingCheckout, BillingLink, BillingPlans, BillingPortal, BillingStatus, BillingUsage, Plan, Plans,
    Subscription, Usage,
};
pub use commands::{
    Answering, Api, COMMANDS, Call, Caller, CommandInfo, CommandVisitor, Guarded, Right, Tag, Transport,
    dispatch, visit_commands,
};
pub use error::{ErrorCode, Problem};
pub use events::{DebugInfo, EventFrame, Evidence, PlannedNode, RunEvent};
pub use ide::{
    Appearance, AutoSave, Blame, BlameSpan, Branch, Branches, BrowsedFolder, ChangedEntry, ChatPiece, Commit,
    CommitDetail, CommitFile, CompletionPiece, Conflict, Decision, Density, DirEntry, DirList, DirListing,
    Draft, DraftList, DraftRemove, DraftSave, Drafts, EditPiece, EditorConfig, EditorSettings, Encoding,
    EntryCopy, EntryCreate, EntryKind, EntryRemove, EntryRemoved, EntryRename, FileBytes, FileContent,
    FileDiff, FileKind, FileOpen, FileSave, FileSettings, FileStored, FileWindow, FilesFind, Folder,
    FolderBrowse, FolderChange, FolderForget, FolderList, FolderOpen, FolderTrust, FolderWatch, Folders,
    FoundFile, FoundFiles, FoundLine, FoundMatch, GitBlame, GitBranchCheckout, GitBranchCreate,
    GitBranchDelete, GitBranches, GitChange, GitCommit, GitCommitShow, GitCommitted, GitConflictShow,
    GitDiff, GitDiscard, GitFile, GitHistory, GitHunk, GitInit, GitLog, GitSettings, GitSide, GitStage,
    GitStashDrop, GitStashPop, GitStashPush, GitStashes, GitState, GitStatus, GitSync, GitUnstage, Hunk,
    HunkAct, HunkLine, IndentStyle, InlineSettings, Keymap, LanguageServer, LanguageServerEvent,
    LanguageServerList, LanguageServerOpen, LanguageServerSend, LanguageServerSettings, LanguageServers,
    LineChange, LineEnding, NewEntry, OpenedFile, PullProgress, ReplaceIn, ReplacedIn, ReviewedFile,
    RunChangeDecide, RunChanges, RunReview, RunWatch, SearchFor, Settings, SettingsFile, SettingsProblem,
    SettingsSave, SettingsSchema, SettingsSchemaView, SettingsSet, SettingsShow, SettingsView, Stash,
    Stashes, SyncAct, SyncProgress, TabMode, TerminalClose, TerminalEvent, TerminalOpen, TerminalResize,
    TerminalSettings, TerminalWrite, TextFound, TextReplace, TextReplaced, TextSearch, Theme, WeightsPull,
    WindowOfLines, WindowState, WindowStateLoad, WindowStateSave,
};
pub use ids::{
    AgentName, CaptureEventId, CredentialId, FolderId, InvalidId, InviteId, KeyId, LanguageServerId, OrgId,
    PolicyId, ProjectId, QuestionId, RunId, TaskId, TerminalId, UserId, VaultEntryId, generate,
};
pub use inline::{
    ChatTurn, InlineChat, InlineComplete, InlineCompletion, InlineEdit, InlineEdited, InlineReply,
};
pub use keys::{
    Credential, CredentialAdd, CredentialList, CredentialRemove, CredentialSetDefault, Credentials, FreeRuns,
    FreeRunsShow, Purpose, Vault, VaultAdd, VaultEntry, VaultList, VaultRemove, VaultTest, VaultTested,
};
pub use models::{
    ComparedModel, ModelCompare, ModelComparison, ModelEntry, ModelList, ModelPrice, Models, ProviderEntry,
    WeightsEntry, WeightsList, WeightsPage, WeightsRemove,
};
pub use outputs::{
    AgentTokens, Chain, FileEntry, FileSaved, FileView, GraphEdge, GraphView, HealthPart, HealthShow,
    HealthView, IdeUrl, LogEntry, PersonaEntry, PersonaList, Personas, RoleEntry, RunChain, RunFileSave,
    RunFileShow, RunGraph, RunIdeUrl, RunLog, RunLogs, RunTokens, RunWorkspace, TokenBreakdown,
    WorkspaceView,
};
pub use policy::{DEFAULT_BLOCKED_COMMANDS, PolicySpec};
pub use projects::{
    Project, ProjectCreate, ProjectList, ProjectRemove, ProjectRun, ProjectShow, ProjectState, ProjectUpdate,
    Projects,
};
pub use routes::{ROUTES, Route};
pub use runs::{
    Done, NodeStatus, NodeView, PendingQuestion, RunCancel, RunDetail, RunEvents, RunEventsPage, RunList,
    RunPage, RunPause, RunRespond, RunResume, RunShow, RunStart, RunStarted, RunStatus, RunSummary,
    RunWaiting, TokenUsage, Waiting,
};
pub use secret::SecretText;
pub use streams::{CREDIT, FromStreams, Items, STREAMS, StreamInfo, Streams, ToStreams, open_stream};
pub use time::Timestamp;
pub use work::{
    CaptureAdd, CaptureConvert, CaptureEvent, CaptureList, CapturePage, CaptureSource, Policies,
    PolicyCreate, PolicyList, PolicyRemove, PolicyShow, PolicyUpdate, StoredPolicy, Task, TaskCancel,
    TaskCreate, TaskList, TaskPage, TaskShow, TaskStatus, TaskUpdate,
};

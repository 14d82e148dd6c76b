//! The words of the editor: folders, files, git, terminals and what a window keeps. Only for the user of this machine.

mod files;
mod folders;
mod git;
mod pieces;
mod preferences;
mod review;
mod search;
mod servers;
mod settings;
mod terminals;
mod windows;

pub use files::{
    DirEntry, DirList, DirListing, EditorConfig, Encoding, EntryCopy, EntryCreate, EntryKind, EntryRemove,
    EntryRemoved, EntryRename, FileBytes, FileContent, FileKind, FileOpen, FileSave, FileStored, FileWindow,
    IndentStyle, LineEnding, NewEntry, OpenedFile, WindowOfLines,
};
pub use folders::{
    BrowsedFolder, ChangedEntry, Folder, FolderBrowse, FolderChange, FolderForget, FolderList, FolderOpen,
    FolderTrust, FolderWatch, Folders,
};
pub use git::{
    Blame, BlameSpan, Branch, Branches, Commit, CommitDetail, CommitFile, Conflict, FileDiff, GitBlame,
    GitBranchCheckout, GitBranchCreate, GitBranchDelete, GitBranches, GitChange, GitCommit, GitCommitShow,
    GitCommitted, GitConflictShow, GitDiff, GitDiscard, GitFile, GitHistory, GitHunk, GitInit, GitLog,
    GitSide, GitStage, GitStashDrop, GitStashPop, GitStashPush, GitStashes, GitState, GitStatus, GitSync,
    GitUnstage, Hunk, HunkAct, HunkLine, LineChange, Stash, Stashes, SyncAct, SyncProgress,
};
pub use pieces::{ChatPiece, CompletionPiece, EditPiece, PullProgress, RunWatch, WeightsPull};
pub use preferences::{
    Appearance, AutoSave, Density, EditorSettings, FileSettings, GitSettings, InlineSettings, Keymap,
    LanguageServerSettings, Settings, TabMode, TerminalSettings, Theme,
};
pub use review::{Decision, ReviewedFile, RunChangeDecide, RunChanges, RunReview};
pub use search::{
    FilesFind, FoundFile, FoundFiles, FoundLine, FoundMatch, ReplaceIn, ReplacedIn, SearchFor, TextFound,
    TextReplace, TextReplaced, TextSearch,
};
pub use servers::{
    LanguageServer, LanguageServerEvent, LanguageServerList, LanguageServerOpen, LanguageServerSend,
    LanguageServers,
};
pub use settings::{
    SettingsFile, SettingsProblem, SettingsSave, SettingsSchema, SettingsSchemaView, SettingsSet,
    SettingsShow, SettingsView,
};
pub use terminals::{TerminalClose, TerminalEvent, TerminalOpen, TerminalResize, TerminalWrite};
pub use windows::{
    Draft, DraftList, DraftRemove, DraftSave, Drafts, WindowState, WindowStateLoad, WindowStateSave,
};

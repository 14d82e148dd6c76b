//! The one table of commands. Router, client, TypeScript and documentation come from its rows, so they cannot drift.

use std::pin::Pin;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::*;

/// What a command reads or makes stale; a client reloads what carries the same tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// Runs and their states.
    Runs,
    /// Questions that wait for the human.
    Waiting,
    /// Projects and their memory.
    Projects,
    /// Models and weights.
    Models,
    /// People, their keys and invitations.
    Accounts,
    /// Stored keys of model providers.
    Credentials,
    /// Stored policies.
    Policies,
    /// Queued work and captured events.
    Tasks,
    /// Plans and what was used of them.
    Billing,
    /// Folders that were opened.
    Folders,
    /// The repository of a folder.
    Git,
    /// The settings of the editor.
    Settings,
}

/// What a caller must be allowed to do; `aios-app` asks before each command. There is no row without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// Needs no account.
    Public,
    /// Looks at the organisation's things, or at the caller's own.
    Read,
    /// Starts runs, spends, changes what they work with.
    Work,
    /// Manages people, keys and the vault.
    Manage,
    /// Manages the bill.
    Own,
    /// Changes what all organisations of the machine share.
    Host,
}

/// Who asks, as far as rights go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Nobody showed a key.
    Nobody,
    /// A person of an organisation.
    Person(Role),
    /// The user of this machine, who asks the process itself.
    Machine,
}

impl Caller {
    /// The table of rights.
    pub fn may(self, right: Right) -> bool {
        let least = match right {
            Right::Public => return true,
            Right::Read => Role::Viewer,
            Right::Work => Role::Member,
            Right::Manage => Role::Admin,
            Right::Own => Role::Owner,
            Right::Host => return self == Self::Machine,
        };
        match self {
            Self::Nobody => false,
            Self::Person(role) => role >= least,
            Self::Machine => true,
        }
    }

    /// Refuses what the table of rights does not allow; hosts ask before they read a request's body.
    pub fn require(self, right: Right, command: &str) -> Result<(), Problem> {
        if self.may(right) {
            return Ok(());
        }
        Err(match self {
            Self::Nobody => Problem::new(ErrorCode::Unauthenticated, format!("{command} needs a key"))
                .with_hint("send your key in the header x-api-key; registering or logging in gives one"),
            _ if right == Right::Host => Problem::new(
                ErrorCode::Denied,
                format!("{command} is only for the user of the machine itself"),
            ),
            _ => Problem::new(ErrorCode::Denied, format!("your role does not allow {command}"))
                .with_hint("ask an owner or admin of your organisation for a higher role"),
        })
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct CommandInfo {
    /// Its name on every transport.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// The request's type.
    pub request: &'static str,
    /// The answer's type.
    pub answer: &'static str,
    /// What its answer is made of.
    pub provides: &'static [Tag],
    /// What it makes stale.
    pub invalidates: &'static [Tag],
    /// What the caller must be allowed to do.
    pub right: Right,
}

/// Somebody's access to an `Api`. Every host hands out commands through one of these.
#[derive(Debug, Clone)]
pub struct Guarded<A> {
    api: A,
    caller: Caller,
}

impl<A> Guarded<A> {
    /// Lets this caller in, as far as the table of rights does.
    pub fn new(api: A, caller: Caller) -> Self {
        Self { api, caller }
    }

    /// What it guards, for what is not a command: streams and downloads, after asking `Caller::may`.
    pub fn inner(&self) -> &A {
        &self.api
    }

    /// Who asks.
    pub fn caller(&self) -> Caller {
        self.caller
    }
}

/// A command that is being answered.
pub type Answering<'a, A> = Pin<Box<dyn Future<Output = Result<A, Problem>> + Send + 'a>>;

/// Calls one command of an `Api`.
pub type Call<Q, A> = for<'a> fn(&'a dyn Api, Q) -> Answering<'a, A>;

/// Is shown every command with its types: routers and documents are made so, and forget none.
pub trait CommandVisitor {
    /// The next row of the table.
    fn command<Q, A>(&mut self, info: &'static CommandInfo, call: Call<Q, A>)
    where
        Q: DeserializeOwned + ToSchema + Send + 'static,
        A: Serialize + ToSchema + Send + 'static;
}

/// Carries commands to where they are answered. Whoever can carry one answers all of them: every `Transport` is an `Api`.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Takes a command's request there and brings its answer back, both as JSON.
    async fn carry(
        &self,
        command: &'static str,
        request: serde_json::Value,
    ) -> Result<serde_json::Value, Problem>;
}

macro_rules! commands {
    ($($(#[doc = $doc:literal])* $name:ident($request:ident) -> $answer:ident, $right:ident
        $(, provides [$($provides:ident),*])? $(, invalidates [$($invalidates:ident),*])?;)*) => {
        /// Every command, as a method. Answered in process by `aios-app`, or by a client over the network: the caller
        /// cannot tell which.
        #[async_trait]
        pub trait Api: Send + Sync {
            $($(#[doc = $doc])* async fn $name(&self, request: $request) -> Result<$answer, Problem>;)*
        }

        #[async_trait]
        impl<A: Api> Api for Guarded<A> {
            $(async fn $name(&self, request: $request) -> Result<$answer, Problem> {
                self.caller.require(Right::$right, stringify!($name))?;
                self.api.$name(request).await
            })*
        }

        #[async_trait]
        impl<T: Transport> Api for T {
            $(async fn $name(&self, request: $request) -> Result<$answer, Problem> {
                let name = stringify!($name);
                unpack(name, self.carry(name, encode("request", name, request)?).await?)
            })*
        }

        /// The table itself.
        pub const COMMANDS: &[CommandInfo] = &[$(CommandInfo {
            name: stringify!($name),
            summary: concat!($($doc),*).trim_ascii_start(),
            request: stringify!($request),
            answer: stringify!($answer),
            provides: &[$($(Tag::$provides),*)?],
            invalidates: &[$($(Tag::$invalidates),*)?],
            right: Right::$right,
        }),*];

        /// Shows the whole table to a visitor, in order.
        pub fn visit_commands(visitor: &mut impl CommandVisitor) {
            let mut rows = COMMANDS.iter();
            $(if let Some(row) = rows.next() {
                visitor.command::<$request, $answer>(row, |api, request| api.$name(request));
            })*
        }

        /// Answers a command given by name and JSON, as transports receive it.
        pub async fn dispatch(api: &dyn Api, name: &str, request: serde_json::Value) -> Result<serde_json::Value, Problem> {
            match name {
                $(stringify!($name) => encode("answer", name, api.$name(decode(name, request)?).await?),)*
                _ => Err(Problem::new(ErrorCode::NotFound, format!("there is no command {name:?}"))),
            }
        }

        /// Shows the request and answer types of every command to the generator.
        #[cfg(feature = "schema")]
        pub(crate) fn declare(types: &mut crate::typescript::Declarations) {
            $(types.command::<$request, $answer>(stringify!($name));)*
        }
    };
}

commands! {
    /// Starts a run and returns at once.
    run_start(RunStart) -> RunStarted, Work, invalidates [Runs, Projects];
    /// Lists runs, newest first.
    run_list(RunList) -> RunPage, Read, provides [Runs];
    /// Shows one run in full.
    run_show(RunShow) -> RunDetail, Read, provides [Runs];
    /// Ends a run for good.
    run_cancel(RunCancel) -> Done, Work, invalidates [Runs, Waiting];
    /// Holds a run before its next step.
    run_pause(RunPause) -> Done, Work, invalidates [Runs];
    /// Goes on with a run that was paused, interrupted or left by a crash.
    run_resume(RunResume) -> Done, Work, invalidates [Runs];
    /// Answers a question of a run.
    run_respond(RunRespond) -> Done, Work, invalidates [Runs, Waiting];
    /// Tells what a run waits for.
    run_waiting(RunWaiting) -> Waiting, Read, provides [Waiting];
    /// Reads a run's stored history.
    run_events(RunEvents) -> RunEventsPage, Read, provides [Runs];
    /// Tells what a run used, by agent.
    run_tokens(RunTokens) -> TokenBreakdown, Read, provides [Runs];
    /// Shows a run's graph and how far it is.
    run_graph(RunGraph) -> GraphView, Read, provides [Runs];
    /// Shows what agents told each other.
    run_logs(RunLogs) -> RunLog, Read, provides [Runs];
    /// Lists the files of a run's workspace.
    run_workspace(RunWorkspace) -> WorkspaceView, Read, provides [Runs];
    /// Shows a file of a run's workspace.
    run_file_show(RunFileShow) -> FileView, Read, provides [Runs];
    /// Saves a file of a run's workspace.
    run_file_save(RunFileSave) -> FileSaved, Work, invalidates [Runs];
    /// Lists the runs that follow each other.
    run_chain(RunChain) -> Chain, Read, provides [Runs];
    /// Tells where a run can be opened in a browser.
    run_ide_url(RunIdeUrl) -> IdeUrl, Read;
    /// Shows what a run changed and nobody decided about yet.
    run_changes(RunChanges) -> RunReview, Read, provides [Runs];
    /// Keeps or rejects changes of a run, or takes the last decision back.
    run_change_decide(RunChangeDecide) -> RunReview, Work, invalidates [Runs, Git];
    /// Shows personas, hierarchies and roles.
    persona_list(PersonaList) -> Personas, Public;
    /// Creates a project.
    project_create(ProjectCreate) -> Project, Work, invalidates [Projects];
    /// Lists projects.
    project_list(ProjectList) -> Projects, Read, provides [Projects];
    /// Shows one project and its memory.
    project_show(ProjectShow) -> Project, Read, provides [Projects];
    /// Changes a project's name or description.
    project_update(ProjectUpdate) -> Project, Work, invalidates [Projects];
    /// Deletes a project and its memory.
    project_remove(ProjectRemove) -> Done, Work, invalidates [Projects];
    /// Stores a policy.
    policy_create(PolicyCreate) -> StoredPolicy, Work, invalidates [Policies];
    /// Lists stored policies.
    policy_list(PolicyList) -> Policies, Read, provides [Policies];
    /// Shows a stored policy.
    policy_show(PolicyShow) -> StoredPolicy, Read, provides [Policies];
    /// Replaces a stored policy.
    policy_update(PolicyUpdate) -> StoredPolicy, Work, invalidates [Policies];
    /// Deletes a stored policy.
    policy_remove(PolicyRemove) -> Done, Work, invalidates [Policies];
    /// Queues work.
    task_create(TaskCreate) -> Task, Work, invalidates [Tasks, Runs];
    /// Lists tasks, newest first.
    task_list(TaskList) -> TaskPage, Read, provides [Tasks];
    /// Shows a task.
    task_show(TaskShow) -> Task, Read, provides [Tasks];
    /// Changes a task that is still queued.
    task_update(TaskUpdate) -> Task, Work, invalidates [Tasks];
    /// Ends a task and its run.
    task_cancel(TaskCancel) -> Task, Work, invalidates [Tasks, Runs];
    /// Captures an event of an editor, shell or git hook.
    capture_add(CaptureAdd) -> CaptureEvent, Work, invalidates [Tasks];
    /// Lists captured events, newest first.
    capture_list(CaptureList) -> CapturePage, Read, provides [Tasks];
    /// Makes a task from a captured event.
    capture_convert(CaptureConvert) -> Task, Work, invalidates [Tasks];
    /// Edits a piece of code as told.
    inline_edit(InlineEdit) -> InlineEdited, Work;
    /// Answers a question about a file.
    inline_chat(InlineChat) -> InlineReply, Work;
    /// Continues the text at the caret.
    inline_complete(InlineComplete) -> InlineCompletion, Work;
    /// Shows the catalogue of models.
    model_list(ModelList) -> Models, Public, provides [Models];
    /// Compares models by cost and speed.
    model_compare(ModelCompare) -> ModelComparison, Read, provides [Models];
    /// Lists the embedded model's weights.
    weights_list(WeightsList) -> WeightsPage, Read, provides [Models];
    /// Deletes weights from disk.
    weights_remove(WeightsRemove) -> Done, Host, invalidates [Models];
    /// Stores an own key of a provider, encrypted.
    credential_add(CredentialAdd) -> Credential, Work, invalidates [Credentials];
    /// Lists stored keys without their secrets.
    credential_list(CredentialList) -> Credentials, Read, provides [Credentials];
    /// Deletes a stored key.
    credential_remove(CredentialRemove) -> Done, Work, invalidates [Credentials];
    /// Makes a stored key the default.
    credential_set_default(CredentialSetDefault) -> Credential, Work, invalidates [Credentials];
    /// Tells how many runs on the vault's keys are left.
    free_runs_show(FreeRunsShow) -> FreeRuns, Read, provides [Credentials];
    /// Adds a key to the vault, encrypted.
    vault_add(VaultAdd) -> VaultEntry, Manage, invalidates [Credentials];
    /// Lists the vault.
    vault_list(VaultList) -> Vault, Manage, provides [Credentials];
    /// Deletes a key of the vault.
    vault_remove(VaultRemove) -> Done, Manage, invalidates [Credentials];
    /// Asks a provider whether it accepts a key of the vault.
    vault_test(VaultTest) -> VaultTested, Manage;
    /// Creates an organisation, its owner and a first key.
    auth_register(AuthRegister) -> Registered, Public;
    /// Makes a new key for somebody who knows the password.
    auth_login(AuthLogin) -> LoggedIn, Public;
    /// Mails a token for a new password.
    auth_forgot(AuthForgot) -> Done, Public;
    /// Sets a new password with a mailed token.
    auth_reset(AuthReset) -> Done, Public;
    /// Tells who the caller is.
    auth_me(AuthMe) -> Me, Read, provides [Accounts];
    /// Makes another key for the caller.
    key_create(KeyCreate) -> KeyCreated, Read, invalidates [Accounts];
    /// Lists the caller's keys.
    key_list(KeyList) -> Keys, Read, provides [Accounts];
    /// Ends one of the caller's keys.
    key_revoke(KeyRevoke) -> Done, Read, invalidates [Accounts];
    /// Invites somebody into the organisation.
    team_invite(TeamInvite) -> TeamInvited, Manage, invalidates [Accounts];
    /// Lists the people of the organisation.
    team_members(TeamMembers) -> Members, Read, provides [Accounts];
    /// Removes a person.
    team_remove(TeamRemove) -> Done, Manage, invalidates [Accounts];
    /// Changes what a person may do.
    team_set_role(TeamSetRole) -> Member, Manage, invalidates [Accounts];
    /// Shows an invitation to whoever holds its token.
    invite_show(InviteShow) -> Invite, Public;
    /// Accepts an invitation.
    invite_accept(InviteAccept) -> Registered, Public;
    /// Shows the plans.
    billing_plans(BillingPlans) -> Plans, Public;
    /// Tells what was used this month.
    billing_usage(BillingUsage) -> Usage, Read, provides [Billing];
    /// Shows the subscription.
    billing_status(BillingStatus) -> Subscription, Read, provides [Billing];
    /// Starts paying for a plan.
    billing_checkout(BillingCheckout) -> BillingLink, Own;
    /// Opens the page where the subscription is managed.
    billing_portal(BillingPortal) -> BillingLink, Own;
    /// Tells whether the product works.
    health_show(HealthShow) -> HealthView, Public;
    /// Opens a folder of this machine in the editor; starts nothing.
    folder_open(FolderOpen) -> Folder, Host, invalidates [Folders];
    /// Lists the folders that were opened.
    folder_list(FolderList) -> Folders, Host, provides [Folders];
    /// Trusts a folder, or takes that back.
    folder_trust(FolderTrust) -> Folder, Host, invalidates [Folders, Settings];
    /// Takes a folder from the list.
    folder_forget(FolderForget) -> Done, Host, invalidates [Folders];
    /// Shows the folders of this machine, to choose one.
    folder_browse(FolderBrowse) -> BrowsedFolder, Host;
    /// Lists one level of a folder.
    dir_list(DirList) -> DirListing, Host;
    /// Reads a file for an editor.
    file_open(FileOpen) -> OpenedFile, Host;
    /// Reads a file as bytes.
    file_bytes(FileBytes) -> FileContent, Host;
    /// Reads some lines of a large file.
    file_window(FileWindow) -> WindowOfLines, Host;
    /// Saves a file, unless somebody else changed it.
    file_save(FileSave) -> FileStored, Host;
    /// Makes an empty file or a folder.
    entry_create(EntryCreate) -> Done, Host;
    /// Renames or moves a file or folder.
    entry_rename(EntryRename) -> Done, Host;
    /// Copies a file or folder.
    entry_copy(EntryCopy) -> Done, Host;
    /// Moves a file or folder to the trash.
    entry_remove(EntryRemove) -> EntryRemoved, Host;
    /// Finds files by letters of their path.
    files_find(FilesFind) -> FoundFiles, Host;
    /// Replaces what a search found.
    text_replace(TextReplace) -> TextReplaced, Host, invalidates [Git];
    /// Makes a folder a repository.
    git_init(GitInit) -> Done, Host, invalidates [Git];
    /// Tells what changed since the last commit.
    git_status(GitStatus) -> GitState, Host, provides [Git];
    /// Shows how a file changed.
    git_diff(GitDiff) -> FileDiff, Host, provides [Git];
    /// Takes files into the next commit.
    git_stage(GitStage) -> Done, Host, invalidates [Git];
    /// Takes files out of the next commit.
    git_unstage(GitUnstage) -> Done, Host, invalidates [Git];
    /// Takes files back to what is staged.
    git_discard(GitDiscard) -> Done, Host, invalidates [Git];
    /// Stages, unstages or discards one hunk.
    git_hunk(GitHunk) -> Done, Host, invalidates [Git];
    /// Commits what is staged.
    git_commit(GitCommit) -> GitCommitted, Host, invalidates [Git];
    /// Lists commits.
    git_log(GitLog) -> GitHistory, Host, provides [Git];
    /// Shows a commit and its files.
    git_commit_show(GitCommitShow) -> CommitDetail, Host;
    /// Tells which commit wrote each line of a file.
    git_blame(GitBlame) -> Blame, Host, provides [Git];
    /// Lists branches.
    git_branches(GitBranches) -> Branches, Host, provides [Git];
    /// Makes a branch.
    git_branch_create(GitBranchCreate) -> Done, Host, invalidates [Git];
    /// Checks a branch or commit out.
    git_branch_checkout(GitBranchCheckout) -> Done, Host, invalidates [Git];
    /// Deletes a local branch.
    git_branch_delete(GitBranchDelete) -> Done, Host, invalidates [Git];
    /// Lists stashes.
    git_stashes(GitStashes) -> Stashes, Host, provides [Git];
    /// Puts all changes aside.
    git_stash_push(GitStashPush) -> Done, Host, invalidates [Git];
    /// Brings a stash back.
    git_stash_pop(GitStashPop) -> Done, Host, invalidates [Git];
    /// Deletes a stash.
    git_stash_drop(GitStashDrop) -> Done, Host, invalidates [Git];
    /// Shows the sides of a conflict.
    git_conflict_show(GitConflictShow) -> Conflict, Host, provides [Git];
    /// Types into a terminal.
    terminal_write(TerminalWrite) -> Done, Host;
    /// Tells a terminal its size.
    terminal_resize(TerminalResize) -> Done, Host;
    /// Ends a terminal and everything that runs in it.
    terminal_close(TerminalClose) -> Done, Host;
    /// Tells which language servers could run.
    language_server_list(LanguageServerList) -> LanguageServers, Host, provides [Settings];
    /// Sends a message to a language server.
    language_server_send(LanguageServerSend) -> Done, Host;
    /// Keeps unsaved text.
    draft_save(DraftSave) -> Done, Host;
    /// Lists unsaved texts.
    draft_list(DraftList) -> Drafts, Host;
    /// Forgets an unsaved text.
    draft_remove(DraftRemove) -> Done, Host;
    /// Keeps the state of a window.
    window_state_save(WindowStateSave) -> Done, Host;
    /// Reads the state of a window.
    window_state_load(WindowStateLoad) -> WindowState, Host;
    /// Shows the settings of the editor and where they come from.
    settings_show(SettingsShow) -> SettingsView, Host, provides [Settings];
    /// Saves a settings file as it was typed.
    settings_save(SettingsSave) -> SettingsView, Host, invalidates [Settings];
    /// Changes one setting.
    settings_set(SettingsSet) -> SettingsView, Host, invalidates [Settings];
    /// Shows the JSON schema of the settings.
    settings_schema(SettingsSchema) -> SettingsSchemaView, Host;
}

fn decode<T: DeserializeOwned>(name: &str, request: serde_json::Value) -> Result<T, Problem> {
    serde_json::from_value(request).map_err(|error| {
        Problem::new(ErrorCode::InvalidRequest, format!("the request of {name} is not valid: {error}"))
    })
}

fn encode<T: Serialize>(what: &str, name: &str, value: T) -> Result<serde_json::Value, Problem> {
    serde_json::to_value(value).map_err(|error| {
        Problem::new(ErrorCode::Internal, format!("the {what} of {name} could not be written: {error}"))
    })
}

fn unpack<T: DeserializeOwned>(name: &str, answer: serde_json::Value) -> Result<T, Problem> {
    serde_json::from_value(answer).map_err(|error| {
        Problem::new(ErrorCode::Internal, format!("the answer of {name} is not understood: {error}"))
            .with_hint("the two ends may be of different versions")
    })
}

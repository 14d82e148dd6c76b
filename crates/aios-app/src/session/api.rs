//! The commands: each goes to the module that answers it.

use aios_protocol::*;
use async_trait::async_trait;

use super::{
    Session, accounts, billing, captures, compare, files, health, ide, inline, keys, models, outputs,
    policies, projects, review, runs, start, tasks, team,
};

#[async_trait]
impl Api for Session {
    async fn run_start(&self, request: RunStart) -> Result<RunStarted, Problem> {
        Ok(self.told_start(start::run_start(self, request).await?))
    }

    async fn run_list(&self, request: RunList) -> Result<RunPage, Problem> {
        runs::list(self, request).await
    }

    async fn run_show(&self, request: RunShow) -> Result<RunDetail, Problem> {
        Ok(self.told_run(runs::show(self, request.run_id).await?))
    }

    async fn run_cancel(&self, request: RunCancel) -> Result<Done, Problem> {
        runs::cancel(self, request.run_id).await
    }

    async fn run_pause(&self, request: RunPause) -> Result<Done, Problem> {
        runs::pause(self, request.run_id).await
    }

    async fn run_resume(&self, request: RunResume) -> Result<Done, Problem> {
        start::run_resume(self, request.run_id).await
    }

    async fn run_respond(&self, request: RunRespond) -> Result<Done, Problem> {
        runs::respond(self, request).await
    }

    async fn run_waiting(&self, request: RunWaiting) -> Result<Waiting, Problem> {
        runs::waiting(self, request.run_id).await
    }

    async fn run_events(&self, request: RunEvents) -> Result<RunEventsPage, Problem> {
        runs::events(self, &request).await
    }

    async fn project_list(&self, request: ProjectList) -> Result<Projects, Problem> {
        projects::list(self, &request).await
    }

    async fn project_show(&self, request: ProjectShow) -> Result<Project, Problem> {
        projects::show(self, &request.project_id).await
    }

    async fn model_list(&self, request: ModelList) -> Result<Models, Problem> {
        models::list(self, &request)
    }

    async fn weights_list(&self, _: WeightsList) -> Result<WeightsPage, Problem> {
        Ok(models::weights(self))
    }

    async fn weights_remove(&self, request: WeightsRemove) -> Result<Done, Problem> {
        models::remove(self, &request)
    }

    async fn run_tokens(&self, request: RunTokens) -> Result<TokenBreakdown, Problem> {
        outputs::tokens(self, request.run_id).await
    }

    async fn run_graph(&self, request: RunGraph) -> Result<GraphView, Problem> {
        outputs::graph_of(self, request.run_id).await
    }

    async fn run_logs(&self, request: RunLogs) -> Result<RunLog, Problem> {
        outputs::logs(self, request).await
    }

    async fn run_workspace(&self, request: RunWorkspace) -> Result<WorkspaceView, Problem> {
        files::list(self, request.run_id).await
    }

    async fn run_file_show(&self, request: RunFileShow) -> Result<FileView, Problem> {
        files::show(self, request).await
    }

    async fn run_file_save(&self, request: RunFileSave) -> Result<FileSaved, Problem> {
        files::save(self, request).await
    }

    async fn run_chain(&self, request: RunChain) -> Result<Chain, Problem> {
        outputs::chain(self, request.run_id).await
    }

    async fn run_ide_url(&self, request: RunIdeUrl) -> Result<IdeUrl, Problem> {
        outputs::ide_url(self, request.run_id).await
    }

    async fn run_changes(&self, request: RunChanges) -> Result<RunReview, Problem> {
        review::changes(self, request.run_id).await
    }

    async fn run_change_decide(&self, request: RunChangeDecide) -> Result<RunReview, Problem> {
        review::decide(self, request).await
    }

    async fn persona_list(&self, _: PersonaList) -> Result<Personas, Problem> {
        outputs::personas()
    }

    async fn project_create(&self, request: ProjectCreate) -> Result<Project, Problem> {
        projects::create(self, request).await
    }

    async fn project_update(&self, request: ProjectUpdate) -> Result<Project, Problem> {
        projects::update(self, request).await
    }

    async fn project_remove(&self, request: ProjectRemove) -> Result<Done, Problem> {
        projects::remove(self, &request.project_id).await
    }

    async fn policy_create(&self, request: PolicyCreate) -> Result<StoredPolicy, Problem> {
        policies::create(self, request.policy).await
    }

    async fn policy_list(&self, _: PolicyList) -> Result<Policies, Problem> {
        policies::list(self).await
    }

    async fn policy_show(&self, request: PolicyShow) -> Result<StoredPolicy, Problem> {
        policies::show(self, &request.policy_id).await
    }

    async fn policy_update(&self, request: PolicyUpdate) -> Result<StoredPolicy, Problem> {
        policies::update(self, &request.policy_id, request.policy).await
    }

    async fn policy_remove(&self, request: PolicyRemove) -> Result<Done, Problem> {
        policies::remove(self, &request.policy_id).await
    }

    async fn task_create(&self, request: TaskCreate) -> Result<Task, Problem> {
        tasks::create(self, request).await
    }

    async fn task_list(&self, request: TaskList) -> Result<TaskPage, Problem> {
        tasks::list(self, request).await
    }

    async fn task_show(&self, request: TaskShow) -> Result<Task, Problem> {
        tasks::show(self, request.task_id).await
    }

    async fn task_update(&self, request: TaskUpdate) -> Result<Task, Problem> {
        tasks::update(self, request).await
    }

    async fn task_cancel(&self, request: TaskCancel) -> Result<Task, Problem> {
        tasks::cancel(self, request.task_id).await
    }

    async fn capture_add(&self, request: CaptureAdd) -> Result<CaptureEvent, Problem> {
        captures::add(self, request).await
    }

    async fn capture_list(&self, request: CaptureList) -> Result<CapturePage, Problem> {
        captures::list(self, request).await
    }

    async fn capture_convert(&self, request: CaptureConvert) -> Result<Task, Problem> {
        captures::convert(self, request).await
    }

    async fn inline_edit(&self, request: InlineEdit) -> Result<InlineEdited, Problem> {
        inline::edit(self, request).await
    }

    async fn inline_chat(&self, request: InlineChat) -> Result<InlineReply, Problem> {
        inline::chat(self, request).await
    }

    async fn inline_complete(&self, request: InlineComplete) -> Result<InlineCompletion, Problem> {
        inline::complete(self, request).await
    }

    async fn model_compare(&self, request: ModelCompare) -> Result<ModelComparison, Problem> {
        compare::compare(self, &request).await
    }

    async fn credential_add(&self, request: CredentialAdd) -> Result<Credential, Problem> {
        keys::add(self, request).await
    }

    async fn credential_list(&self, _: CredentialList) -> Result<Credentials, Problem> {
        keys::list(self).await
    }

    async fn credential_remove(&self, request: CredentialRemove) -> Result<Done, Problem> {
        keys::remove(self, request.credential_id).await
    }

    async fn credential_set_default(&self, request: CredentialSetDefault) -> Result<Credential, Problem> {
        keys::set_default(self, request.credential_id).await
    }

    async fn free_runs_show(&self, _: FreeRunsShow) -> Result<FreeRuns, Problem> {
        keys::free_runs(self).await
    }

    async fn vault_add(&self, request: VaultAdd) -> Result<VaultEntry, Problem> {
        keys::add_to_vault(self, request).await
    }

    async fn vault_list(&self, _: VaultList) -> Result<Vault, Problem> {
        keys::vault(self).await
    }

    async fn vault_remove(&self, request: VaultRemove) -> Result<Done, Problem> {
        keys::remove_from_vault(self, request.entry_id).await
    }

    async fn vault_test(&self, request: VaultTest) -> Result<VaultTested, Problem> {
        keys::test(self, request.entry_id).await
    }

    async fn auth_register(&self, request: AuthRegister) -> Result<Registered, Problem> {
        accounts::register(self, &request).await
    }

    async fn auth_login(&self, request: AuthLogin) -> Result<LoggedIn, Problem> {
        accounts::login(self, &request).await
    }

    async fn auth_forgot(&self, request: AuthForgot) -> Result<Done, Problem> {
        accounts::forgot(self, &request).await
    }

    async fn auth_reset(&self, request: AuthReset) -> Result<Done, Problem> {
        accounts::reset(self, &request).await
    }

    async fn auth_me(&self, _: AuthMe) -> Result<Me, Problem> {
        accounts::me(self).await
    }

    async fn key_create(&self, request: KeyCreate) -> Result<KeyCreated, Problem> {
        accounts::create_key(self, &request).await
    }

    async fn key_list(&self, _: KeyList) -> Result<Keys, Problem> {
        accounts::keys(self).await
    }

    async fn key_revoke(&self, request: KeyRevoke) -> Result<Done, Problem> {
        accounts::revoke_key(self, request.key_id).await
    }

    async fn team_invite(&self, request: TeamInvite) -> Result<TeamInvited, Problem> {
        team::invite(self, &request).await
    }

    async fn team_members(&self, _: TeamMembers) -> Result<Members, Problem> {
        team::members(self).await
    }

    async fn team_remove(&self, request: TeamRemove) -> Result<Done, Problem> {
        team::remove(self, &request).await
    }

    async fn team_set_role(&self, request: TeamSetRole) -> Result<Member, Problem> {
        team::set_role(self, &request).await
    }

    async fn invite_show(&self, request: InviteShow) -> Result<Invite, Problem> {
        team::show_invite(self, &request).await
    }

    async fn invite_accept(&self, request: InviteAccept) -> Result<Registered, Problem> {
        team::accept(self, &request).await
    }

    async fn billing_plans(&self, _: BillingPlans) -> Result<Plans, Problem> {
        Ok(billing::plans())
    }

    async fn billing_usage(&self, _: BillingUsage) -> Result<Usage, Problem> {
        billing::usage(self).await
    }

    async fn billing_status(&self, _: BillingStatus) -> Result<Subscription, Problem> {
        billing::status(self).await
    }

    async fn billing_checkout(&self, request: BillingCheckout) -> Result<BillingLink, Problem> {
        billing::checkout(self, request).await
    }

    async fn billing_portal(&self, request: BillingPortal) -> Result<BillingLink, Problem> {
        billing::portal(self, request).await
    }

    async fn health_show(&self, _: HealthShow) -> Result<HealthView, Problem> {
        Ok(health::show(self).await)
    }

    async fn folder_open(&self, request: FolderOpen) -> Result<Folder, Problem> {
        ide::folders::open(self, request).await
    }

    async fn folder_list(&self, _: FolderList) -> Result<Folders, Problem> {
        ide::folders::list(self).await
    }

    async fn folder_trust(&self, request: FolderTrust) -> Result<Folder, Problem> {
        ide::folders::trust(self, request).await
    }

    async fn folder_forget(&self, request: FolderForget) -> Result<Done, Problem> {
        ide::folders::forget(self, request).await
    }

    async fn folder_browse(&self, request: FolderBrowse) -> Result<BrowsedFolder, Problem> {
        ide::folders::browse(self, request).await
    }

    async fn dir_list(&self, request: DirList) -> Result<DirListing, Problem> {
        ide::files::list(self, request).await
    }

    async fn file_open(&self, request: FileOpen) -> Result<OpenedFile, Problem> {
        ide::files::open(self, request).await
    }

    async fn file_bytes(&self, request: FileBytes) -> Result<FileContent, Problem> {
        ide::files::bytes(self, request).await
    }

    async fn file_window(&self, request: FileWindow) -> Result<WindowOfLines, Problem> {
        ide::files::window(self, request).await
    }

    async fn file_save(&self, request: FileSave) -> Result<FileStored, Problem> {
        ide::files::save(self, request).await
    }

    async fn entry_create(&self, request: EntryCreate) -> Result<Done, Problem> {
        ide::files::create(self, request).await
    }

    async fn entry_rename(&self, request: EntryRename) -> Result<Done, Problem> {
        ide::files::rename(self, request).await
    }

    async fn entry_copy(&self, request: EntryCopy) -> Result<Done, Problem> {
        ide::files::copy(self, request).await
    }

    async fn entry_remove(&self, request: EntryRemove) -> Result<EntryRemoved, Problem> {
        ide::files::remove(self, request).await
    }

    async fn files_find(&self, request: FilesFind) -> Result<FoundFiles, Problem> {
        ide::search::find(self, request).await
    }

    async fn text_replace(&self, request: TextReplace) -> Result<TextReplaced, Problem> {
        ide::search::text_replace(self, request).await
    }

    async fn terminal_write(&self, request: TerminalWrite) -> Result<Done, Problem> {
        ide::terminals::write(self, request)
    }

    async fn terminal_resize(&self, request: TerminalResize) -> Result<Done, Problem> {
        ide::terminals::resize(self, &request)
    }

    async fn terminal_close(&self, request: TerminalClose) -> Result<Done, Problem> {
        ide::terminals::close(self, request).await
    }

    async fn draft_save(&self, request: DraftSave) -> Result<Done, Problem> {
        ide::windows::draft_save(self, request).await
    }

    async fn draft_list(&self, request: DraftList) -> Result<Drafts, Problem> {
        ide::windows::draft_list(self, request).await
    }

    async fn draft_remove(&self, request: DraftRemove) -> Result<Done, Problem> {
        ide::windows::draft_remove(self, request).await
    }

    async fn window_state_save(&self, request: WindowStateSave) -> Result<Done, Problem> {
        ide::windows::state_save(self, request).await
    }

    async fn window_state_load(&self, request: WindowStateLoad) -> Result<WindowState, Problem> {
        ide::windows::state_load(self, request).await
    }

    async fn git_init(&self, request: GitInit) -> Result<Done, Problem> {
        ide::git::init(self, request).await
    }

    async fn git_status(&self, request: GitStatus) -> Result<GitState, Problem> {
        ide::git::status(self, request).await
    }

    async fn git_diff(&self, request: GitDiff) -> Result<FileDiff, Problem> {
        ide::git::diff(self, request).await
    }

    async fn git_stage(&self, request: GitStage) -> Result<Done, Problem> {
        ide::git::stage(self, request).await
    }

    async fn git_unstage(&self, request: GitUnstage) -> Result<Done, Problem> {
        ide::git::unstage(self, request).await
    }

    async fn git_discard(&self, request: GitDiscard) -> Result<Done, Problem> {
        ide::git::discard(self, request).await
    }

    async fn git_hunk(&self, request: GitHunk) -> Result<Done, Problem> {
        ide::git::hunk(self, request).await
    }

    async fn git_commit(&self, request: GitCommit) -> Result<GitCommitted, Problem> {
        ide::git::commit(self, request).await
    }

    async fn git_log(&self, request: GitLog) -> Result<GitHistory, Problem> {
        ide::git::log(self, request).await
    }

    async fn git_commit_show(&self, request: GitCommitShow) -> Result<CommitDetail, Problem> {
        ide::git::commit_show(self, request).await
    }

    async fn git_blame(&self, request: GitBlame) -> Result<Blame, Problem> {
        ide::git::blame(self, request).await
    }

    async fn git_branches(&self, request: GitBranches) -> Result<Branches, Problem> {
        ide::git::branches(self, request).await
    }

    async fn git_branch_create(&self, request: GitBranchCreate) -> Result<Done, Problem> {
        ide::git::branch_create(self, request).await
    }

    async fn git_branch_checkout(&self, request: GitBranchCheckout) -> Result<Done, Problem> {
        ide::git::branch_checkout(self, request).await
    }

    async fn git_branch_delete(&self, request: GitBranchDelete) -> Result<Done, Problem> {
        ide::git::branch_delete(self, request).await
    }

    async fn git_stashes(&self, request: GitStashes) -> Result<Stashes, Problem> {
        ide::git::stashes(self, request).await
    }

    async fn git_stash_push(&self, request: GitStashPush) -> Result<Done, Problem> {
        ide::git::stash_push(self, request).await
    }

    async fn git_stash_pop(&self, request: GitStashPop) -> Result<Done, Problem> {
        ide::git::stash_pop(self, request).await
    }

    async fn git_stash_drop(&self, request: GitStashDrop) -> Result<Done, Problem> {
        ide::git::stash_drop(self, request).await
    }

    async fn git_conflict_show(&self, request: GitConflictShow) -> Result<Conflict, Problem> {
        ide::git::conflict(self, request).await
    }

    async fn language_server_list(&self, request: LanguageServerList) -> Result<LanguageServers, Problem> {
        ide::servers::list(self, request).await
    }

    async fn language_server_send(&self, request: LanguageServerSend) -> Result<Done, Problem> {
        ide::servers::send(self, request)
    }

    async fn settings_show(&self, request: SettingsShow) -> Result<SettingsView, Problem> {
        ide::settings::show(self, request).await
    }

    async fn settings_save(&self, request: SettingsSave) -> Result<SettingsView, Problem> {
        ide::settings::save(self, request).await
    }

    async fn settings_set(&self, request: SettingsSet) -> Result<SettingsView, Problem> {
        ide::settings::set(self, request).await
    }

    async fn settings_schema(&self, _: SettingsSchema) -> Result<SettingsSchemaView, Problem> {
        Ok(ide::settings::schema())
    }
}

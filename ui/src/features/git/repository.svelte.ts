/** The repository of the folder: its state, kept fresh, and what is done with it. */
import { Query } from "$/host";
import { debounce } from "$/lib/debounce";
import { ago } from "$/lib/format";
import { rank } from "$/lib/fuzzy";
import { baseName } from "$/lib/paths";
import { t } from "$/messages";
import type { HunkAct, SyncAct } from "$/protocol/protocol";
import { onFolder, type Workbench } from "$/workbench";
import { commitPlan } from "./state";

export class Repository {
  readonly status: Query<"git_status">;
  message = $state("");
  busy = $state(false);
  #workbench: Workbench;
  #fetched = 0;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    this.status = new Query(workbench.host, "git_status", () =>
      workbench.folder ? { folder: workbench.folder.folder } : null,
    );
  }

  get folder(): string {
    return this.#workbench.folder?.folder ?? "";
  }

  start(): () => void {
    const soon = debounce(250, () => void this.status.reload());
    return onFolder(this.#workbench, () => {
      void this.status.reload();
      const stop = this.#workbench.folderEvents.listen(() => soon());
      const clock = setInterval(() => this.#fetchWhenDue(), 60_000);
      this.#fetched = Date.now();
      return () => {
        stop();
        clearInterval(clock);
        soon.cancel();
        this.status.answer = undefined;
      };
    });
  }

  /** Fetches as often as the user wants. In silence: without a network there is nothing to say about it. */
  #fetchWhenDue(): void {
    const { folder, host, preferences } = this.#workbench;
    const minutes = preferences?.git.fetch_minutes ?? 0;
    const due = minutes > 0 && Date.now() - this.#fetched >= minutes * 60_000;
    if (!due || !folder?.trusted || this.busy || !this.status.answer?.upstream) return;
    this.#fetched = Date.now();
    void host
      .stream("git_sync", { folder: folder.folder, act: "fetch" }, () => {})
      .done.then(() => this.status.reload());
  }

  async #attempt(work: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    try {
      await work();
      return true;
    } catch (error) {
      this.#workbench.notices.fail(error, t.git.failed);
      return false;
    } finally {
      this.busy = false;
    }
  }

  stage(paths: string[]): Promise<boolean> {
    return this.#attempt(() => this.#workbench.host.call("git_stage", { folder: this.folder, paths }));
  }

  unstage(paths: string[]): Promise<boolean> {
    return this.#attempt(() => this.#workbench.host.call("git_unstage", { folder: this.folder, paths }));
  }

  async discard(path: string): Promise<void> {
    const sure = await this.#workbench.notices.confirm({
      title: t.git.discardTitle(baseName(path)),
      text: t.git.discardText,
      action: t.git.discard,
      danger: true,
    });
    if (sure)
      await this.#attempt(() =>
        this.#workbench.host.call("git_discard", { folder: this.folder, paths: [path] }),
      );
  }

  hunk(path: string, hunk: string, act: HunkAct): Promise<boolean> {
    return this.#attempt(() =>
      this.#workbench.host.call("git_hunk", { folder: this.folder, path, hunk, act }),
    );
  }

  /** Makes the last commit anew, with what is staged and with the message, if there is one. */
  async amend(): Promise<void> {
    const { host, notices } = this.#workbench;
    const last = (await host.call("git_log", { folder: this.folder, limit: 1 })).commits[0];
    if (!last) return;
    const message = this.message.trim() || [last.summary, last.body].filter(Boolean).join("\n\n");
    const sure = await notices.confirm({
      title: t.git.amendTitle(last.summary),
      text: t.git.amendText,
      action: t.git.amend,
    });
    if (!sure) return;
    await this.#attempt(async () => {
      const made = await host.call("git_commit", { folder: this.folder, message, amend: true });
      this.message = "";
      notices.say("good", t.git.committed(made.id.slice(0, 8)), made.summary);
    });
  }

  async stash(): Promise<void> {
    const message = this.message.trim();
    const done = await this.#attempt(() =>
      this.#workbench.host.call("git_stash_push", {
        folder: this.folder,
        untracked: true,
        ...(message === "" ? {} : { message }),
      }),
    );
    if (done) this.message = "";
  }

  async chooseStash(): Promise<void> {
    const { host, picker, notices } = this.#workbench;
    const { folder } = this;
    const { stashes } = await host.call("git_stashes", { folder });
    if (stashes.length === 0) return notices.say("plain", t.git.noStash);
    picker.open({
      label: t.git.pop,
      placeholder: t.git.pop,
      empty: t.app.nothingFits,
      items: (query) =>
        rank(query, stashes, (stash) => stash.message).map(({ item: { index, message }, positions }) => ({
          id: String(index),
          label: message,
          positions,
          choose: () => void this.#attempt(() => host.call("git_stash_pop", { folder, index })),
        })),
    });
  }

  /** The commits to choose from, of a file or of all; then the files of the one that was chosen. */
  async history(path?: string): Promise<void> {
    const { host, picker } = this.#workbench;
    const { folder } = this;
    const { commits } = await host.call("git_log", { folder, limit: 500, ...(path ? { path } : {}) });
    picker.open({
      label: t.git.history,
      placeholder: t.git.historyHint,
      empty: t.app.nothingFits,
      items: (query) =>
        rank(query, commits, (commit) => `${commit.summary} ${commit.author} ${commit.short_id}`).map(
          ({ item: commit, positions }) => ({
            id: commit.id,
            label: commit.summary,
            positions: positions.filter((at) => at < commit.summary.length),
            detail: `${commit.short_id} · ${commit.author} · ${ago(commit.at, Date.now())}`,
            choose: () => void this.#showCommit(commit.id, path),
          }),
        ),
    });
  }

  async #showCommit(commit: string, path?: string): Promise<void> {
    const { host, picker } = this.#workbench;
    const open = (each: string) => this.#workbench.openTab("diff", { path: each, side: "commit", commit });
    if (path) return open(path);
    const shown = await host.call("git_commit_show", { folder: this.folder, commit });
    picker.open({
      label: shown.commit.summary,
      placeholder: shown.commit.summary,
      empty: t.app.nothingFits,
      items: (query) =>
        rank(query, shown.files, (file) => file.path).map(({ item: file, positions }) => ({
          id: file.path,
          label: file.path,
          positions,
          detail: `+${file.added} −${file.removed}`,
          path: file.path,
          choose: () => open(file.path),
        })),
    });
  }

  async commit(): Promise<void> {
    const plan = commitPlan(this.status.answer);
    const message = this.message.trim();
    if (plan === "nothing" || message === "") return;
    await this.#attempt(async () => {
      if (plan === "all") await this.#workbench.host.call("git_stage", { folder: this.folder, paths: [] });
      const made = await this.#workbench.host.call("git_commit", { folder: this.folder, message });
      this.message = "";
      this.#workbench.notices.say("good", t.git.committed(made.id.slice(0, 8)), made.summary);
    });
  }

  init(): Promise<boolean> {
    return this.#attempt(() => this.#workbench.host.call("git_init", { folder: this.folder }));
  }

  async sync(act: SyncAct): Promise<void> {
    this.busy = true;
    const lines: string[] = [];
    const stream = this.#workbench.host.stream("git_sync", { folder: this.folder, act }, (items) => {
      for (const item of items) if (item.kind === "line") lines.push(item.text);
    });
    const end = await stream.done;
    this.busy = false;
    if (end)
      this.#workbench.notices.say("bad", t.git.syncFailed, [end.message, ...lines.slice(-6)].join("\n"));
    else this.#workbench.notices.say("good", t.git.synced, lines.at(-1));
    await this.status.reload();
  }

  async chooseBranch(): Promise<void> {
    const { host, picker } = this.#workbench;
    const folder = this.folder;
    const { branches } = await host.call("git_branches", { folder });
    const attempt = (work: () => Promise<unknown>) => void this.#attempt(work);
    picker.open({
      label: t.git.branches,
      placeholder: t.git.chooseBranch,
      empty: t.app.nothingFits,
      items: (query) => {
        const name = query.trim();
        const items = branches
          .filter((branch) => branch.name.toLowerCase().includes(name.toLowerCase()))
          .map((branch) => ({
            id: branch.name,
            label: branch.name,
            detail: branch.summary,
            choose: () => attempt(() => host.call("git_branch_checkout", { folder, name: branch.name })),
          }));
        if (name === "" || branches.some((branch) => branch.name === name)) return items;
        const make = () => attempt(() => host.call("git_branch_create", { folder, name, checkout: true }));
        return [...items, { id: ":new", label: t.git.newBranch(name), choose: make }];
      },
    });
  }
}

const all = new WeakMap<Workbench, Repository>();

export function repositoryOf(workbench: Workbench): Repository {
  let repository = all.get(workbench);
  if (!repository) {
    repository = new Repository(workbench);
    all.set(workbench, repository);
  }
  return repository;
}

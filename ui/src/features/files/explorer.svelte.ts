/** What the explorer does with the host: reads levels, makes, renames, moves and deletes. */

import { baseName, isWithin, join, parentOf } from "$/lib/paths";
import { t } from "$/messages";
import type { Folder, NewEntry } from "$/protocol/protocol";
import { onFolder, type Workbench } from "$/workbench";
import { type FilesState, freeName, listed, NO_FILES, opened, revealed, staleLevels } from "./state";

export class Explorer {
  state = $state.raw<FilesState>(NO_FILES);
  focused = $state<string | null>(null);
  /** Shown in the tree as soon as its rows are there. */
  wanted = $state<string | null>(null);
  #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  start(): () => void {
    const stopFolder = onFolder(this.#workbench, () => {
      void this.read("");
      const stop = this.#workbench.folderEvents.listen((change) => {
        if (change.kind === "rescan") void this.readAll();
        else if (change.kind === "changed") {
          const levels = staleLevels(
            this.state,
            change.changes.map((each) => each.path),
          );
          for (const level of levels) void this.read(level);
        }
      });
      return () => {
        stop();
        this.state = NO_FILES;
        this.focused = null;
      };
    });
    return stopFolder;
  }

  get #folder(): Folder["folder"] {
    return this.#workbench.folder?.folder ?? "";
  }

  async read(path: string): Promise<void> {
    const folder = this.#folder;
    try {
      const listing = await this.#workbench.host.call("dir_list", {
        folder,
        ...(path === "" ? {} : { path }),
      });
      if (folder !== this.#folder) return;
      this.state = listed(this.state, path, listing.entries, listing.truncated);
    } catch {
      // The level is gone: what is above it tells so when it is read again.
      if (path !== "") this.state = opened(this.state, path, false);
    }
  }

  async readAll(): Promise<void> {
    await Promise.all([...this.state.levels.keys()].map((level) => this.read(level)));
  }

  toggle(path: string, open: boolean): void {
    this.state = opened(this.state, path, open);
    if (open && !this.state.levels.has(path)) void this.read(path);
  }

  collapse(): void {
    this.state = { ...this.state, open: new Set() };
  }

  async reveal(path: string): Promise<void> {
    const { state, missing } = revealed(this.state, path);
    this.state = state;
    for (const level of missing) await this.read(level);
    this.focused = path;
    this.wanted = path;
  }

  /** The folder that something new belongs to: the focused one, or the one that holds what is focused. */
  #place(): string {
    const { focused } = this;
    if (focused === null) return "";
    const entry = this.state.levels.get(parentOf(focused))?.find((each) => each.path === focused);
    return entry?.kind === "folder" ? focused : parentOf(focused);
  }

  #wrongName = (name: string): string | null => {
    if (name === "") return t.files.nameEmpty;
    return name.startsWith("/") || name.endsWith("/") ? t.files.nameBad : null;
  };

  async create(kind: NewEntry): Promise<void> {
    const folder = this.#place();
    const shown = folder === "" ? (this.#workbench.folder?.name ?? "") : folder;
    const name = await this.#workbench.notices.prompt({
      title: kind === "file" ? t.files.newFileIn(shown) : t.files.newFolderIn(shown),
      action: t.files.create,
      input: { label: t.files.nameLabel, value: "", check: this.#wrongName },
    });
    if (name === null) return;
    const path = join(folder, name);
    await this.#workbench.host.call("entry_create", { folder: this.#folder, path, kind });
    await this.read(folder);
    await this.reveal(path);
    if (kind === "file") this.#workbench.openFile(path);
  }

  async rename(path: string): Promise<void> {
    const name = baseName(path);
    const dot = name.lastIndexOf(".");
    const next = await this.#workbench.notices.prompt({
      title: t.files.renameTitle(name),
      action: t.files.rename,
      input: {
        label: t.files.nameLabel,
        value: name,
        select: [0, dot > 0 ? dot : name.length],
        check: this.#wrongName,
      },
    });
    if (next === null || next === name) return;
    await this.#move(path, join(parentOf(path), next));
  }

  async moveInto(path: string, target: string): Promise<void> {
    const entry = this.state.levels.get(parentOf(target))?.find((each) => each.path === target);
    const folder = entry?.kind === "folder" ? target : parentOf(target);
    if (parentOf(path) === folder || isWithin(folder, path)) return;
    const sure = await this.#workbench.notices.confirm({
      title: t.files.moveTitle(baseName(path), folder === "" ? (this.#workbench.folder?.name ?? "") : folder),
      action: t.files.move,
    });
    if (sure) await this.#move(path, join(folder, baseName(path)));
  }

  async #move(from: string, to: string): Promise<void> {
    const workbench = this.#workbench;
    // Tabs of what moves are closed first (they may be dirty), and opened at the new place.
    const within = (tab: { params: Record<string, string> }) => isWithin(tab.params["path"] ?? "\0", from);
    const wasActive =
      workbench.activeTab && within(workbench.activeTab) ? workbench.activeTab.params["path"] : undefined;
    if (!(await workbench.closeWhere(within))) return;
    await workbench.host.call("entry_rename", { folder: this.#folder, from, to });
    await Promise.all([this.read(parentOf(from)), this.read(parentOf(to))]);
    this.focused = to;
    if (wasActive) workbench.openFile(to + wasActive.slice(from.length));
  }

  async duplicate(path: string): Promise<void> {
    const folder = parentOf(path);
    const taken = new Set(this.state.levels.get(folder)?.map((entry) => entry.name));
    const to = join(folder, freeName(baseName(path), taken));
    await this.#workbench.host.call("entry_copy", { folder: this.#folder, from: path, to });
    await this.read(folder);
    this.focused = to;
  }

  async remove(path: string): Promise<void> {
    const workbench = this.#workbench;
    const name = baseName(path);
    const sure = await workbench.notices.confirm({
      title: t.files.removeTitle(name),
      text: t.files.removeText,
      action: t.files.remove,
      danger: true,
    });
    if (!sure) return;
    const { trashed } = await workbench.host.call("entry_remove", { folder: this.#folder, path });
    if (!trashed) workbench.notices.say("wait", t.files.removeForever(name));
    await this.read(parentOf(path));
  }
}

const explorers = new WeakMap<Workbench, Explorer>();

export function explorerOf(workbench: Workbench): Explorer {
  let explorer = explorers.get(workbench);
  if (!explorer) {
    explorer = new Explorer(workbench);
    explorers.set(workbench, explorer);
  }
  return explorer;
}

/** The open folder and the state of the window: restored at the start, kept while one works. */
import { debounce } from "$/lib/debounce";
import { type LayoutState, revive, type Workbench } from "$/workbench";

interface WindowKept {
  folder: string | null;
  layout: Partial<LayoutState>;
}

const KEEP_AFTER_MS = 600;
const WINDOW = "main";

export class Session {
  restored = $state(false);
  #workbench: Workbench;
  #save = debounce(KEEP_AFTER_MS, () => void this.#keep());

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  async restore(): Promise<void> {
    const { host } = this.#workbench;
    if (host.capabilities.machine) {
      const kept = (await this.#load(WINDOW)) as Partial<WindowKept> | null;
      if (kept?.layout) this.#workbench.layout.restore(kept.layout);
      if (kept?.folder) await this.openFolder(kept.folder).catch(() => undefined);
    }
    this.restored = true;
  }

  async openFolder(path: string): Promise<void> {
    const workbench = this.#workbench;
    const folder = await workbench.host.call("folder_open", { path });
    if (workbench.folder && workbench.folder.folder !== folder.folder && !(await this.closeFolder())) return;
    workbench.folder = folder;
    document.title = folder.name;
    void workbench.settings.reload();
    const tree = revive(await this.#load(`folder:${folder.folder}`));
    if (tree) workbench.restoreTree(tree);
    if (workbench.layout.side === null) workbench.layout.showSide("files");
  }

  async closeFolder(): Promise<boolean> {
    const workbench = this.#workbench;
    this.#save.flush();
    const files = (tab: { params: Record<string, string> }) => tab.params["path"] !== undefined;
    if (!(await workbench.closeWhere(files))) return false;
    workbench.folder = null;
    return true;
  }

  async trust(trusted: boolean): Promise<void> {
    const { folder, host } = this.#workbench;
    if (folder) this.#workbench.folder = await host.call("folder_trust", { folder: folder.folder, trusted });
  }

  /** Called whenever something of it changed. */
  touch(): void {
    if (this.restored && this.#workbench.host.capabilities.machine) this.#save();
  }

  async #load(window: string): Promise<unknown> {
    const { state } = await this.#workbench.host.call("window_state_load", { window });
    if (state === null) return null;
    try {
      return JSON.parse(state);
    } catch {
      return null;
    }
  }

  async #keep(): Promise<void> {
    const { host, folder, layout, tree } = this.#workbench;
    const kept: WindowKept = { folder: folder?.path ?? null, layout: layout.stored() };
    // What could not be kept is no loss that the user could do something about: the next change tries again.
    const save = (window: string, state: unknown) =>
      host.call("window_state_save", { window, state: JSON.stringify(state) }).catch(() => undefined);
    await save(WINDOW, kept);
    if (folder) await save(`folder:${folder.folder}`, tree);
  }
}

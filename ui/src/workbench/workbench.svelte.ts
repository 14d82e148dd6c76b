/**
 * What features may ask of the window: to show, to say, to ask, to do by name. Knows no feature; the app puts them in.
 */
import { getContext, setContext } from "svelte";
import { type Host, Query } from "$/host";
import type { Folder, Settings } from "$/protocol/protocol";
import { Commands } from "./commands.svelte";
import type { Feature, TabKind } from "./feature";
import { FolderEvents } from "./folder_events";
import * as groups from "./groups";
import { Layout } from "./layout.svelte";
import { Notices } from "./notices.svelte";
import { Picker } from "./picker.svelte";

export interface Place {
  line: number;
  column?: number;
}

export class Workbench {
  readonly host: Host;
  readonly features: Feature[];
  readonly notices = new Notices();
  readonly commands = new Commands((error, title) => this.notices.fail(error, title));
  readonly picker = new Picker();
  readonly layout = new Layout();
  readonly folderEvents = new FolderEvents();
  readonly settings: Query<"settings_show">;
  folder = $state.raw<Folder | null>(null);
  tree = $state.raw<groups.Tree>(groups.emptyLeaf());
  activeGroup = $state("");
  /** Where the caret goes once a file is shown, by path. */
  readonly places = new Map<string, Place>();
  #kinds: Map<string, TabKind>;

  constructor(host: Host, features: Feature[]) {
    this.host = host;
    this.features = features;
    this.#kinds = new Map(features.flatMap((feature) => feature.tabs ?? []).map((kind) => [kind.kind, kind]));
    this.activeGroup = groups.leaves(this.tree)[0]?.id ?? "";
    this.settings = new Query(host, "settings_show", () => {
      if (!host.capabilities.machine) return null;
      return this.folder ? { folder: this.folder.folder } : {};
    });
  }

  get preferences(): Settings | undefined {
    return this.settings.answer?.settings;
  }

  kindOf(tab: groups.Tab): TabKind | undefined {
    return this.#kinds.get(tab.kind);
  }

  get activeTab(): groups.Tab | undefined {
    const leaf = groups.leafOf(this.tree, this.activeGroup);
    return leaf?.tabs.find((tab) => tab.id === leaf.active);
  }

  openTab(
    kind: string,
    params: Record<string, string> = {},
    options: { preview?: boolean; group?: string } = {},
  ): void {
    const group = options.group ?? this.activeGroup;
    this.tree = groups.open(this.tree, group, groups.tabOf(kind, params, options.preview ?? false));
    this.activeGroup = group;
  }

  openFile(path: string, options: { preview?: boolean; place?: Place } = {}): void {
    if (options.place) this.places.set(path, options.place);
    this.openTab("file", { path }, { preview: options.preview ?? false });
    // A file that is shown already moves its caret by this command; a new one finds its place when it opens.
    if (options.place) this.commands.run("editor.place", path);
  }

  activate(group: string, id: string): void {
    this.tree = groups.activate(this.tree, group, id);
    this.activeGroup = group;
  }

  keep(group: string, id: string): void {
    this.tree = groups.keep(this.tree, group, id);
  }

  moveTab(from: string, id: string, to: string, at: number): void {
    this.tree = groups.move(this.tree, from, id, to, at);
    this.activeGroup = to;
    this.#mendActive();
  }

  splitGroup(direction: groups.Branch["direction"]): void {
    const split = groups.split(this.tree, this.activeGroup, direction);
    this.tree = split.tree;
    this.activeGroup = split.group;
  }

  /** Answers whether it was closed: a dirty one may be kept by the user. */
  async closeTab(group: string, id: string): Promise<boolean> {
    const tab = groups.leafOf(this.tree, group)?.tabs.find((each) => each.id === id);
    if (!tab) return true;
    const kind = this.kindOf(tab);
    const shownElsewhere = () =>
      groups.leaves(this.tree).some((leaf) => leaf.id !== group && leaf.tabs.some((each) => each.id === id));
    if (!shownElsewhere() && kind?.beforeClose && !(await kind.beforeClose(tab, this))) return false;
    const last = !shownElsewhere();
    this.tree = groups.close(this.tree, group, id);
    this.#mendActive();
    if (last) kind?.closed?.(tab, this);
    return true;
  }

  /** Closes all that `which` chooses, one after the other; stops when the user wants to keep one. */
  async closeWhere(which: (tab: groups.Tab) => boolean): Promise<boolean> {
    for (const leaf of groups.leaves(this.tree)) {
      for (const tab of leaf.tabs.filter(which)) {
        if (!(await this.closeTab(leaf.id, tab.id))) return false;
      }
    }
    return true;
  }

  restoreTree(tree: groups.Tree): void {
    this.tree = tree;
    this.#mendActive();
  }

  #mendActive(): void {
    const all = groups.leaves(this.tree);
    if (!all.some((leaf) => leaf.id === this.activeGroup)) this.activeGroup = all[0]?.id ?? "";
  }
}

const CONTEXT = Symbol("workbench");

export function provideWorkbench(workbench: Workbench): void {
  setContext(CONTEXT, workbench);
}

export function useWorkbench(): Workbench {
  return getContext<Workbench>(CONTEXT);
}

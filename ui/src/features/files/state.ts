/** The explorer's rows: which levels are known, which are open. Pure. */

import type { TreeRow } from "$/design";
import { ancestors, isWithin, parentOf } from "$/lib/paths";
import type { DirEntry } from "$/protocol/protocol";

export interface FilesState {
  /** Entries by folder, as far as they were read; the open folder itself is "". */
  levels: ReadonlyMap<string, DirEntry[]>;
  open: ReadonlySet<string>;
  truncated: ReadonlySet<string>;
}

export const NO_FILES: FilesState = { levels: new Map(), open: new Set(), truncated: new Set() };

export function listed(
  state: FilesState,
  folder: string,
  entries: DirEntry[],
  truncated: boolean,
): FilesState {
  const levels = new Map(state.levels).set(folder, entries);
  const known = new Set(entries.filter((entry) => entry.kind === "folder").map((entry) => entry.path));
  // Folders that are gone take what was known below them along.
  for (const path of levels.keys()) {
    if (path === "" || path === folder || !isWithin(path, folder)) continue;
    const child = [...ancestors(path), path].find((above) => parentOf(above) === folder);
    if (child !== undefined && !known.has(child)) levels.delete(path);
  }
  const cut = new Set(state.truncated);
  if (truncated) cut.add(folder);
  else cut.delete(folder);
  return { ...state, levels, truncated: cut };
}

export function opened(state: FilesState, folder: string, isOpen: boolean): FilesState {
  const open = new Set(state.open);
  if (isOpen) open.add(folder);
  else open.delete(folder);
  return { ...state, open };
}

/** Opens all folders above a path. Answers those that have to be read first. */
export function revealed(state: FilesState, path: string): { state: FilesState; missing: string[] } {
  const above = ancestors(path);
  const open = new Set([...state.open, ...above]);
  return { state: { ...state, open }, missing: ["", ...above].filter((folder) => !state.levels.has(folder)) };
}

export interface Shown {
  /** Whether what git ignores is shown. */
  ignored: boolean;
  /** Paths that are not shown. */
  excluded: (path: string) => boolean;
}

export function rows(state: FilesState, shown: Shown): TreeRow<DirEntry>[] {
  const result: TreeRow<DirEntry>[] = [];
  const walk = (folder: string, level: number): void => {
    for (const entry of state.levels.get(folder) ?? []) {
      if (shown.excluded(entry.path) || (entry.ignored && !shown.ignored)) continue;
      const branch = entry.kind === "folder";
      const open = branch && state.open.has(entry.path);
      result.push({ id: entry.path, item: entry, level, branch, open });
      if (open) walk(entry.path, level + 1);
    }
  };
  walk("", 0);
  return result;
}

/** Which known levels have to be read again after paths changed. */
export function staleLevels(state: FilesState, paths: string[]): string[] {
  return [...new Set(paths.map(parentOf))].filter((folder) => state.levels.has(folder));
}

/** A name that is free in a folder: `notes copy.md`, `notes copy 2.md`. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const dot = name.lastIndexOf(".");
  const [stem, end] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  for (let at = 1; ; at += 1) {
    const candidate = `${stem} copy${at === 1 ? "" : ` ${at}`}${end}`;
    if (!taken.has(candidate)) return candidate;
  }
}

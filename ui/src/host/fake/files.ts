/** A folder in memory. */

import { fuzzyFit } from "$/lib/fuzzy";
import { baseName, extension, parentOf } from "$/lib/paths";
import type {
  DirEntry,
  EditorConfig,
  FolderChange,
  OpenedFile,
  TextFound,
  TextSearch,
} from "$/protocol/protocol";
import { problem, Refusal } from "../host";
import { type Handlers, never, type StreamHandlers } from "./host";

const NO_CONFIG: EditorConfig = {
  indent_style: null,
  indent_size: null,
  tab_width: null,
  end_of_line: null,
  encoding: null,
  trim_trailing_whitespace: null,
  insert_final_newline: null,
  max_line_length: null,
};

export class FakeFolder {
  readonly files = new Map<string, string>();
  readonly folders = new Set<string>();
  #watchers = new Set<(change: FolderChange) => void>();

  constructor(files: Record<string, string>) {
    for (const [path, text] of Object.entries(files)) this.files.set(path, text);
  }

  version(path: string): string {
    const text = this.files.get(path) ?? "";
    let hash = 7;
    for (let at = 0; at < text.length; at += 1) hash = (hash * 31 + text.charCodeAt(at)) | 0;
    return `${text.length}-${hash}`;
  }

  write(path: string, text: string): void {
    this.files.set(path, text);
    this.#tell(path, true);
  }

  remove(path: string): void {
    for (const file of [...this.files.keys()])
      if (file === path || file.startsWith(`${path}/`)) this.files.delete(file);
    for (const folder of [...this.folders])
      if (folder === path || folder.startsWith(`${path}/`)) this.folders.delete(folder);
    this.#tell(path, false);
  }

  #tell(path: string, exists: boolean): void {
    const change: FolderChange = { kind: "changed", changes: [{ path, exists, is_folder: false }] };
    for (const watcher of this.#watchers) watcher(change);
  }

  list(folder: string): DirEntry[] {
    const prefix = folder === "" ? "" : `${folder}/`;
    const entries = new Map<string, DirEntry>();
    const add = (path: string, kind: "file" | "folder", bytes: number) => {
      entries.set(path, {
        name: baseName(path),
        path,
        kind,
        link: false,
        bytes,
        ignored: false,
        hidden: false,
      });
    };
    for (const [path, text] of this.files) {
      if (!path.startsWith(prefix)) continue;
      const rest = path.slice(prefix.length);
      const cut = rest.indexOf("/");
      if (cut < 0) add(path, "file", text.length);
      else add(prefix + rest.slice(0, cut), "folder", 0);
    }
    for (const path of this.folders) if (parentOf(path) === folder) add(path, "folder", 0);
    return [...entries.values()].sort((a, b) =>
      a.kind === b.kind ? a.name.localeCompare(b.name) : a.kind === "folder" ? -1 : 1,
    );
  }

  open(path: string): OpenedFile {
    const text = this.files.get(path);
    if (text === undefined) throw new Refusal(problem("not_found", `There is no file ${path}.`));
    return {
      path,
      kind: extension(path) === "bin" ? "binary" : "text",
      text,
      encoding: "utf8",
      line_ending: "lf",
      mixed_line_endings: false,
      version: this.version(path),
      bytes: text.length,
      read_only: false,
      media_type: null,
      editor_config: NO_CONFIG,
    };
  }

  handlers(): Handlers {
    const done = {};
    return {
      dir_list: ({ path }) => ({ entries: this.list(path ?? ""), truncated: false }),
      file_open: ({ path }) => this.open(path),
      file_save: ({ path, text, base_version }) => {
        const now = this.files.has(path) ? this.version(path) : undefined;
        if (now !== base_version) return { kind: "conflict", version: now ?? null };
        this.write(path, text);
        return { kind: "saved", version: this.version(path), bytes: text.length };
      },
      entry_create: ({ path, kind }) => {
        if (kind === "file") this.write(path, "");
        else this.folders.add(path);
        return done;
      },
      entry_rename: ({ from, to }) => {
        for (const [path, text] of [...this.files]) {
          if (path !== from && !path.startsWith(`${from}/`)) continue;
          this.files.delete(path);
          this.files.set(to + path.slice(from.length), text);
        }
        return done;
      },
      entry_copy: ({ from, to }) => {
        this.write(to, this.files.get(from) ?? "");
        return done;
      },
      entry_remove: ({ path }) => {
        this.remove(path);
        return { trashed: true };
      },
      files_find: ({ query, limit }) => {
        const found = [...this.files.keys()].flatMap((path) => {
          const fitted = query === "" ? { score: 0, positions: [] } : fuzzyFit(query, path);
          return fitted ? [{ path, ...fitted }] : [];
        });
        const files = found
          .sort((a, b) => b.score - a.score)
          .slice(0, limit ?? 50)
          .map(({ path, positions }) => ({ path, positions }));
        return { files, total: this.files.size, complete: true };
      },
      text_replace: ({ query, files }) => ({
        files: files.map(({ path }) => {
          const pattern = patternOf(query);
          let replaced = 0;
          const text = (this.files.get(path) ?? "").replace(pattern, () => {
            replaced += 1;
            return query.replacement ?? "";
          });
          this.write(path, text);
          return { path, replaced, version: this.version(path), problem: null };
        }),
      }),
    };
  }

  streams(): StreamHandlers {
    return {
      folder_watch: async (_, tell, stop) => {
        const watcher = (change: FolderChange) => tell([change]);
        this.#watchers.add(watcher);
        await never(stop);
        this.#watchers.delete(watcher);
        return null;
      },
      text_search: async ({ query }, tell) => {
        const found = [...this.files].flatMap(([path, text]) => this.#search(path, text, query));
        const matches = found.reduce(
          (sum, file) =>
            sum + (file.kind === "file" ? file.lines.reduce((n, line) => n + line.matches.length, 0) : 0),
          0,
        );
        tell([
          ...found,
          { kind: "done", files: found.length, matches, searched: this.files.size, truncated: false },
        ]);
        return null;
      },
    };
  }

  #search(path: string, text: string, query: TextSearch["query"]): TextFound[] {
    let index = 0;
    const lines = text.split("\n").flatMap((line, at) => {
      const matches = [...line.matchAll(patternOf(query))].map((match) => ({
        start: match.index,
        end: match.index + match[0].length,
        index: index++,
        replacement: query.replacement ?? null,
      }));
      return matches.length > 0 ? [{ line: at + 1, text: line, cut: 0, matches }] : [];
    });
    return lines.length > 0 ? [{ kind: "file", path, version: this.version(path), lines }] : [];
  }
}

function patternOf(query: TextSearch["query"]): RegExp {
  const source = query.regex ? query.pattern : query.pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(query.whole_word ? `\\b(?:${source})\\b` : source, query.case_sensitive ? "g" : "gi");
}

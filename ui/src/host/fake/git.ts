/** A repository in memory: what was committed, what is staged, and the folder. */
import { lineHunks } from "$/lib/line_diff";
import type { FileDiff, GitFile, Hunk } from "$/protocol/protocol";
import type { FakeFolder } from "./files";
import { type Handlers, pause, type StreamHandlers } from "./host";

export class FakeGit {
  #head: Map<string, string>;
  #staged: Map<string, string>;
  #folder: FakeFolder;
  #log: string[] = ["Notes with search"];

  constructor(folder: FakeFolder) {
    this.#folder = folder;
    this.#head = new Map(folder.files);
    this.#staged = new Map(folder.files);
  }

  #status(): GitFile[] {
    const paths = new Set([...this.#head.keys(), ...this.#staged.keys(), ...this.#folder.files.keys()]);
    const change = (before: string | undefined, after: string | undefined) => {
      if (before === after) return null;
      return before === undefined ? "added" : after === undefined ? "removed" : "modified";
    };
    return [...paths].sort().flatMap((path) => {
      const staged = change(this.#head.get(path), this.#staged.get(path));
      const there = change(this.#staged.get(path), this.#folder.files.get(path));
      const unstaged = there === "added" ? "untracked" : there;
      return staged || unstaged ? [{ path, old_path: null, staged, unstaged, conflicted: false }] : [];
    });
  }

  #diff(path: string, side: "staged" | "unstaged"): FileDiff {
    const before = (side === "staged" ? this.#head : this.#staged).get(path) ?? null;
    const after = (side === "staged" ? this.#staged : this.#folder.files).get(path) ?? null;
    const old = (before ?? "").split("\n");
    let shift = 0;
    const hunks = lineHunks(old, (after ?? "").split("\n")).map((hunk, at): Hunk => {
      const from = Math.max(0, hunk.fromOld - 3);
      const to = Math.min(old.length, hunk.toOld + 3);
      const same = (a: number, b: number) =>
        old.slice(a, b).map((text) => ({ change: "same" as const, text }));
      const made: Hunk = {
        id: `${path}#${at}`,
        old_start: from + 1,
        old_lines: to - from,
        new_start: from + 1 + shift,
        new_lines: to - from - (hunk.toOld - hunk.fromOld) + hunk.lines.length,
        lines: [
          ...same(from, hunk.fromOld),
          ...old.slice(hunk.fromOld, hunk.toOld).map((text) => ({ change: "removed" as const, text })),
          ...hunk.lines.map((text) => ({ change: "added" as const, text })),
          ...same(hunk.toOld, to),
        ],
      };
      shift += hunk.lines.length - (hunk.toOld - hunk.fromOld);
      return made;
    });
    return { path, before, after, binary: false, hunks };
  }

  #put(from: Map<string, string>, into: Map<string, string>, paths: string[]): void {
    const all = paths.length > 0 ? paths : [...new Set([...from.keys(), ...into.keys()])];
    for (const path of all) {
      const text = from.get(path);
      if (text === undefined) into.delete(path);
      else into.set(path, text);
    }
  }

  handlers(): Handlers {
    const done = {};
    return {
      git_status: () => ({
        repository: true,
        branch: "main",
        commit: "c0ffee1",
        upstream: "origin/main",
        ahead: this.#log.length - 1,
        behind: 0,
        doing: null,
        files: this.#status(),
        truncated: false,
      }),
      git_diff: ({ path, side }) => this.#diff(path, side === "staged" ? "staged" : "unstaged"),
      git_stage: ({ paths }) => {
        this.#put(this.#folder.files, this.#staged, paths);
        return done;
      },
      git_unstage: ({ paths }) => {
        this.#put(this.#head, this.#staged, paths);
        return done;
      },
      git_discard: ({ paths }) => {
        for (const path of paths) {
          const text = this.#staged.get(path);
          if (text === undefined) this.#folder.remove(path);
          else this.#folder.write(path, text);
        }
        return done;
      },
      git_hunk: ({ path, act }) => {
        if (act === "stage") this.#put(this.#folder.files, this.#staged, [path]);
        else if (act === "unstage") this.#put(this.#head, this.#staged, [path]);
        else this.#folder.write(path, this.#staged.get(path) ?? "");
        return done;
      },
      git_commit: ({ message }) => {
        this.#head = new Map(this.#staged);
        this.#log.unshift(message);
        return { id: `c0ffee${this.#log.length}`, summary: message.split("\n")[0] ?? "" };
      },
      git_log: () => ({
        commits: this.#log.map((summary, at) => ({
          id: `c0ffee${this.#log.length - at}`,
          short_id: `c0ffee${this.#log.length - at}`,
          parents: [],
          author: "You",
          email: "you@example.org",
          at: new Date(Date.now() - at * 3_600_000).toISOString(),
          summary,
          body: "",
          refs: at === 0 ? ["main"] : [],
        })),
        next: null,
      }),
      git_branches: () => ({
        branches: ["main", "tags"].map((name) => ({
          name,
          remote: false,
          current: name === "main",
          upstream: null,
          commit: "c0ffee1",
          at: new Date().toISOString(),
          summary: this.#log[0] ?? "",
        })),
      }),
    };
  }

  streams(): StreamHandlers {
    return {
      git_sync: async (_, tell) => {
        tell([{ kind: "line", text: "Everything up-to-date" }]);
        await pause(200);
        tell([{ kind: "done" }]);
        return null;
      },
    };
  }
}

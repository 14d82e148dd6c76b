import { describe, expect, it } from "vitest";
import type { DirEntry } from "$/protocol/protocol";
import { type FilesState, freeName, listed, NO_FILES, opened, revealed, rows, staleLevels } from "./state";

const entry = (path: string, kind: DirEntry["kind"] = "file", extra: Partial<DirEntry> = {}): DirEntry => ({
  name: path.slice(path.lastIndexOf("/") + 1),
  path,
  kind,
  link: false,
  bytes: 0,
  ignored: false,
  hidden: false,
  ...extra,
});

const ALL = { ignored: true, excluded: (path: string) => path === ".git" };

function sample(): FilesState {
  let state = listed(
    NO_FILES,
    "",
    [
      entry(".git", "folder"),
      entry("src", "folder"),
      entry("a.py"),
      entry("out", "folder", { ignored: true }),
    ],
    false,
  );
  state = listed(state, "src", [entry("src/lib", "folder"), entry("src/main.rs")], false);
  state = listed(state, "src/lib", [entry("src/lib/deep.rs")], false);
  return state;
}

const drawn = (state: FilesState, shown = ALL) =>
  rows(state, shown).map((row) => `${"  ".repeat(row.level)}${row.item.name}`);

describe("the explorer", () => {
  it("shows levels that are open, and nothing that is excluded", () => {
    expect(drawn(sample())).toEqual(["src", "a.py", "out"]);
    expect(drawn(opened(sample(), "src", true))).toEqual(["src", "  lib", "  main.rs", "a.py", "out"]);
  });

  it("hides what git ignores when told so", () => {
    expect(drawn(sample(), { ...ALL, ignored: false })).toEqual(["src", "a.py"]);
  });

  it("forgets what was below a folder that is gone", () => {
    const state = listed(opened(sample(), "src", true), "", [entry("a.py")], false);
    expect([...state.levels.keys()]).toEqual([""]);
  });

  it("keeps what is below when a level is read again", () => {
    const state = listed(sample(), "src", [entry("src/lib", "folder")], false);
    expect(state.levels.has("src/lib")).toBe(true);
  });

  it("reveals a path: opens all above, and tells what has to be read", () => {
    const { state, missing } = revealed(listed(NO_FILES, "", [entry("a", "folder")], false), "a/b/c.txt");
    expect([...state.open]).toEqual(["a", "a/b"]);
    expect(missing).toEqual(["a", "a/b"]);
  });

  it("reads again only levels that are known", () => {
    expect(staleLevels(sample(), ["src/new.rs", "src/old.rs", "vendor/x", "b.py"])).toEqual(["src", ""]);
  });

  it.each([
    ["a.py", [], "a copy.py"],
    ["a.py", ["a copy.py"], "a copy 2.py"],
    ["Makefile", [], "Makefile copy"],
    [".env", [], ".env copy"],
  ])("a copy of %s beside %j is %s", (name, taken, expected) => {
    expect(freeName(name, new Set(taken))).toBe(expected);
  });
});

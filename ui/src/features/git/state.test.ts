import { describe, expect, it } from "vitest";
import type { GitFile, GitState } from "$/protocol/protocol";
import { commitPlan, sections } from "./state";

const file = (path: string, extra: Partial<GitFile>): GitFile => ({
  path,
  old_path: null,
  staged: null,
  unstaged: null,
  conflicted: false,
  ...extra,
});
const state = (...files: GitFile[]): GitState => ({
  repository: true,
  branch: "main",
  commit: "c",
  upstream: null,
  ahead: 0,
  behind: 0,
  doing: null,
  files,
  truncated: false,
});

describe("changes", () => {
  it("a file that is partly staged stands in both sections", () => {
    const { staged, unstaged } = sections(state(file("a", { staged: "modified", unstaged: "modified" })));
    expect([staged.length, unstaged.length]).toEqual([1, 1]);
  });

  it("a conflict stands only among the conflicts", () => {
    const all = sections(state(file("a", { staged: "modified", unstaged: "modified", conflicted: true })));
    expect([all.conflicts.length, all.staged.length, all.unstaged.length]).toEqual([1, 0, 0]);
  });

  it.each([
    [[], "nothing"],
    [[file("a", { unstaged: "untracked" })], "all"],
    [[file("a", { unstaged: "modified" }), file("b", { staged: "added" })], "staged"],
    [[file("a", { conflicted: true }), file("b", { staged: "added" })], "nothing"],
  ] as [GitFile[], string][])("%j: commits %s", (files, expected) => {
    expect(commitPlan(state(...files))).toBe(expected);
  });
});

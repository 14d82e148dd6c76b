// @vitest-environment node
import { describe, expect, it } from "vitest";
import { problems } from "./boundaries.mjs";

const check = (file, text) => problems([[file, text]]);

describe("boundaries", () => {
  it.each([
    ["src/design/A.svelte", 'import { runs } from "$/features/runs";', "may not import features"],
    ["src/features/git/a.ts", 'import x from "$/features/runs/state";', "may not import another"],
    ["src/features/git/a.ts", 'import x from "../runs/state";', "may not import another"],
    ["src/app/a.ts", 'import x from "$/features/runs/state";', "not a door"],
    ["src/lib/a.ts", 'import type { Host } from "$/host";', "may not import host"],
    ["src/app/a.ts", 'import { invoke } from "@tauri-apps/api/core";', "only src/host/tauri.ts"],
    ["src/app/a.ts", 'const x = await import("$/host/web");', "not a door"],
  ])("%s: %s", (file, text, expected) => {
    expect(check(file, text).join()).toContain(expected);
  });

  it.each([
    ["src/features/git/a.ts", 'import { t } from "$/messages"; import { state } from "./state";'],
    ["src/app/a.ts", 'import { runs } from "$/features/runs";'],
    ["src/host/tauri.ts", 'import { invoke } from "@tauri-apps/api/core";'],
  ])("%s may: %s", (file, text) => {
    expect(check(file, text)).toEqual([]);
  });

  it("finds cycles", () => {
    const files = [
      ["src/lib/a.ts", 'import { b } from "./b";'],
      ["src/lib/b.ts", 'import { a } from "./a";'],
    ];
    expect(problems(files).join()).toContain("a cycle");
  });
});

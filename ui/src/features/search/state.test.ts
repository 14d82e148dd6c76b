import { describe, expect, it } from "vitest";
import type { FoundLine, TextFound } from "$/protocol/protocol";
import { found, globs, linePieces, NOTHING_FOUND, resultRows } from "./state";

const line = (at: number, text: string, ...matches: [number, number][]): FoundLine => ({
  line: at,
  text,
  cut: 0,
  matches: matches.map(([start, end], index) => ({ start, end, index, replacement: null })),
});
const file = (path: string, ...lines: FoundLine[]): TextFound => ({
  kind: "file",
  path,
  version: "1",
  lines,
});

describe("search", () => {
  it("joins a file that comes in several items", () => {
    const state = found(found(NOTHING_FOUND, [file("a", line(1, "xx", [0, 1], [1, 2]))]), [
      file("a", line(9, "x", [0, 1])),
      file("b", line(1, "x", [0, 1])),
    ]);
    expect(state.files.map((each) => [each.path, each.matches])).toEqual([
      ["a", 3],
      ["b", 1],
    ]);
    expect(state.matches).toBe(4);
    expect(state.done).toBe(false);
  });

  it("a file that is folded shows only itself", () => {
    const state = found(NOTHING_FOUND, [file("a", line(1, "x", [0, 1])), file("b", line(2, "x", [0, 1]))]);
    expect(resultRows(state, new Set(["a"])).map((row) => row.id)).toEqual(["a", "b", "b:2"]);
  });

  it.each([
    ["    foo bar", [[4, 7]], "[foo] bar"],
    [
      "a b a",
      [
        [0, 1],
        [4, 5],
      ],
      "[a] b [a]",
    ],
    [`${"x".repeat(100)}foo`, [[100, 103]], `${"x".repeat(28)}[foo]`],
    ["  ", [[0, 2]], "[  ]"],
  ] as [string, [number, number][], string][])("%j is shown as pieces", (text, matches, expected) => {
    const shown = linePieces(line(1, text, ...matches)).map((piece) =>
      piece.kind === "match" ? `[${piece.text}]` : piece.text,
    );
    expect(shown.join("")).toBe(expected);
  });

  it("globs are parted by commas", () => {
    expect(globs(" src , *.ts,,")).toEqual(["src", "*.ts"]);
  });
});

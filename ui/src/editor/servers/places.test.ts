import { Text } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { changesOf, editsByUri, languageIdOf, offsetOf, pathOf, uriOf } from "./places";

const doc = Text.of(["ab", "größe = 1", ""]);
const root = "file:///home/u/my%20notes/";

describe("languages", () => {
  it.each([
    ["src/a.py", "python"],
    ["a.TSX", "typescriptreact"],
    ["tsconfig.json", "jsonc"],
    ["package.json", "json"],
    [".py", null],
    ["notes.txt", null],
  ])("%s is %s", (path, expected) => expect(languageIdOf(path)).toBe(expected));
});

describe("addresses", () => {
  it.each(["a b.py", "src/[id]/ü#1?.ts", "50%.css"])("%s comes back", (path) => {
    expect(pathOf(root, uriOf(root, path))).toBe(path);
  });

  it("is known however the server encodes it", () => {
    expect(pathOf(root, "file:///home/u/my notes/[id].ts")).toBe("[id].ts");
  });

  it.each(["file:///usr/lib/python3/os.pyi", "file:///home/u/my%20notes%", "untitled:1"])(
    "%s is elsewhere",
    (uri) => expect(pathOf(root, uri)).toBeNull(),
  );
});

describe("places", () => {
  it.each([
    [{ line: 1, character: 2 }, 5],
    [{ line: 1, character: 99 }, 12],
    [{ line: 99, character: 0 }, 13],
    [{ line: -1, character: 4 }, 0],
  ])("%j is at %i, and never outside", (position, expected) =>
    expect(offsetOf(doc, position)).toBe(expected),
  );
});

describe("edits", () => {
  const edit = (newText: string) => ({
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 2 } },
    newText,
  });

  it("write line ends as the editor does", () => {
    expect(changesOf(doc, [edit("a\r\nb")])).toEqual([{ from: 0, to: 2, insert: "a\nb" }]);
  });

  it("of both shapes are gathered by file, and files are not made", () => {
    const all = editsByUri({
      changes: { "file:///a": [edit("1")] },
      documentChanges: [
        { textDocument: { uri: "file:///a", version: null }, edits: [edit("2")] },
        { kind: "create", uri: "file:///b" },
      ],
    });
    expect([...all].map(([uri, edits]) => [uri, edits.map((each) => each.newText)])).toEqual([
      ["file:///a", ["1", "2"]],
    ]);
  });
});

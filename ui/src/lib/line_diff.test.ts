import { describe, expect, it } from "vitest";
import { applyHunks, lineHunks } from "./line_diff";

const lines = (text: string) => text.split(" ").filter(Boolean);

describe("line diff", () => {
  it.each([
    ["", ""],
    ["a b c", "a b c"],
    ["a b c", "a x c"],
    ["a b c", "a c"],
    ["a c", "a b c"],
    ["", "a b"],
    ["a b", ""],
    ["a b c d e f", "x b c y z f g"],
    ["x x x x", "x x"],
  ])("%s becomes %s", (before, after) => {
    const hunks = lineHunks(lines(before), lines(after));
    expect(applyHunks(lines(before), hunks)).toEqual(lines(after));
    if (before === after) expect(hunks).toEqual([]);
  });

  it("keeps places apart that have something in common between them", () => {
    const hunks = lineHunks(lines("a b c d e"), lines("a X c Y e"));
    expect(hunks).toEqual([
      { fromOld: 1, toOld: 2, lines: ["X"] },
      { fromOld: 3, toOld: 4, lines: ["Y"] },
    ]);
  });

  it("random texts come out right", () => {
    let seed = 7;
    const next = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let round = 0; round < 200; round += 1) {
      const text = () => Array.from({ length: next(12) }, () => "abcd"[next(4)] ?? "a");
      const [before, after] = [text(), text()];
      expect(applyHunks(before, lineHunks(before, after))).toEqual(after);
    }
  });

  it("a huge change is one hunk, at once", () => {
    const hunks = lineHunks(
      Array.from({ length: 3000 }, (_, i) => `a${i}`),
      Array.from({ length: 3000 }, (_, i) => `b${i}`),
    );
    expect(hunks).toHaveLength(1);
  });
});

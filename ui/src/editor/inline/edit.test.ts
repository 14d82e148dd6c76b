import { describe, expect, it } from "vitest";
import { allDecided, asked, begun, decided, failed, finished, result, stopped, written } from "./edit";

const ORIGINAL = "def add(a, b):\n    return a - b\n\nprint(add(1, 2))";
const FIXED = "def add(a, b):\n    return a + b\n\nprint(add(3, 2))";

const reviewed = () => finished(asked(begun(ORIGINAL), "fix"), 1, FIXED);

describe("an edit", () => {
  it("streams: what is not written yet counts as unchanged", () => {
    const edit = written(asked(begun(ORIGINAL), "fix"), 1, "def add(a, b):\n    return a + b\n\npri");
    expect(edit.hunks).toEqual([{ fromOld: 1, toOld: 2, lines: ["    return a + b"], choice: "open" }]);
  });

  it("has a hunk for each place", () => {
    expect(reviewed().hunks.map((hunk) => hunk.lines)).toEqual([["    return a + b"], ["print(add(3, 2))"]]);
  });

  it("accepts all at once", () => {
    expect(result(reviewed(), true)).toBe(FIXED);
  });

  it("takes only what was kept", () => {
    const edit = decided(decided(reviewed(), 0, "kept"), 1, "rejected");
    expect(allDecided(edit)).toBe(true);
    expect(result(edit, false)).toBe("def add(a, b):\n    return a + b\n\nprint(add(1, 2))");
  });

  it("accepting the rest does not bring back what was rejected", () => {
    expect(result(decided(reviewed(), 1, "rejected"), true)).toContain("add(1, 2)");
  });

  it("drops answers that were asked before a refinement", () => {
    const refined = asked(reviewed(), "and name it sum");
    expect(finished(refined, 1, "late")).toBe(refined);
    expect(written(refined, 1, "late\n")).toBe(refined);
    expect(refined.instructions).toEqual(["fix", "and name it sum"]);
  });

  it("a stop goes back to what was there", () => {
    expect(stopped(asked(begun(ORIGINAL), "fix")).phase).toBe("asking");
    const back = stopped(asked(reviewed(), "more"));
    expect(back.phase).toBe("reviewing");
    expect(back.hunks).toHaveLength(2);
  });

  it("a failure says why", () => {
    expect(failed(asked(begun(ORIGINAL), "fix"), 1, "no model").problem).toBe("no model");
  });

  it("that changes nothing has no hunks", () => {
    expect(finished(asked(begun(ORIGINAL), "fix"), 1, ORIGINAL).hunks).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { accepted, arrived, dropped, type Ghost, NOTHING, portion, tabAccepts, typed } from "./ghost";

const offering = (text: string, at = 10): Ghost => ({ generation: 3, shown: { at, text } });

describe("typing", () => {
  it("along a suggestion shrinks it and asks nobody", () => {
    const { ghost, ask } = typed(offering("return x;"), 10, "ret");
    expect(ask).toBe(false);
    expect(ghost).toEqual({ generation: 3, shown: { at: 13, text: "urn x;" } });
  });

  it.each([
    ["another letter", 10, "q"],
    ["elsewhere", 4, "r"],
    ["all of it", 10, "return x;"],
    ["more than it", 10, "return x; //"],
  ])("%s makes what is under way worthless and asks", (_, at, text) => {
    expect(typed(offering("return x;"), at, text)).toEqual({
      ghost: { generation: 4, shown: null },
      ask: true,
    });
  });

  it("without a suggestion asks", () => {
    expect(typed(NOTHING, 0, "a")).toEqual({ ghost: { generation: 1, shown: null }, ask: true });
  });
});

describe("answers", () => {
  const waiting: Ghost = { generation: 5, shown: null };

  it("of an older generation change nothing", () => {
    expect(arrived(waiting, 4, 10, "", "late")).toBe(waiting);
  });

  it("grow as they stream", () => {
    const one = arrived(waiting, 5, 10, "", "ret");
    expect(arrived(one, 5, 10, "", "return").shown).toEqual({ at: 10, text: "return" });
  });

  it("are shown without what was typed along since", () => {
    expect(arrived(waiting, 5, 10, "re", "return").shown).toEqual({ at: 12, text: "turn" });
  });

  it("wait while they are shorter than what was typed, and go when they differ", () => {
    expect(arrived(waiting, 5, 10, "ret", "re")).toBe(waiting);
    expect(arrived(waiting, 5, 10, "ret", "rx")).toEqual({ generation: 6, shown: null });
  });

  it("of blanks alone are silence", () => {
    expect(arrived(offering("x"), 3, 10, "", " \n ").shown).toBeNull();
  });
});

describe("accepting", () => {
  it.each([
    ["return x;", "word", "return"],
    [" foo(bar)", "word", " foo"],
    ["(bar)", "word", "("],
    ["größe = 1", "word", "größe"],
    ["a\nb\nc", "line", "a"],
    ["\nb\nc", "line", "\nb"],
    ["a\nb", "all", "a\nb"],
    ["   ", "word", "   "],
  ] as const)("of %j by %s takes %j", (text, amount, taken) => {
    expect(portion(text, amount)).toBe(taken);
  });

  it("a part leaves the rest at its new place", () => {
    const step = accepted(offering("return x;"), "word");
    expect(step).toEqual({
      insert: "return",
      at: 10,
      ghost: { generation: 3, shown: { at: 16, text: " x;" } },
    });
  });

  it("word by word gives the whole text", () => {
    let ghost: Ghost = offering("for i in range(3):\n    print(i)\n");
    let all = "";
    for (let step = accepted(ghost, "word"); step; step = accepted(ghost, "word")) {
      all += step.insert;
      ghost = step.ghost;
    }
    expect(all).toBe("for i in range(3):\n    print(i)\n");
  });

  it("nothing, when nothing is offered", () => {
    expect(accepted(dropped(offering("x")), "all")).toBeNull();
  });
});

describe("Tab", () => {
  it.each([
    [{ popupOpen: true, before: "foo", indent: 0 }, false],
    [{ popupOpen: false, before: "foo", indent: 4 }, true],
    [{ popupOpen: false, before: "", indent: 4 }, false],
    [{ popupOpen: false, before: "    ", indent: 4 }, true],
    [{ popupOpen: false, before: "", indent: 0 }, true],
    [{ popupOpen: false, before: "  ", indent: null }, true],
  ])("%j accepts: %s", (context, expected) => {
    expect(tabAccepts(context)).toBe(expected);
  });
});

import { describe, expect, it } from "vitest";
import { emptyForm, mistakes, requestOf, type StartForm } from "./start";

const form = (change: Partial<StartForm>): StartForm => ({
  ...emptyForm(),
  objective: "Build it",
  ...change,
});

describe("the start form", () => {
  it.each([
    [{ objective: "  " }, ["objective"]],
    [{ cost: "0" }, ["cost"]],
    [{ cost: "two" }, ["cost"]],
    [{ minutes: "-1" }, ["minutes"]],
    [{ cost: "1.5", minutes: "10" }, []],
  ])("%j: wrong are %j", (change, wrong) => {
    expect(Object.keys(mistakes(form(change)))).toEqual(wrong);
  });

  it("asks for no more than was chosen", () => {
    expect(requestOf(form({ objective: " Build it " }), false)).toEqual({
      objective: "Build it",
      persona: "fullstack",
    });
  });

  it("asks for all that was chosen", () => {
    const request = requestOf(
      form({
        dir: "/home/a",
        persona: "startup",
        without: ["devops"],
        model: "a/b",
        policy: "p",
        cost: "2",
        minutes: "5.4",
      }),
      true,
      ["cto", "devops", "qa"],
    );
    expect(request).toEqual({
      objective: "Build it",
      dir: "/home/a",
      hierarchy: "startup",
      tasks: ["cto", "qa"],
      model: "a/b",
      policy_id: "p",
      max_cost_usd: 2,
      max_minutes: 5,
    });
  });
});

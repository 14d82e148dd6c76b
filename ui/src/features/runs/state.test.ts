import { describe, expect, it } from "vitest";
import { DEMO_SCRIPT } from "$/host/fake";
import { t } from "$/messages";
import type { EventFrame } from "$/protocol/protocol";
import { layoutGraph, NODE } from "./layout";
import { describeCall, emptyRun, progress, type RunState, reduceAll } from "./state";

const played = (until: (frame: EventFrame) => boolean = () => false): RunState => {
  const at = DEMO_SCRIPT.findIndex(until);
  return reduceAll(emptyRun("demo"), DEMO_SCRIPT.slice(0, at < 0 ? undefined : at + 1), t.runs);
};
const node = (state: RunState, agent: string) => state.nodes.find((each) => each.agent === agent);

describe("a run from its transcript", () => {
  it("ends as its events say", () => {
    const run = played();
    expect(run.status).toBe("completed");
    expect(run.nodes.map((each) => each.status)).toEqual([
      "completed",
      "completed",
      "completed",
      "completed",
    ]);
    expect(run.evidence).toMatchObject({ passed: 3, failed: 0, passed_before: 2 });
    expect(run.files).toContain("src/notes/store.py");
    expect(progress(run)).toBe(1);
  });

  it("is the same when it is told twice", () => {
    const once = played();
    const again = reduceAll(
      once,
      DEMO_SCRIPT.filter((frame) => frame.event !== "token_chunk"),
      t.runs,
    );
    expect(again).toEqual(once);
  });

  it("is the same in pieces as at once", () => {
    const half = Math.floor(DEMO_SCRIPT.length / 2);
    const first = reduceAll(emptyRun("demo"), DEMO_SCRIPT.slice(0, half), t.runs);
    expect(reduceAll(first, DEMO_SCRIPT.slice(half), t.runs)).toEqual(played());
  });

  it("waits with a question, in the run and in the node", () => {
    const run = played((frame) => frame.event === "human_input_required");
    expect(run.status).toBe("waiting");
    expect(node(run, "frontend")).toMatchObject({
      status: "waiting",
      question: { id: expect.any(String) as string, text: expect.stringContaining("tag") as string },
    });
    const answered = played((frame) => frame.event === "human_input_received");
    expect(answered.status).toBe("running");
    expect(node(answered, "frontend")?.question).toBeNull();
  });

  it("shows a failed check and the attempt after it", () => {
    const run = played((frame) => frame.event === "validation_failed");
    expect(node(run, "backend")?.evidence?.failed).toBe(1);
    expect(run.log.at(-1)).toMatchObject({ tone: "bad", detail: expect.stringContaining("1 failed") });
    expect(node(played(), "backend")).toMatchObject({ attempt: 2, evidence: { failed: 0 } });
  });

  it("adds tokens and money up, by node and in all", () => {
    const run = played();
    const sum = run.nodes.reduce((all, each) => all + each.usage.input + each.usage.output, 0);
    expect(run.usage.input + run.usage.output).toBe(sum);
    expect(node(run, "planner")?.usage).toEqual({ input: 1840, cached: 0, output: 210 });
  });

  it("pairs calls with their results", () => {
    expect(node(played(), "backend")?.calls.every((call) => call.ok === true)).toBe(true);
  });

  it("a stopped run leaves nobody at work", () => {
    const before = played((frame) => frame.event === "human_input_required");
    const frame = {
      run_id: "demo",
      seq: before.seq + 1,
      at: "2026-01-01T00:00:00Z",
      event: "run_cancelled",
    } as EventFrame;
    const run = reduceAll(before, [frame], t.runs);
    expect(run.status).toBe("cancelled");
    expect(run.nodes.filter((each) => each.status === "running" || each.status === "waiting")).toEqual([]);
  });
});

describe("the graph", () => {
  const nodes = [
    { agent: "planner", needs: [], asks: false },
    { agent: "backend", needs: ["planner"], asks: false },
    { agent: "frontend", needs: ["planner", "nobody"], asks: true },
    { agent: "qa", needs: ["backend", "frontend"], asks: false },
  ];

  it("puts waves in columns and draws an edge for each need that there is", () => {
    const { nodes: placed, edges } = layoutGraph(nodes);
    const x = (agent: string) => placed.find((each) => each.agent === agent)?.x ?? 0;
    expect(x("planner")).toBeLessThan(x("backend"));
    expect(x("backend")).toBe(x("frontend"));
    expect(x("frontend")).toBeLessThan(x("qa"));
    expect(edges).toHaveLength(4);
  });

  it("leaves room below a node that asks", () => {
    const asks = (agent: string) => nodes.find((each) => each.agent === agent)?.asks ?? false;
    const [upper, lower] = layoutGraph(nodes)
      .nodes.filter(({ agent }) => agent === "backend" || agent === "frontend")
      .sort((a, b) => a.y - b.y);
    const room = NODE.height + (asks(upper?.agent ?? "") ? 100 : 0);
    expect((lower?.y ?? 0) - (upper?.y ?? 0)).toBeGreaterThan(room);
    expect(layoutGraph(nodes).height).toBeGreaterThan(
      layoutGraph(nodes.map((each) => ({ ...each, asks: false }))).height + 100,
    );
  });

  it("is empty without nodes", () => {
    expect(layoutGraph([])).toEqual({ nodes: [], edges: [], width: 0, height: 0 });
  });
});

it.each([
  ["write_file", { path: "a.py", content: "x" }, "write_file a.py"],
  ["run_command", { command: "pytest -q" }, "run_command pytest -q"],
  ["think", {}, "think"],
  ["odd", "text", "odd"],
])("%s %j is told as %s", (tool, args, expected) => {
  expect(describeCall(tool, args)).toBe(expected);
});

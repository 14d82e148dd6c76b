import { describe, expect, it } from "vitest";
import {
  type Chat,
  type ChatAction,
  chatReduce,
  contextOf,
  EMPTY_CHAT,
  historyBefore,
  nextTurn,
} from "./state";

const told = (...actions: ChatAction[]): Chat => actions.reduce(chatReduce, EMPTY_CHAT);
const ask = (message: string): ChatAction => ({ kind: "asked", message, references: [] });

describe("a conversation", () => {
  it("answers one after the other: what is typed meanwhile waits", () => {
    const chat = told(ask("one"), { kind: "begun", id: 1 }, ask("two"));
    expect(nextTurn(chat)).toBeNull();
    const done = [{ kind: "done", id: 1, reply: "1" } as const].reduce(chatReduce, chat);
    expect(nextTurn(done)?.message).toBe("two");
  });

  it("streams, and what counts is the end", () => {
    const chat = told(
      ask("q"),
      { kind: "begun", id: 1 },
      { kind: "text", id: 1, text: "a " },
      { kind: "text", id: 1, text: "b" },
    );
    expect(chat.turns[0]?.reply).toBe("a b");
    expect(chatReduce(chat, { kind: "done", id: 1, reply: "a b." }).turns[0]).toMatchObject({
      reply: "a b.",
      state: "done",
    });
  });

  it("what comes after a stop is not shown", () => {
    const chat = told(
      ask("q"),
      { kind: "begun", id: 1 },
      { kind: "stopped", id: 1 },
      { kind: "text", id: 1, text: "late" },
    );
    expect(chat.turns[0]).toMatchObject({ reply: "", state: "stopped" });
  });

  it("takes back only what waits", () => {
    expect(told(ask("q"), { kind: "withdrawn", id: 1 }).turns).toEqual([]);
    expect(told(ask("q"), { kind: "begun", id: 1 }, { kind: "withdrawn", id: 1 }).turns).toHaveLength(1);
  });

  it("goes back to before an old message", () => {
    const chat = told(ask("one"), ask("two"), ask("three"), { kind: "rewound", id: 2 });
    expect(chat.turns.map((turn) => turn.message)).toEqual(["one"]);
  });

  it("tells the model what was said before, without what failed", () => {
    const chat = told(
      ask("one"),
      { kind: "begun", id: 1 },
      { kind: "done", id: 1, reply: "1" },
      ask("two"),
      { kind: "failed", id: 2, problem: "no model" },
      ask("three"),
    );
    expect(historyBefore(chat, 3)).toEqual([{ message: "one", reply: "1" }]);
  });

  it("puts references before their text", () => {
    expect(contextOf([{ id: "a", label: "a.py:1–2", path: "a.py", text: "x = 1" }])).toBe(
      "a.py:1–2\n\nx = 1",
    );
  });
});

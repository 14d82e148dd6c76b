/** A conversation: a pure reducer. What is streamed, what waits, what can be asked anew. */
export interface Reference {
  id: string;
  /** How it is shown: `store.py:33–36`. */
  label: string;
  path: string;
  text: string;
}

export interface Turn {
  id: number;
  message: string;
  references: Reference[];
  reply: string;
  state: "waiting" | "streaming" | "done" | "stopped" | "failed";
  problem: string | null;
}

export interface Chat {
  turns: Turn[];
  next: number;
}

export const EMPTY_CHAT: Chat = { turns: [], next: 1 };

export type ChatAction =
  | { kind: "asked"; message: string; references: Reference[] }
  | { kind: "begun"; id: number }
  | { kind: "text"; id: number; text: string }
  | { kind: "done"; id: number; reply: string }
  | { kind: "failed"; id: number; problem: string }
  | { kind: "stopped"; id: number }
  | { kind: "withdrawn"; id: number }
  /** Goes back to before a turn: it and what follows are taken away, to be asked anew. */
  | { kind: "rewound"; id: number };

export function chatReduce(chat: Chat, action: ChatAction): Chat {
  const change = (id: number, with_: (turn: Turn) => Partial<Turn>): Chat => ({
    ...chat,
    turns: chat.turns.map((turn) => (turn.id === id ? { ...turn, ...with_(turn) } : turn)),
  });
  switch (action.kind) {
    case "asked":
      return {
        next: chat.next + 1,
        turns: [
          ...chat.turns,
          {
            id: chat.next,
            message: action.message,
            references: action.references,
            reply: "",
            state: "waiting",
            problem: null,
          },
        ],
      };
    case "begun":
      return change(action.id, () => ({ state: "streaming" }));
    case "text":
      return change(action.id, (turn) =>
        turn.state === "streaming" ? { reply: turn.reply + action.text } : {},
      );
    case "done":
      return change(action.id, (turn) =>
        turn.state === "streaming" ? { reply: action.reply, state: "done" } : {},
      );
    case "failed":
      return change(action.id, () => ({ state: "failed", problem: action.problem }));
    case "stopped":
      return change(action.id, () => ({ state: "stopped" }));
    case "withdrawn":
      return {
        ...chat,
        turns: chat.turns.filter((turn) => turn.id !== action.id || turn.state !== "waiting"),
      };
    case "rewound":
      return { ...chat, turns: chat.turns.filter((turn) => turn.id < action.id) };
  }
}

/** Whose turn it is: the first that waits, unless one is being answered. */
export function nextTurn(chat: Chat): Turn | null {
  if (chat.turns.some((turn) => turn.state === "streaming")) return null;
  return chat.turns.find((turn) => turn.state === "waiting") ?? null;
}

/** What was said before a turn, as the model is told. */
export function historyBefore(chat: Chat, id: number): { message: string; reply: string }[] {
  return chat.turns
    .filter(
      (turn) => turn.id < id && (turn.state === "done" || turn.state === "stopped") && turn.reply !== "",
    )
    .map(({ message, reply }) => ({ message, reply }));
}

/** The references as the model reads them. */
export function contextOf(references: Reference[]): string {
  return references.map(({ label, text }) => `${label}\n\n${text}`).join("\n\n");
}

/** A rough count, shown as such: about four letters a token. */
export function tokensAbout(text: string): number {
  return Math.ceil(text.length / 4);
}

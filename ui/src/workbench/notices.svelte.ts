/** What is said to the user, and what is asked of them. */
import { isAbort, problemOf } from "$/host";

export interface Notice {
  id: number;
  tone: "plain" | "good" | "bad" | "wait";
  title: string;
  text?: string | undefined;
  actions: { label: string; act: () => void }[];
}

export interface Question {
  title: string;
  text?: string;
  /** What the button that goes on says. */
  action: string;
  danger?: boolean;
  /** A third way, such as "Don't save". */
  other?: string;
  /** Asks for a line of text that begins so. */
  input?: {
    label: string;
    value: string;
    select?: [number, number];
    check?: (value: string) => string | null;
  };
}

export type Reply = { kind: "action"; value: string } | { kind: "other" } | null;

const STAYS_MS = 6_000;

export class Notices {
  list = $state.raw<Notice[]>([]);
  question = $state.raw<{ asked: Question; answer: (reply: Reply) => void } | null>(null);
  #next = 1;

  say(tone: Notice["tone"], title: string, text?: string, actions: Notice["actions"] = []): void {
    const id = this.#next++;
    this.list = [...this.list.slice(-4), { id, tone, title, text, actions }];
    // What failed or wants an answer stays until it was seen.
    if (tone !== "bad" && actions.length === 0) setTimeout(() => this.dismiss(id), STAYS_MS);
  }

  fail(error: unknown, title: string): void {
    if (isAbort(error)) return;
    const { message, hint } = problemOf(error);
    this.say("bad", title, hint ? `${message} ${hint}` : message);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  ask(asked: Question): Promise<Reply> {
    this.question?.answer(null);
    return new Promise((resolve) => {
      const answer = (reply: Reply) => {
        this.question = null;
        resolve(reply);
      };
      this.question = { asked, answer };
    });
  }

  async confirm(asked: Question): Promise<boolean> {
    return (await this.ask(asked))?.kind === "action";
  }

  async prompt(asked: Question & { input: NonNullable<Question["input"]> }): Promise<string | null> {
    const reply = await this.ask(asked);
    return reply?.kind === "action" ? reply.value : null;
  }
}

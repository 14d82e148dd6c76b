/**
 * Many streams over one WebSocket. Knows messages, credit and reconnecting; knows nothing of what streams carry.
 */

import { Source } from "$/lib/emitter";
import type { FromStreams, Problem, ToStreams } from "$/protocol/protocol";
import { type Connection, problem, type Stream } from "./host";

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 15_000;
/** A connection that held this long was a good one: the next wait begins small again. */
const STABLE_MS = 5_000;

interface Open {
  onItems: (items: never[]) => void | Promise<void>;
  finish: (end: Problem | null) => void;
}

export class StreamSocket {
  readonly connection = new Source<Connection>("connecting");
  #url: string;
  #key: () => string | null;
  #socket: WebSocket | undefined;
  #open = new Map<number, Open>();
  #waiting: ToStreams[] = [];
  #next = 1;
  #wait = FIRST_WAIT_MS;

  constructor(url: string, key: () => string | null) {
    this.#url = url;
    this.#key = key;
  }

  stream(name: string, request: unknown, onItems: (items: never[]) => void | Promise<void>): Stream {
    const id = this.#next++;
    const done = new Promise<Problem | null>((resolve) => {
      this.#open.set(id, {
        onItems,
        finish: (end) => {
          this.#open.delete(id);
          resolve(end);
        },
      });
    });
    this.#send({ open: id, stream: name, request: request as never });
    return {
      done,
      close: () => {
        const open = this.#open.get(id);
        if (!open) return;
        open.finish(null);
        this.#waiting = this.#waiting.filter((message) => !("open" in message && message.open === id));
        if (this.#socket?.readyState === WebSocket.OPEN) this.#send({ close: id });
      },
    };
  }

  /** Connects, if nobody did yet. */
  connect(): void {
    if (this.#socket) return;
    const socket = new WebSocket(this.#url);
    const since = Date.now();
    this.#socket = socket;
    socket.onopen = () => {
      socket.send(JSON.stringify({ api_key: this.#key() ?? "" }));
      this.connection.set("open");
      for (const message of this.#waiting.splice(0)) socket.send(JSON.stringify(message));
    };
    socket.onmessage = (event) => this.#receive(JSON.parse(String(event.data)) as FromStreams);
    socket.onclose = (event) => {
      this.#socket = undefined;
      // 4401 and 1008: the key was not accepted; asking again would not help.
      const refused = event.code === 4401 || event.code === 1008;
      this.connection.set(refused ? "refused" : "lost");
      this.#waiting = [];
      const why = refused
        ? problem("unauthenticated", "The server did not accept the key.")
        : problem("unavailable", "The connection to the server was lost.");
      for (const open of [...this.#open.values()]) open.finish(why);
      if (refused) return;
      if (Date.now() - since > STABLE_MS) this.#wait = FIRST_WAIT_MS;
      setTimeout(() => this.connect(), this.#wait * (0.75 + Math.random() / 2));
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    };
  }

  #send(message: ToStreams): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
    else {
      this.#waiting.push(message);
      this.connect();
    }
  }

  #receive(message: FromStreams): void {
    const open = this.#open.get(message.id);
    if ("end" in message) {
      open?.finish(message.end);
      return;
    }
    const taken = () => {
      if (this.#open.has(message.id)) this.#send({ ack: message.id, items: message.items.length });
    };
    // Whoever takes long (a terminal that draws) gives room only then.
    const drawn = open?.onItems(message.items as never[]);
    if (drawn) void drawn.then(taken, taken);
    else taken();
  }
}

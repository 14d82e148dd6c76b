/** The desktop window: one command and one channel per stream. The only file that names Tauri. */
import { Channel, invoke } from "@tauri-apps/api/core";
import { Source } from "$/lib/emitter";
import type { FromStreams, Problem } from "$/protocol/protocol";
import type { Answer, CallOptions, Capabilities, CommandName, Connection, Host, Request } from "./host";
import { problem, Refusal } from "./host";
import { Stale } from "./stale";

export function insideTauri(): boolean {
  return "__TAURI_INTERNALS__" in window;
}

export class TauriHost implements Host {
  readonly capabilities: Capabilities = { machine: true, nativeDialogs: true, demo: false };
  readonly connection = new Source<Connection>("open");
  #stale = new Stale();
  #next = 1;

  async call<K extends CommandName>(name: K, request: Request<K>, options?: CallOptions): Promise<Answer<K>> {
    options?.signal?.throwIfAborted();
    const answer = invoke<Answer<K>>("rpc", { name, request }).catch((error: unknown) => {
      throw new Refusal(asProblem(error));
    });
    const settled = await untilAborted(answer, options?.signal);
    this.#stale.after(name);
    return settled;
  }

  stream: Host["stream"] = (name, request, onItems) => {
    const id = this.#next++;
    let finish: (end: Problem | null) => void = () => {};
    const done = new Promise<Problem | null>((resolve) => {
      finish = resolve;
    });
    let closed = false;
    const channel = new Channel<FromStreams>();
    channel.onmessage = (message) => {
      if (closed) return;
      if ("end" in message) {
        closed = true;
        finish(message.end);
        return;
      }
      const taken = () => void invoke("stream_ack", { ack: id, items: message.items.length });
      const drawn = onItems(message.items as never[]);
      if (drawn) void drawn.then(taken, taken);
      else taken();
    };
    invoke("stream_open", { open: id, stream: name, request, channel }).catch((error: unknown) => {
      closed = true;
      finish(asProblem(error));
    });
    return {
      done,
      close: () => {
        if (closed) return;
        closed = true;
        finish(null);
        void invoke("stream_close", { close: id });
      },
    };
  };

  onStale(listener: (name: CommandName) => void): () => void {
    return this.#stale.listen(listener);
  }

  chooseFolder(): Promise<string | null> {
    return invoke<string | null>("choose_folder");
  }
}

function asProblem(error: unknown): Problem {
  if (typeof error === "object" && error !== null && "code" in error && "message" in error) {
    return error as Problem;
  }
  return problem("internal", String(error));
}

function untilAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const abort = () => reject(new DOMException("Aborted", "AbortError"));
    signal.addEventListener("abort", abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

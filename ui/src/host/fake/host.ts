/** A host in memory, for component tests and the demo. Answers come from tables of handlers; a missing one says so. */
import { Source } from "$/lib/emitter";
import type { Problem } from "$/protocol/protocol";
import type {
  Answer,
  CallOptions,
  Capabilities,
  CommandName,
  Connection,
  Host,
  Item,
  Request,
  StreamName,
  StreamRequest,
} from "../host";
import { problem, Refusal } from "../host";
import { Stale } from "../stale";

export type Handlers = { [K in CommandName]?: (request: Request<K>) => Answer<K> | Promise<Answer<K>> };

/** Tells items until it is stopped, or answers when it is over. */
export type StreamHandlers = {
  [K in StreamName]?: (
    request: StreamRequest<K>,
    tell: (items: Item<K>[]) => void,
    stop: AbortSignal,
  ) => Promise<Problem | null>;
};

export class FakeHost implements Host {
  capabilities: Capabilities = { machine: true, nativeDialogs: false, demo: true };
  readonly connection = new Source<Connection>("open");
  /** What was called, for tests. */
  readonly calls: { name: CommandName; request: unknown }[] = [];
  #handlers: Handlers;
  #streams: StreamHandlers;
  #stale = new Stale();

  constructor(handlers: Handlers, streams: StreamHandlers = {}) {
    this.#handlers = handlers;
    this.#streams = streams;
  }

  async call<K extends CommandName>(name: K, request: Request<K>, options?: CallOptions): Promise<Answer<K>> {
    this.calls.push({ name, request });
    const handler = this.#handlers[name] as
      ((request: Request<K>) => Answer<K> | Promise<Answer<K>>) | undefined;
    if (!handler) throw new Refusal(problem("not_implemented", `${name} is not part of the demo.`));
    const answer = await handler(request);
    if (options?.signal?.aborted) throw new DOMException("Aborted", "AbortError");
    this.#stale.after(name);
    return structuredClone(answer);
  }

  stream: Host["stream"] = (name, request, onItems) => {
    const stop = new AbortController();
    const handler = this.#streams[name] as
      | ((request: unknown, tell: (items: unknown[]) => void, stop: AbortSignal) => Promise<Problem | null>)
      | undefined;
    const tell = (items: unknown[]) => {
      if (!stop.signal.aborted) void onItems(structuredClone(items) as never[]);
    };
    const done = handler
      ? Promise.race([handler(request, tell, stop.signal), aborted(stop.signal)])
      : Promise.resolve(problem("not_implemented", `${name} is not part of the demo.`));
    return { done, close: () => stop.abort() };
  };

  onStale(listener: (name: CommandName) => void): () => void {
    return this.#stale.listen(listener);
  }
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(null), { once: true }));
}

export const never = (signal: AbortSignal): Promise<null> => aborted(signal);

export const pause = (ms: number): Promise<void> =>
  ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));

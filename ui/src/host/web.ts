/** A server, over HTTP and one WebSocket: `aios serve` on this machine, or the hosted product. */
import type { Problem } from "$/protocol/protocol";
import type { Answer, CallOptions, Capabilities, CommandName, Host, Request } from "./host";
import { problem, Refusal } from "./host";
import { Stale } from "./stale";
import { StreamSocket } from "./stream_socket";

const KEY = "cesaflow.key";

/** The key of the address's fragment, kept for this tab alone; the address loses it at once. */
export function takeKey(location: Location, history: History, storage: Storage): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get("key");
  if (given !== null) {
    storage.setItem(KEY, given);
    fragment.delete("key");
    const rest = fragment.toString();
    history.replaceState(null, "", `${location.pathname}${location.search}${rest ? `#${rest}` : ""}`);
  }
  return storage.getItem(KEY);
}

export class WebHost implements Host {
  capabilities: Capabilities = { machine: false, nativeDialogs: false, demo: false };
  readonly connection;
  #base: string;
  #key: string | null;
  #sockets: StreamSocket;
  #stale = new Stale();

  constructor(base: URL, key: string | null) {
    this.#base = base.origin;
    this.#key = key;
    const socket = new URL("/rpc/streams", base);
    socket.protocol = base.protocol === "https:" ? "wss:" : "ws:";
    this.#sockets = new StreamSocket(socket.href, () => this.#key);
    this.connection = this.#sockets.connection;
  }

  /** Asks who the key belongs to, and whether the server opens folders: only for the user of its own machine. */
  async start(): Promise<void> {
    const me = await this.call("auth_me", {});
    const machine = me.plan === "local" && (await this.#knows("folder_list"));
    this.capabilities = { ...this.capabilities, machine };
    this.#sockets.connect();
  }

  async #knows(name: "folder_list"): Promise<boolean> {
    return this.call(name, {}).then(
      () => true,
      () => false,
    );
  }

  async call<K extends CommandName>(name: K, request: Request<K>, options?: CallOptions): Promise<Answer<K>> {
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (this.#key) headers["x-api-key"] = this.#key;
    let response: Response;
    try {
      response = await fetch(`${this.#base}/rpc/${name}`, {
        method: "POST",
        headers,
        body: JSON.stringify(request),
        ...(options?.signal ? { signal: options.signal } : {}),
      });
    } catch (error) {
      if (options?.signal?.aborted) throw new DOMException("Aborted", "AbortError");
      throw new Refusal(problem("unavailable", `The server could not be reached: ${String(error)}`));
    }
    const text = await response.text();
    if (!response.ok) throw new Refusal(refusalOf(response.status, text));
    this.#stale.after(name);
    return (text === "" ? {} : JSON.parse(text)) as Answer<K>;
  }

  stream: Host["stream"] = (name, request, onItems) =>
    this.#sockets.stream(name, request, onItems as (items: never[]) => void | Promise<void>);

  onStale(listener: (name: CommandName) => void): () => void {
    return this.#stale.listen(listener);
  }
}

/** A problem document tells the message as its `detail`. */
function refusalOf(status: number, text: string): Problem {
  try {
    const { code, detail, hint, weights, retry_after_s } = JSON.parse(text) as Partial<Problem> & {
      detail?: string;
    };
    if (code && typeof detail === "string") {
      return {
        code,
        message: detail,
        hint: hint ?? null,
        weights: weights ?? null,
        retry_after_s: retry_after_s ?? null,
      };
    }
  } catch {
    // Not ours: a proxy's page, say.
  }
  return problem(status === 401 ? "unauthenticated" : "internal", `The server answered ${status}.`);
}

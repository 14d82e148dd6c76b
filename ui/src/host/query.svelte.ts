/** The answer of a reading command, kept fresh: read again when a command made it stale. */
import type { Problem } from "$/protocol/protocol";
import { type Answer, type CommandName, type Host, isAbort, problemOf, type Request } from "./host";
import { staleAfter } from "./stale";

export class Query<K extends CommandName> {
  answer = $state.raw<Answer<K> | undefined>();
  problem = $state.raw<Problem | undefined>();
  loading = $state(false);
  #host: Host;
  #name: K;
  #request: () => Request<K> | null;
  #abort: AbortController | undefined;
  #stop: () => void;

  /** `request` answers null while there is nothing to ask. */
  constructor(host: Host, name: K, request: () => Request<K> | null) {
    this.#host = host;
    this.#name = name;
    this.#request = request;
    this.#stop = host.onStale((wrote) => {
      if (staleAfter(name, wrote)) void this.reload();
    });
  }

  async reload(): Promise<void> {
    const request = this.#request();
    this.#abort?.abort();
    if (request === null) {
      this.answer = undefined;
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    this.loading = true;
    try {
      const answer = await this.#host.call(this.#name, request, { signal: abort.signal });
      if (abort.signal.aborted) return;
      this.answer = answer;
      this.problem = undefined;
    } catch (error) {
      if (abort.signal.aborted || isAbort(error)) return;
      this.problem = problemOf(error);
    } finally {
      if (this.#abort === abort) this.loading = false;
    }
  }

  destroy(): void {
    this.#stop();
    this.#abort?.abort();
  }
}

import { COMMANDS } from "$/protocol/protocol";
import type { CommandName } from "./host";

/** Tells who listens which commands made something stale. Every transport has one. */
export class Stale {
  #listeners = new Set<(name: CommandName) => void>();

  listen(listener: (name: CommandName) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  after(name: CommandName): void {
    if (COMMANDS[name].invalidates.length === 0) return;
    for (const listener of [...this.#listeners]) listener(name);
  }
}

/** Whether what `read` answered may be different after `wrote`. */
export function staleAfter(read: CommandName, wrote: CommandName): boolean {
  return COMMANDS[read].provides.some((tag) => COMMANDS[wrote].invalidates.includes(tag));
}

/** What can be done by name: the palette, keys, menus and other features all go through here. */
import { SvelteMap } from "svelte/reactivity";

export interface Command {
  id: string;
  title: string;
  /** Groups commands in the palette: "File: Save". */
  category: string;
  /** Whether it makes sense now; always when missing. */
  when?: () => boolean;
  /** Not shown in the palette. */
  hidden?: boolean;
  run: (argument?: unknown) => void | Promise<void>;
}

export class Commands {
  #all = new SvelteMap<string, Command>();
  /** Keys by command; the app's table and the user's settings fill it. */
  keys = new SvelteMap<string, string>();
  #failed: (error: unknown, title: string) => void;

  constructor(failed: (error: unknown, title: string) => void) {
    this.#failed = failed;
  }

  register(commands: Command[]): () => void {
    for (const command of commands) this.#all.set(command.id, command);
    return () => {
      for (const command of commands) this.#all.delete(command.id);
    };
  }

  available(): Command[] {
    return [...this.#all.values()].filter((command) => !command.hidden && (command.when?.() ?? true));
  }

  can(id: string): boolean {
    const command = this.#all.get(id);
    return command !== undefined && (command.when?.() ?? true);
  }

  keysOf(id: string): string | undefined {
    return this.keys.get(id)?.split(" ")[0];
  }

  /** Does it, and says so when it fails. Answers whether there was something to do. */
  run(id: string, argument?: unknown): boolean {
    const command = this.#all.get(id);
    if (!command || !(command.when?.() ?? true)) return false;
    const failed = (error: unknown) => this.#failed(error, command.title);
    try {
      const running = command.run(argument);
      if (running) void running.catch(failed);
    } catch (error) {
      failed(error);
    }
    return true;
  }
}

/** A shell that only knows `echo`, `ls`, `clear` and `exit`. */
import type { FakeFolder } from "./files";
import type { Handlers, StreamHandlers } from "./host";

const PROMPT = "\x1b[32mnotes\x1b[0m \x1b[2m$\x1b[0m ";

export class FakeTerminals {
  #open = new Map<string, (text: string) => void>();
  #folder: FakeFolder;
  #next = 1;

  constructor(folder: FakeFolder) {
    this.#folder = folder;
  }

  handlers(): Handlers {
    return {
      terminal_write: ({ terminal, text }) => {
        this.#open.get(terminal)?.(text);
        return {};
      },
      terminal_resize: () => ({}),
      terminal_close: () => ({}),
    };
  }

  streams(): StreamHandlers {
    return {
      terminal_open: async (_, tell, stop) => {
        const terminal = `t${this.#next++}`;
        let line = "";
        return new Promise((resolve) => {
          const say = (text: string) => tell([{ kind: "output", text }]);
          this.#open.set(terminal, (text) => {
            for (const letter of text) {
              if (letter === "\r") {
                say("\r\n");
                if (line.trim() === "exit") {
                  tell([{ kind: "exited", code: 0 }]);
                  resolve(null);
                  return;
                }
                say(this.#run(line) + PROMPT);
                line = "";
              } else if (letter === "\x7f") {
                if (line === "") continue;
                line = line.slice(0, -1);
                say("\b \b");
              } else {
                line += letter;
                say(letter);
              }
            }
          });
          tell([{ kind: "opened", terminal, shell: "/bin/sh" }]);
          say(PROMPT);
          stop.addEventListener("abort", () => this.#open.delete(terminal), { once: true });
        });
      },
    };
  }

  #run(line: string): string {
    const [command = "", ...rest] = line.trim().split(/\s+/);
    if (command === "") return "";
    if (command === "echo") return `${rest.join(" ")}\r\n`;
    if (command === "clear") return "\x1b[2J\x1b[H";
    if (command === "ls") {
      const names = this.#folder
        .list("")
        .map((entry) => (entry.kind === "folder" ? `\x1b[36m${entry.name}/\x1b[0m` : entry.name));
      return `${names.join("  ")}\r\n`;
    }
    return `\x1b[31m${command}: not part of the demo\x1b[0m\r\n`;
  }
}

/** The open terminals. They live as long as the window, whether they are looked at or not. */
import type { Stream } from "$/host";
import { inOrder } from "$/lib/in_order";
import { t } from "$/messages";
import type { Workbench } from "$/workbench";
import type { Screen } from "./screen";

export interface OpenTerminal extends Screen {
  key: number;
  name: string;
  stream: Stream | null;
  id: string | null;
  ended: boolean;
}

export class Terminals {
  list = $state.raw<OpenTerminal[]>([]);
  shown = $state<number | null>(null);
  #workbench: Workbench;
  #next = 1;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  async open(path?: string): Promise<void> {
    const { folder, host, preferences, notices } = this.#workbench;
    if (!folder) return;
    const settings = preferences?.terminal;
    const { screen } = await import("./screen");
    const drawn = screen(settings);
    const { terminal } = drawn;

    const key = this.#next++;
    const entry: OpenTerminal = {
      key,
      name: t.terminal.label(key),
      ...drawn,
      stream: null,
      id: null,
      ended: false,
    };
    const stream = host.stream(
      "terminal_open",
      {
        folder: folder.folder,
        columns: terminal.cols,
        rows: terminal.rows,
        ...(path ? { path } : {}),
        ...(settings?.shell ? { shell: settings.shell } : {}),
      },
      // Room for more is given once it is drawn: a flood waits at its source, and keys still get through.
      (items) =>
        new Promise<void>((written) => {
          let text = "";
          for (const item of items) {
            if (item.kind === "opened") {
              entry.id = item.terminal;
              this.#fitted(entry);
            } else if (item.kind === "output") text += item.text;
            else
              text += `\r\n\x1b[2m${t.terminal.exited(item.code === null ? "–" : String(item.code))}\x1b[0m\r\n`;
          }
          terminal.write(text, written);
        }),
    );
    entry.stream = stream;
    const write = inOrder(async (text) => {
      if (entry.id !== null && !entry.ended) await host.call("terminal_write", { terminal: entry.id, text });
    });
    terminal.onData(write);
    terminal.onResize(({ cols, rows }) => {
      if (entry.id !== null && !entry.ended) {
        void host.call("terminal_resize", { terminal: entry.id, columns: cols, rows }).catch(() => undefined);
      }
    });
    void stream.done.then((end) => {
      entry.ended = true;
      if (end) notices.say("bad", t.terminal.failed, end.hint ? `${end.message} ${end.hint}` : end.message);
    });
    this.list = [...this.list, entry];
    this.shown = key;
  }

  #fitted(entry: OpenTerminal): void {
    const { cols, rows } = entry.terminal;
    if (entry.id)
      void this.#workbench.host
        .call("terminal_resize", { terminal: entry.id, columns: cols, rows })
        .catch(() => undefined);
  }

  close(key: number): void {
    const entry = this.list.find((each) => each.key === key);
    if (!entry) return;
    entry.stream?.close();
    entry.terminal.dispose();
    this.list = this.list.filter((each) => each.key !== key);
    if (this.shown === key) this.shown = this.list.at(-1)?.key ?? null;
  }

  paint(): void {
    for (const { paint } of this.list) paint();
  }
}

const all = new WeakMap<Workbench, Terminals>();

export function terminalsOf(workbench: Workbench): Terminals {
  let terminals = all.get(workbench);
  if (!terminals) {
    terminals = new Terminals(workbench);
    all.set(workbench, terminals);
  }
  return terminals;
}

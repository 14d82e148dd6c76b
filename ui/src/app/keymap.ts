/** The one table of keys, and how a pressed key finds its command. Keys of the text itself belong to the editor. */
import { isMac } from "$/design/keys";

/** Command → keys, alternatives separated by blanks. VS Code's, where it has one. */
export const KEYS: Record<string, string> = {
  "palette.commands": "Mod+Shift+P F1",
  "palette.files": "Mod+P",
  "palette.line": "Ctrl+G",
  "view.side": "Mod+B",
  "view.panel": "Mod+J",
  "view.chat": "Mod+Alt+B",
  "chat.ask": "Mod+L",
  "view.files": "Mod+Shift+E",
  "search.show": "Mod+Shift+F",
  "view.git": "Ctrl+Shift+G",
  "view.runs": "Mod+Shift+R",
  "terminal.toggle": "Ctrl+`",
  "terminal.new": "Ctrl+Shift+`",
  "editor.split": "Mod+\\",
  "editor.close": isMac ? "Mod+W" : "Mod+W Ctrl+F4",
  "editor.next": "Ctrl+Tab Ctrl+PageDown",
  "editor.previous": "Ctrl+Shift+Tab Ctrl+PageUp",
  "editor.definition": "F12",
  "editor.references": "Shift+F12",
  "editor.rename": "F2",
  "editor.actions": "Mod+.",
  "editor.format": "Shift+Alt+F",
  "editor.symbol": "Mod+Shift+O",
  "problems.show": "Mod+Shift+M",
  "file.save": "Mod+S",
  "file.saveAll": "Mod+Alt+S",
  "settings.open": "Mod+,",
  "folder.open": "Mod+O",
  "runs.start": "Mod+Shift+Enter",
  "group.1": "Mod+1",
  "group.2": "Mod+2",
  "group.3": "Mod+3",
};

/** Keys that a terminal leaves to the window. */
const ALSO_IN_TERMINAL = new Set([
  "terminal.toggle",
  "terminal.new",
  "palette.commands",
  "palette.files",
  "settings.open",
  "view.panel",
  "view.files",
  "search.show",
  "view.git",
  "view.runs",
  "group.1",
  "group.2",
  "group.3",
]);

/** What was pressed, in the table's words: modifiers in one order, `Mod` for the platform's own. */
export function pressed(event: KeyboardEvent, mac = isMac): string {
  const parts: string[] = [];
  if (mac ? event.metaKey : event.ctrlKey) parts.push("Mod");
  if (mac && event.ctrlKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey) parts.push("Shift");
  // The physical key for letters with Shift or Alt, which change what `key` says.
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1] ?? /^Digit([0-9])$/.exec(event.code)?.[1];
  const named: Record<string, string> = { Backquote: "`", Backslash: "\\", Comma: "," };
  parts.push(letter ?? named[event.code] ?? event.key);
  return parts.join("+");
}

/** The table as pressed keys are named here: `Ctrl` is `Mod` where there is no Command key. */
export function normalised(keys: string, mac = isMac): string {
  const parts = keys.split("+");
  const key = parts.pop() ?? "";
  const has = (name: string) => parts.includes(name);
  const order = [
    (has("Mod") || (!mac && has("Ctrl"))) && "Mod",
    mac && has("Ctrl") && "Ctrl",
    has("Alt") && "Alt",
    has("Shift") && "Shift",
    key.length === 1 ? key.toUpperCase() : key,
  ];
  return order.filter(Boolean).join("+");
}

type OwnKeys = "standard" | "vim";

/** What Vim means by a key comes before what the window means by it, as long as the text has the focus. */
const OWN = { vim: /^Mod\+[ABDEFIORUVWXY]$/ };

export class Keymap {
  #commands = new Map<string, string>();

  /** The user's keys take the place of the table's; an empty one takes a key away. */
  constructor(table: Iterable<[string, string]>, mac = isMac) {
    for (const [command, keys] of table) {
      for (const each of keys.split(" ").filter(Boolean)) this.#commands.set(normalised(each, mac), command);
    }
  }

  /** `own` are the keys that the text has for itself. */
  commandFor(event: KeyboardEvent, mac = isMac, own: OwnKeys = "standard"): string | null {
    const command = this.#commands.get(pressed(event, mac)) ?? null;
    if (command === null) return null;
    const within = (selector: string) =>
      event.target instanceof Element && event.target.closest(selector) !== null;
    if (own !== "standard" && within(".cm-content") && OWN[own].test(pressed(event, mac))) return null;
    const inTerminal = within(".xterm");
    return inTerminal && !ALSO_IN_TERMINAL.has(command) ? null : command;
  }
}

/** Names of keys. `Mod` is Command on macOS and Ctrl elsewhere. */
export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

const MAC: Record<string, string> = {
  Mod: "⌘",
  Meta: "⌘",
  Ctrl: "⌃",
  Alt: "⌥",
  Shift: "⇧",
  Enter: "↩",
  Escape: "esc",
  Backspace: "⌫",
  Delete: "⌦",
};
const OTHER: Record<string, string> = { Mod: "Ctrl", Escape: "Esc", Meta: "Super" };
const ARROWS: Record<string, string> = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };

/** The caps of `Mod+Shift+P`, and of sequences such as `Mod+K Mod+S`. */
export function keyParts(keys: string, mac = isMac): string[] {
  const names = mac ? MAC : OTHER;
  return keys
    .split(/[+ ](?=.)/)
    .map((part) => names[part] ?? ARROWS[part] ?? (part.length === 1 ? part.toUpperCase() : part));
}

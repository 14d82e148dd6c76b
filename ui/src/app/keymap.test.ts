import { describe, expect, it } from "vitest";
import { KEYS, Keymap, normalised, pressed } from "./keymap";

function key(spec: string, extra: Partial<KeyboardEventInit> = {}): KeyboardEvent {
  const parts = spec.split("+");
  const name = parts.pop() ?? "";
  const code = /^[a-z]$/i.test(name) ? `Key${name.toUpperCase()}` : name === "`" ? "Backquote" : name;
  return new KeyboardEvent("keydown", {
    key: name,
    code,
    ctrlKey: parts.includes("ctrl"),
    metaKey: parts.includes("meta"),
    altKey: parts.includes("alt"),
    shiftKey: parts.includes("shift"),
    ...extra,
  });
}

describe("keys", () => {
  it.each([
    ["ctrl+p", false, "palette.files"],
    ["meta+p", true, "palette.files"],
    ["ctrl+p", true, null],
    ["ctrl+shift+P", false, "palette.commands"],
    ["ctrl+`", false, "terminal.toggle"],
    ["ctrl+`", true, "terminal.toggle"],
    ["p", false, null],
    ["F1", false, "palette.commands"],
  ])("%s on mac=%s is %s", (spec, mac, command) => {
    expect(new Keymap(Object.entries(KEYS), mac).commandFor(key(spec), mac)).toBe(command);
  });

  it("a letter is the same with Shift", () => {
    expect(pressed(key("ctrl+shift+P"), false)).toBe("Mod+Shift+P");
    expect(normalised("Shift+Ctrl+p", false)).toBe("Mod+Shift+P");
  });

  it("the user's key wins, and an empty one takes it away", () => {
    const keys = new Keymap([...Object.entries({ ...KEYS, "file.save": "", "view.side": "Mod+S" })], false);
    expect(keys.commandFor(key("ctrl+s"), false)).toBe("view.side");
  });

  it("a terminal keeps what is not meant for the window", () => {
    const inside = document.createElement("div");
    inside.className = "xterm";
    document.body.append(inside);
    let saved: string | null = "not asked";
    inside.addEventListener("keydown", (event) => {
      saved = new Keymap(Object.entries(KEYS), false).commandFor(event, false);
    });
    inside.dispatchEvent(key("ctrl+s"));
    expect(saved).toBeNull();
    inside.dispatchEvent(key("ctrl+`"));
    expect(saved).toBe("terminal.toggle");
    inside.remove();
  });

  it("no two commands share a key", () => {
    for (const mac of [true, false]) {
      const all = Object.values(KEYS).flatMap((keys) => keys.split(" ").map((each) => normalised(each, mac)));
      expect(new Set(all).size).toBe(all.length);
    }
  });
});

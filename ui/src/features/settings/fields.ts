/** The settings that have a place on the page. Everything else is set in the file, which has a schema. */

import { t } from "$/messages";
import type { JsonValue } from "$/protocol/protocol";

export type FieldOf =
  | { kind: "switch" }
  | { kind: "number"; min: number; max: number; step?: number }
  | { kind: "text"; hint?: string }
  | { kind: "choice"; choices: Record<string, string> };

export interface SettingField {
  key: string;
  label: string;
  of: FieldOf;
}

const words = t.settings;

export const SECTIONS: { id: string; label: string; fields: SettingField[] }[] = [
  {
    id: "appearance",
    label: words.appearance,
    fields: [
      { key: "appearance.theme", label: words.theme, of: { kind: "choice", choices: t.app.theme } },
      { key: "appearance.density", label: words.density, of: { kind: "choice", choices: words.densities } },
      { key: "appearance.font_size", label: words.fontSize, of: { kind: "number", min: 8, max: 32 } },
      { key: "appearance.minimap", label: words.minimap, of: { kind: "switch" } },
      { key: "appearance.reduced_motion", label: words.reducedMotion, of: { kind: "switch" } },
    ],
  },
  {
    id: "editor",
    label: words.editor,
    fields: [
      { key: "editor.font_family", label: words.codeFont, of: { kind: "text", hint: words.codeFontHint } },
      { key: "editor.font_size", label: words.codeSize, of: { kind: "number", min: 6, max: 72 } },
      {
        key: "editor.line_height",
        label: words.lineHeight,
        of: { kind: "number", min: 1, max: 3, step: 0.05 },
      },
      { key: "editor.tab_size", label: words.tabSize, of: { kind: "number", min: 1, max: 16 } },
      { key: "editor.insert_spaces", label: words.insertSpaces, of: { kind: "switch" } },
      { key: "editor.word_wrap", label: words.wordWrap, of: { kind: "switch" } },
      { key: "editor.line_numbers", label: words.lineNumbers, of: { kind: "switch" } },
      { key: "editor.show_whitespace", label: words.showWhitespace, of: { kind: "switch" } },
      { key: "editor.ligatures", label: words.ligatures, of: { kind: "switch" } },
      { key: "editor.keymap", label: words.keymap, of: { kind: "choice", choices: words.keymaps } },
      { key: "editor.format_on_save", label: words.formatOnSave, of: { kind: "switch" } },
      { key: "editor.inlay_hints", label: words.inlayHints, of: { kind: "switch" } },
    ],
  },
  {
    id: "files",
    label: words.files,
    fields: [
      { key: "files.auto_save", label: words.autoSave, of: { kind: "choice", choices: words.autoSaves } },
      { key: "files.trim_trailing_whitespace", label: words.trim, of: { kind: "switch" } },
      { key: "files.insert_final_newline", label: words.finalNewline, of: { kind: "switch" } },
      { key: "files.show_ignored", label: words.showIgnored, of: { kind: "switch" } },
    ],
  },
  {
    id: "inline",
    label: words.inline,
    fields: [
      { key: "inline.tab", label: words.tabMode, of: { kind: "choice", choices: words.tabModes } },
      { key: "inline.debounce_ms", label: words.debounce, of: { kind: "number", min: 0, max: 2000 } },
    ],
  },
  {
    id: "git",
    label: words.git,
    fields: [
      { key: "git.blame_line", label: words.blameLine, of: { kind: "switch" } },
      { key: "git.fetch_minutes", label: words.fetchMinutes, of: { kind: "number", min: 0, max: 1440 } },
    ],
  },
  {
    id: "terminal",
    label: words.terminal,
    fields: [
      { key: "terminal.shell", label: words.shell, of: { kind: "text", hint: words.shellHint } },
      { key: "terminal.font_size", label: words.terminalSize, of: { kind: "number", min: 6, max: 72 } },
      { key: "terminal.scroll_back", label: words.scrollBack, of: { kind: "number", min: 0, max: 200_000 } },
    ],
  },
];

/** The value of a setting by its key. */
export function valueAt(settings: unknown, key: string): JsonValue | undefined {
  let at: unknown = settings;
  for (const part of key.split(".")) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at as JsonValue | undefined;
}

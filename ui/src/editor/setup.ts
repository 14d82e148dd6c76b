/** The editor as users of VS Code expect it. Each part that a setting changes sits in a compartment of its own. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab, selectParentSyntax } from "@codemirror/commands";
import {
  bracketMatching,
  codeFolding,
  foldCode,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
  unfoldCode,
} from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import {
  highlightSelectionMatches,
  search,
  searchKeymap,
  selectNextOccurrence,
  selectSelectionMatches,
} from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  highlightWhitespace,
  type KeyBinding,
  keymap,
  lineNumbers,
  rectangularSelection,
  scrollPastEnd,
} from "@codemirror/view";
import { indentationMarkers } from "@replit/codemirror-indentation-markers";
import { t } from "$/messages";
import type { EditorSettings } from "$/protocol/protocol";
import { FindPanel } from "./find_panel";
import { theme } from "./theme";

export const parts = {
  language: new Compartment(),
  indent: new Compartment(),
  wrap: new Compartment(),
  numbers: new Compartment(),
  blanks: new Compartment(),
  server: new Compartment(),
  keys: new Compartment(),
  minimap: new Compartment(),
  blame: new Compartment(),
};

/** The default keys without those that are the window's, and with VS Code's where they differ. */
const own: KeyBinding[] = [
  { key: "Mod-d", run: selectNextOccurrence, preventDefault: true },
  { key: "Mod-Shift-l", run: selectSelectionMatches, preventDefault: true },
  { key: "Mod-Shift-[", run: foldCode },
  { key: "Mod-Shift-]", run: unfoldCode },
  { key: "Shift-Alt-ArrowRight", run: selectParentSyntax },
];
const WINDOWS = new Set(["Mod-Alt-\\", "Mod-l", "Alt-l", "Ctrl-l", "Ctrl-k", "Mod-k", "Mod-d", "Mod-Alt-g"]);
const standard = [...defaultKeymap, ...searchKeymap].filter(({ key, mac }) => !WINDOWS.has(key ?? mac ?? ""));

export const indentParts = ({ spaces, size }: { spaces: boolean; size: number }): Extension => [
  indentUnit.of(spaces ? " ".repeat(size) : "\t"),
  EditorState.tabSize.of(size),
];

export const blanksPart = (shown: boolean): Extension => (shown ? highlightWhitespace() : []);

export const numbersPart = (shown: boolean): Extension =>
  shown ? [lineNumbers(), highlightActiveLineGutter()] : [];

/** Everything of the editor that no document and no setting changes. */
export function setup(path: string, readOnly: boolean): Extension {
  return [
    theme,
    EditorView.contentAttributes.of({
      "aria-label": t.editor.label(path),
      spellcheck: "false",
      autocorrect: "off",
      tabindex: "0",
    }),
    EditorState.readOnly.of(readOnly),
    EditorState.allowMultipleSelections.of(true),
    EditorView.clickAddsSelectionRange.of((event) => event.altKey),
    highlightSpecialChars(),
    drawSelection({ cursorBlinkRate: 1060 }),
    dropCursor(),
    rectangularSelection({ eventFilter: (event) => event.altKey && event.shiftKey }),
    crosshairCursor(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ icons: false, maxRenderedOptions: 60 }),
    highlightActiveLine(),
    highlightSelectionMatches({ minSelectionLength: 2 }),
    codeFolding(),
    foldGutter({ openText: "⌄", closedText: "›" }),
    indentationMarkers({
      hideFirstIndent: true,
      markerType: "codeOnly",
      thickness: 1,
      colors: {
        light: "var(--line)",
        dark: "var(--line)",
        activeLight: "var(--line-strong)",
        activeDark: "var(--line-strong)",
      },
    }),
    scrollPastEnd(),
    search({ top: true, createPanel: (view) => new FindPanel(view) }),
    keymap.of([
      ...own,
      ...closeBracketsKeymap,
      ...standard,
      ...foldKeymap.filter(({ key }) => key === undefined || !key.startsWith("Ctrl-Alt")),
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
  ];
}

/** What settings change. */
export function changeable(
  settings: EditorSettings | undefined,
  indent: { spaces: boolean; size: number },
): Extension {
  return [
    parts.language.of([]),
    parts.indent.of(indentParts(indent)),
    parts.wrap.of(settings?.word_wrap ? EditorView.lineWrapping : []),
    parts.numbers.of(numbersPart(settings?.line_numbers ?? true)),
    parts.blanks.of(blanksPart(settings?.show_whitespace ?? false)),
    parts.server.of([]),
    parts.minimap.of([]),
    parts.blame.of([]),
  ];
}

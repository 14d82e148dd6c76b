/** The editor in the window's colours: all of them are tokens, so a change of theme touches nothing here. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags as tag } from "@lezer/highlight";

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--sheet)", fontSize: "var(--code-size)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--code-font)",
    lineHeight: "var(--code-line)",
    fontVariantLigatures: "var(--code-ligatures)",
    overflow: "auto",
  },
  ".cm-content": { caretColor: "var(--accent)", padding: "8px 0 40vh" },
  ".cm-line": { padding: "0 16px 0 6px" },
  ".cm-cursor, .cm-dropCursor": { borderLeft: "2px solid var(--accent)", marginLeft: "-1px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--selection)",
  },
  "&:not(.cm-focused) .cm-selectionBackground": { opacity: "0.6" },
  ".cm-activeLine": { backgroundColor: "var(--hover)" },
  ".cm-gutters": {
    // Fixed in place by its column alone: a sticky gutter is not painted in long files by WebKitGTK.
    position: "static !important",
    backgroundColor: "transparent",
    color: "color-mix(in oklch, var(--ink-3), transparent 14%)",
    border: "none",
    fontVariantNumeric: "tabular-nums",
  },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "44px", padding: "0 8px 0 14px" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink-2)" },
  ".cm-foldGutter .cm-gutterElement": { padding: "0 2px", opacity: "0", transition: "opacity 120ms" },
  ".cm-gutters:hover .cm-foldGutter .cm-gutterElement, .cm-fold-closed": { opacity: "1" },
  ".cm-foldPlaceholder": {
    border: "none",
    borderRadius: "4px",
    background: "var(--accent-soft)",
    color: "var(--accent)",
    padding: "0 6px",
    margin: "0 3px",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--accent-soft)",
    boxShadow: "0 0 0 1px color-mix(in oklch, var(--accent), transparent 55%)",
    borderRadius: "2px",
    color: "inherit",
  },
  ".cm-nonmatchingBracket": { color: "var(--bad)" },
  ".cm-selectionMatch": { backgroundColor: "var(--press)", borderRadius: "2px" },
  ".cm-searchMatch": { backgroundColor: "var(--match)", borderRadius: "2px" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--match-now)" },
  ".cm-panels": { background: "transparent", color: "var(--ink)", border: "none", zIndex: "5" },
  ".cm-panels-top": { border: "none" },
  ".cm-tooltip": {
    border: "1px solid var(--line-strong)",
    borderRadius: "9px",
    background: "var(--raised)",
    boxShadow: "var(--shadow-2)",
    overflow: "hidden",
  },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--code-font)", maxHeight: "16em" },
  ".cm-tooltip-autocomplete > ul > li": {
    padding: "3px 10px 3px 6px !important",
    borderRadius: "4px",
    margin: "1px 4px",
  },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--chosen)", color: "var(--ink)" },
  ".cm-completionMatchedText": { textDecoration: "none", color: "var(--accent)", fontWeight: "650" },
  ".cm-completionDetail": { color: "var(--ink-3)", fontStyle: "normal" },
  ".cm-ghost": { color: "var(--ink-3)", fontStyle: "normal", whiteSpace: "pre" },
  ".cm-ghost-block": { padding: "0 16px 0 6px" },
  ".cm-edit-range": { backgroundColor: "var(--mind-soft)" },
  ".cm-edit-gone": { backgroundColor: "var(--bad-soft)", textDecoration: "none" },
  ".cm-edit-new": {
    backgroundColor: "var(--good-soft)",
    padding: "0 16px 0 6px",
    whiteSpace: "pre",
    boxShadow: "inset 2px 0 0 var(--good)",
  },
  ".cm-edit-choices": {
    display: "flex",
    justifyContent: "flex-end",
    gap: "4px",
    padding: "2px 12px",
    fontFamily: "var(--font-ui)",
    backgroundColor: "var(--good-soft)",
  },
  ".cm-edit-choices button": {
    height: "24px",
    padding: "0 8px",
    borderRadius: "5px",
    border: "1px solid var(--line-strong)",
    background: "var(--raised)",
    fontSize: "11px",
    fontWeight: "550",
  },
  ".cm-blame": { color: "var(--ink-3)", marginLeft: "3em", fontStyle: "italic", opacity: "0.75" },
});

const colours = HighlightStyle.define([
  { tag: [tag.keyword, tag.modifier, tag.operatorKeyword, tag.self], color: "var(--code-keyword)" },
  { tag: [tag.string, tag.special(tag.string), tag.regexp, tag.character], color: "var(--code-string)" },
  { tag: [tag.number, tag.bool, tag.null, tag.atom, tag.unit], color: "var(--code-number)" },
  {
    tag: [tag.function(tag.variableName), tag.function(tag.propertyName), tag.macroName],
    color: "var(--code-function)",
  },
  { tag: [tag.typeName, tag.className, tag.namespace], color: "var(--code-type)" },
  { tag: [tag.tagName, tag.annotation, tag.meta, tag.processingInstruction], color: "var(--code-tag)" },
  { tag: [tag.propertyName, tag.attributeName, tag.labelName], color: "var(--code-property)" },
  { tag: [tag.comment, tag.docComment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tag.punctuation, tag.separator, tag.bracket, tag.operator], color: "var(--code-punctuation)" },
  { tag: tag.heading, color: "var(--accent)", fontWeight: "650" },
  { tag: tag.strong, fontWeight: "650" },
  { tag: tag.emphasis, fontStyle: "italic" },
  {
    tag: [tag.link, tag.url],
    color: "var(--code-function)",
    textDecoration: "underline",
    textUnderlineOffset: "2px",
  },
  { tag: tag.monospace, color: "var(--code-string)" },
  { tag: tag.strikethrough, textDecoration: "line-through" },
  { tag: tag.inserted, color: "var(--good)" },
  { tag: tag.deleted, color: "var(--bad)" },
  { tag: tag.invalid, color: "var(--bad)" },
]);

export const theme: Extension = [look, syntaxHighlighting(colours)];
export const codeColours = colours;

/** How language servers name files, languages and places. Pure. */
import type { ChangeSpec, Text } from "@codemirror/state";
import type { Position, Range, TextEdit, WorkspaceEdit } from "vscode-languageserver-protocol";
import { baseName, extension } from "$/lib/paths";

const BY_EXTENSION: Record<string, string> = {
  bash: "shellscript",
  c: "c",
  cc: "cpp",
  cjs: "javascript",
  cpp: "cpp",
  css: "css",
  cts: "typescript",
  cxx: "cpp",
  go: "go",
  h: "c",
  hpp: "cpp",
  htm: "html",
  html: "html",
  js: "javascript",
  json: "json",
  jsonc: "jsonc",
  jsx: "javascriptreact",
  less: "less",
  m: "objective-c",
  mjs: "javascript",
  mm: "objective-cpp",
  mts: "typescript",
  py: "python",
  pyi: "python",
  rs: "rust",
  scss: "scss",
  sh: "shellscript",
  svelte: "svelte",
  ts: "typescript",
  tsx: "typescriptreact",
};
const BY_NAME: Record<string, string> = {
  ".bashrc": "shellscript",
  ".profile": "shellscript",
  "jsconfig.json": "jsonc",
  "tsconfig.json": "jsonc",
};

/** The language of a file as the protocol names it; null where no server would know it. */
export function languageIdOf(path: string): string | null {
  return BY_NAME[baseName(path)] ?? BY_EXTENSION[extension(path)] ?? null;
}

/** `root` ends with a slash. */
export function uriOf(root: string, path: string): string {
  return root + path.split("/").map(encodeURIComponent).join("/");
}

/** The path in the folder; null for a file elsewhere. Servers encode more or fewer characters than we do. */
export function pathOf(root: string, uri: string): string | null {
  try {
    const [folder, file] = [decodeURIComponent(root), decodeURIComponent(uri)];
    return file.startsWith(folder) ? file.slice(folder.length) : null;
  } catch {
    return null;
  }
}

/** An offset that is in the text, whatever the server says. */
export function offsetOf(doc: Text, { line, character }: Position): number {
  if (line < 0) return 0;
  if (line >= doc.lines) return doc.length;
  const at = doc.line(line + 1);
  return Math.max(at.from, Math.min(at.from + character, at.to));
}

export function positionOf(doc: Text, at: number): Position {
  const line = doc.lineAt(at);
  return { line: line.number - 1, character: at - line.from };
}

export function rangeOf(doc: Text, range: Range): { from: number; to: number } {
  const from = offsetOf(doc, range.start);
  return { from, to: Math.max(from, offsetOf(doc, range.end)) };
}

export function changesOf(doc: Text, edits: readonly TextEdit[]): ChangeSpec[] {
  return edits.map((edit) => ({
    ...rangeOf(doc, edit.range),
    insert: edit.newText.replaceAll("\r\n", "\n"),
  }));
}

/** The edits of each file. What would make, move or delete files is left out: those are the user's to do. */
export function editsByUri(edit: WorkspaceEdit): Map<string, TextEdit[]> {
  const all = new Map<string, TextEdit[]>(Object.entries(edit.changes ?? {}));
  for (const change of edit.documentChanges ?? []) {
    if (!("textDocument" in change)) continue;
    const edits = change.edits.filter((each): each is TextEdit => "newText" in each);
    all.set(change.textDocument.uri, [...(all.get(change.textDocument.uri) ?? []), ...edits]);
  }
  return all;
}

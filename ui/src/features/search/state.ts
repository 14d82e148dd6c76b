/** What was found, as it streams in, and the rows that show it. Pure. */
import type { FoundLine, TextFound } from "$/protocol/protocol";

export interface FoundFile {
  path: string;
  version: string;
  lines: FoundLine[];
  matches: number;
}

export interface Found {
  files: FoundFile[];
  matches: number;
  truncated: boolean;
  done: boolean;
}

export const NOTHING_FOUND: Found = { files: [], matches: 0, truncated: false, done: false };

/** A file with many matches comes in several items. */
export function found(state: Found, items: TextFound[]): Found {
  const files = new Map(state.files.map((file) => [file.path, file]));
  let { matches, truncated, done } = state;
  for (const item of items) {
    if (item.kind === "done") {
      truncated = item.truncated;
      done = true;
      continue;
    }
    const count = item.lines.reduce((sum, line) => sum + line.matches.length, 0);
    const known = files.get(item.path);
    files.set(item.path, {
      path: item.path,
      version: item.version,
      lines: known ? [...known.lines, ...item.lines] : item.lines,
      matches: (known?.matches ?? 0) + count,
    });
    matches += count;
  }
  return { files: [...files.values()], matches, truncated, done };
}

export type Row =
  | { kind: "file"; id: string; file: FoundFile }
  | { kind: "line"; id: string; file: FoundFile; line: FoundLine };

export function resultRows(state: Found, closed: ReadonlySet<string>): Row[] {
  return state.files.flatMap((file): Row[] => [
    { kind: "file", id: file.path, file },
    ...(closed.has(file.path)
      ? []
      : file.lines.map((line): Row => ({ kind: "line", id: `${file.path}:${line.line}`, file, line }))),
  ]);
}

export interface LinePiece {
  text: string;
  kind: "plain" | "match" | "new";
}

/** A line in pieces; blanks in front are cut, and a long start before the first match too. */
export function linePieces(line: FoundLine): LinePiece[] {
  const first = line.matches[0]?.start ?? 0;
  const blanks = line.text.length - line.text.trimStart().length;
  let at = Math.min(blanks, first);
  if (first - at > 40) at = first - 28;
  const pieces: LinePiece[] = [];
  for (const match of line.matches) {
    if (match.start > at) pieces.push({ text: line.text.slice(at, match.start), kind: "plain" });
    pieces.push({ text: line.text.slice(match.start, match.end), kind: "match" });
    if (match.replacement !== null) pieces.push({ text: match.replacement, kind: "new" });
    at = match.end;
  }
  if (at < line.text.length) pieces.push({ text: line.text.slice(at, at + 300), kind: "plain" });
  return pieces;
}

/** Globs as they are typed: parted by commas. */
export const globs = (typed: string): string[] =>
  typed
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);

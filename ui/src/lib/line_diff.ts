/** Differences of two texts by whole lines. */

export interface LineHunk {
  /** Lines of the old text that go, counted from 0; `toOld` is not part of it. */
  fromOld: number;
  toOld: number;
  /** Lines that come instead. */
  lines: string[];
}

/** Past this many cells the middle is one hunk: exactness is not worth a pause while somebody types. */
const MOST_CELLS = 2_000_000;

/** The hunks that turn `before` into `after`, in order. */
export function lineHunks(before: string[], after: string[]): LineHunk[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1;
  }
  const old = before.slice(start, before.length - end);
  const fresh = after.slice(start, after.length - end);
  if (old.length === 0 && fresh.length === 0) return [];
  if (old.length * fresh.length > MOST_CELLS)
    return [{ fromOld: start, toOld: start + old.length, lines: fresh }];
  return walk(old, fresh, lengths(old, fresh), start);
}

/** Lengths of the longest common subsequences of all ends. */
function lengths(old: string[], fresh: string[]): Uint32Array {
  const width = fresh.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      table[i * width + j] =
        old[i] === fresh[j]
          ? (table[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0);
    }
  }
  return table;
}

function walk(old: string[], fresh: string[], table: Uint32Array, offset: number): LineHunk[] {
  const width = fresh.length + 1;
  const hunks: LineHunk[] = [];
  let hunk: LineHunk | null = null;
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      hunk = null;
      i += 1;
      j += 1;
      continue;
    }
    if (!hunk) {
      hunk = { fromOld: offset + i, toOld: offset + i, lines: [] };
      hunks.push(hunk);
    }
    const down = table[(i + 1) * width + j] ?? 0;
    const right = table[i * width + j + 1] ?? 0;
    if (j >= fresh.length || (i < old.length && down >= right)) {
      i += 1;
      hunk.toOld = offset + i;
    } else {
      hunk.lines.push(fresh[j] ?? "");
      j += 1;
    }
  }
  return hunks;
}

/** The old text with some of its hunks. */
export function applyHunks(before: string[], hunks: LineHunk[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const hunk of hunks) {
    result.push(...before.slice(at, hunk.fromOld), ...hunk.lines);
    at = hunk.toOld;
  }
  return [...result, ...before.slice(at)];
}

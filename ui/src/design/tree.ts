/** Rows of a tree as they are seen, and how keys move among them. Pure; the view is `Tree.svelte`. */

export interface TreeRow<T> {
  id: string;
  item: T;
  level: number;
  /** Whether it has rows below it; `open` tells whether they are shown. */
  branch: boolean;
  open: boolean;
}

export type TreeMove =
  | { kind: "focus"; id: string }
  | { kind: "open"; id: string }
  | { kind: "close"; id: string }
  | { kind: "choose"; id: string };

/** What a key does in a tree, as the ARIA practices tell it; null for keys that are none of its business. */
export function treeKey<T>(rows: TreeRow<T>[], focused: string | null, key: string): TreeMove | null {
  const at = rows.findIndex((row) => row.id === focused);
  const row = rows[at];
  const focus = (index: number): TreeMove | null => {
    const target = rows[Math.max(0, Math.min(rows.length - 1, index))];
    return target ? { kind: "focus", id: target.id } : null;
  };
  switch (key) {
    case "ArrowDown":
      return focus(at + 1);
    case "ArrowUp":
      return focus(at < 0 ? 0 : at - 1);
    case "Home":
      return focus(0);
    case "End":
      return focus(rows.length - 1);
    case "PageDown":
      return focus(at + 20);
    case "PageUp":
      return focus(at - 20);
    case "ArrowRight":
      if (!row?.branch) return null;
      return row.open ? focus(at + 1) : { kind: "open", id: row.id };
    case "ArrowLeft": {
      if (!row) return null;
      if (row.branch && row.open) return { kind: "close", id: row.id };
      for (let above = at - 1; above >= 0; above -= 1) {
        if ((rows[above]?.level ?? 0) < row.level) return focus(above);
      }
      return null;
    }
    case "Enter":
    case " ":
      return row ? { kind: "choose", id: row.id } : null;
    default:
      return key.length === 1 ? typeAhead(rows, at, key) : null;
  }
}

function typeAhead<T>(rows: TreeRow<T>[], at: number, letter: string): TreeMove | null {
  const wanted = letter.toLowerCase();
  for (let step = 1; step <= rows.length; step += 1) {
    const row = rows[(at + step) % rows.length];
    const name = row?.id.slice(row.id.lastIndexOf("/") + 1).toLowerCase();
    if (row && name?.startsWith(wanted)) return { kind: "focus", id: row.id };
  }
  return null;
}

/** Own unsaved changes and somebody else's, put together line by line. Pure. */
import { diff3Merge } from "node-diff3";

export interface Merged {
  /** Both sides' changes; where they contradict each other, the own ones. */
  text: string;
  conflicts: number;
}

export function merge3(base: string, mine: string, theirs: string): Merged {
  if (mine === theirs || theirs === base) return { text: mine, conflicts: 0 };
  if (mine === base) return { text: theirs, conflicts: 0 };
  const lines = (text: string) => text.split("\n");
  const regions = diff3Merge(lines(mine), lines(base), lines(theirs), { excludeFalseConflicts: true });
  const merged: string[] = [];
  let conflicts = 0;
  for (const region of regions) {
    if (region.ok) merged.push(...region.ok);
    else if (region.conflict) {
      merged.push(...region.conflict.a);
      conflicts += 1;
    }
  }
  return { text: merged.join("\n"), conflicts };
}

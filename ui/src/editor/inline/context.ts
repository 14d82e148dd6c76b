/** How much of a file goes along with a request. Pure. */

const BEFORE = 6_000;
const AFTER = 2_000;

/** What stands before and after a place, clipped on line ends. */
export function around(text: string, at: number): { prefix: string; suffix: string } {
  let from = Math.max(0, at - BEFORE);
  if (from > 0) {
    const next = text.indexOf("\n", from);
    if (next >= 0 && next < at) from = next + 1;
  }
  let to = Math.min(text.length, at + AFTER);
  if (to < text.length) {
    const last = text.lastIndexOf("\n", to);
    if (last > at) to = last;
  }
  return { prefix: text.slice(from, at), suffix: text.slice(at, to) };
}

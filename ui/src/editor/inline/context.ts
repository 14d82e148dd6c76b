/** How much of a file goes along with a request. Pure. */

const BEFORE = 6_000;
const AFTER = 2_000;

/** A text of which parts can be had without making all of it a string: typing in a large file stays quick. */
export interface Sliced {
  length: number;
  sliceString(from: number, to: number): string;
}

/** What stands before and after a place, clipped on line ends. */
export function around(text: Sliced, at: number): { prefix: string; suffix: string } {
  const from = Math.max(0, at - BEFORE);
  const to = Math.min(text.length, at + AFTER);
  let prefix = text.sliceString(from, at);
  let suffix = text.sliceString(at, to);
  if (from > 0) prefix = prefix.slice(prefix.indexOf("\n") + 1);
  if (to < text.length && suffix.includes("\n")) suffix = suffix.slice(0, suffix.lastIndexOf("\n"));
  return { prefix, suffix };
}

/** Letters in order: ranks short lists, such as commands. Files are ranked by the backend. */

export interface Match<T> {
  item: T;
  score: number;
  /** The characters that fit. */
  positions: number[];
}

/** How well `query` fits `text`; null where a letter is missing. */
export function fuzzyFit(query: string, text: string): { score: number; positions: number[] } | null {
  const wanted = query.toLowerCase().replaceAll(" ", "");
  const lower = text.toLowerCase();
  const positions: number[] = [];
  let score = 0;
  let from = 0;
  for (const letter of wanted) {
    let at = lower.indexOf(letter, from);
    if (at < 0) return null;
    const boundary = nextWordStart(lower, letter, from);
    const last = positions.at(-1);
    // A word's start is worth a jump, unless the letters just go on.
    if (boundary >= 0 && at !== (last ?? -2) + 1) at = boundary;
    score += at === (last ?? -2) + 1 ? 6 : at === boundary ? 5 : 1;
    positions.push(at);
    from = at + 1;
  }
  return { score: score - text.length / 100, positions };
}

function nextWordStart(text: string, letter: string, from: number): number {
  for (let at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1)) {
    if (at === 0 || /[\s:/._-]/.test(text[at - 1] ?? "")) return at;
  }
  return -1;
}

/** Those that fit, the best first; all in their order without a query. */
export function rank<T>(query: string, items: readonly T[], text: (item: T) => string): Match<T>[] {
  if (query.trim() === "") return items.map((item) => ({ item, score: 0, positions: [] }));
  const found: Match<T>[] = [];
  for (const item of items) {
    const fitted = fuzzyFit(query, text(item)) ?? greedy(query, text(item));
    if (fitted) found.push({ item, ...fitted });
  }
  return found.sort((a, b) => b.score - a.score);
}

/** The first letters that fit: jumping to a word's start may have passed a letter that comes later. */
function greedy(query: string, text: string): { score: number; positions: number[] } | null {
  const lower = text.toLowerCase();
  const positions: number[] = [];
  for (const letter of query.toLowerCase().replaceAll(" ", "")) {
    const at = lower.indexOf(letter, (positions.at(-1) ?? -1) + 1);
    if (at < 0) return null;
    positions.push(at);
  }
  return { score: positions.length - text.length / 100, positions };
}

/** Completions that were made already. Looked into before anything waits. Pure but for its own memory. */

interface Kept {
  path: string;
  before: string;
  after: string;
  text: string;
}

/** As much around the caret as tells two places apart. */
const BEFORE = 400;
const AFTER = 80;

export class CompletionCache {
  #kept: Kept[] = [];
  #most: number;

  constructor(most = 80) {
    this.#most = most;
  }

  put(path: string, prefix: string, suffix: string, text: string): void {
    if (text === "") return;
    const entry = { path, before: prefix.slice(-BEFORE), after: suffix.slice(0, AFTER), text };
    this.#kept = [entry, ...this.#kept.filter((each) => !same(each, entry))].slice(0, this.#most);
  }

  /** What goes on from here: also when some of an earlier completion was typed since. */
  get(path: string, prefix: string, suffix: string): string | null {
    const after = suffix.slice(0, AFTER);
    for (const entry of this.#kept) {
      if (entry.path !== path || entry.after !== after) continue;
      for (let typed = 0; typed < entry.text.length; typed += 1) {
        const before = prefix.slice(0, prefix.length - typed).slice(-BEFORE);
        if (before !== entry.before) continue;
        if (typed > 0 && !entry.text.startsWith(prefix.slice(-typed))) continue;
        return entry.text.slice(typed);
      }
    }
    return null;
  }
}

function same(a: Kept, b: Kept): boolean {
  return a.path === b.path && a.before === b.before && a.after === b.after;
}

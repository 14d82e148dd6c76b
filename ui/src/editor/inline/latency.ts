/** How long the first letter of a suggestion took, as it was measured. */

export class Latency {
  #samples: number[] = [];
  #most: number;

  constructor(most = 25) {
    this.#most = most;
  }

  add(ms: number): void {
    this.#samples = [...this.#samples, ms].slice(-this.#most);
  }

  /** The value that `part` of the samples are below; null before the first. */
  quantile(part: number): number | null {
    if (this.#samples.length === 0) return null;
    const sorted = [...this.#samples].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? null;
  }
}

/** A value that changes, and those who want to know: for state that lives outside of Svelte. */
export interface Signal<T> {
  readonly value: T;
  /** Calls back at every change; the answer ends that. */
  subscribe(listener: (value: T) => void): () => void;
}

export class Source<T> implements Signal<T> {
  #value: T;
  #listeners = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener(value);
  }

  subscribe(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

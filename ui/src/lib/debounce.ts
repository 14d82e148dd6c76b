export interface Debounced<A extends unknown[]> {
  (...args: A): void;
  /** Does at once what is waiting, if anything is. */
  flush(): void;
  cancel(): void;
}

/** Calls once things are quiet for `ms`, with the latest arguments. */
export function debounce<A extends unknown[]>(ms: number, act: (...args: A) => void): Debounced<A> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest: A | undefined;
  const run = () => {
    clearTimeout(timer);
    timer = undefined;
    if (latest === undefined) return;
    const args = latest;
    latest = undefined;
    act(...args);
  };
  const debounced = (...args: A) => {
    latest = args;
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
  debounced.flush = run;
  debounced.cancel = () => {
    clearTimeout(timer);
    latest = undefined;
  };
  return debounced;
}

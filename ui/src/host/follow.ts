import type { Problem } from "$/protocol/protocol";
import type { Host, Item, Stream, StreamName, StreamRequest } from "./host";

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 10_000;

/**
 * Follows a stream over connections that break: asks again, with a new request, until it ends by itself.
 * `request` tells each time from where to go on.
 */
export function follow<K extends StreamName>(
  host: Host,
  name: K,
  request: () => StreamRequest<K>,
  onItems: (items: Item<K>[]) => void,
): Stream {
  let closed = false;
  let current: Stream | undefined;
  let wake: (() => void) | undefined;

  const run = async (): Promise<Problem | null> => {
    let wait = FIRST_WAIT_MS;
    for (;;) {
      current = host.stream(name, request(), (items) => {
        wait = FIRST_WAIT_MS;
        onItems(items);
      });
      const end = await current.done;
      if (closed || end === null || end.code !== "unavailable") return end;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      if (closed) return null;
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  };

  return {
    done: run(),
    close() {
      closed = true;
      current?.close();
      wake?.();
    },
  };
}

/**
 * Sends one after the other what must not overtake itself: calls are requests of their own, which may. What comes while
 * one is under way is joined and goes with the next.
 */
export function inOrder(send: (joined: string) => Promise<unknown>): (text: string) => void {
  let waiting = "";
  let sending = false;
  const next = async (): Promise<void> => {
    sending = true;
    while (waiting !== "") {
      const joined = waiting;
      waiting = "";
      // Whoever sends says what failed; what comes after it is still worth sending.
      await send(joined).catch(() => undefined);
    }
    sending = false;
  };
  return (text) => {
    waiting += text;
    if (!sending) void next();
  };
}

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StreamSocket } from "./stream_socket";

class Socket {
  static all: Socket[] = [];
  static readonly OPEN = 1;
  readyState = 0;
  sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(readonly url: string) {
    Socket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  tell(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  drop(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const last = (): Socket => {
  const socket = Socket.all.at(-1);
  if (!socket) throw new Error("nobody connected");
  return socket;
};

beforeEach(() => {
  Socket.all = [];
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Socket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("streams over one socket", () => {
  it("tell the key first, then what waited", () => {
    new StreamSocket("ws://a/rpc/streams", () => "sk").stream("run_watch", { after: 1 }, () => {});
    last().open();
    expect(last().sent).toEqual([{ api_key: "sk" }, { open: 1, stream: "run_watch", request: { after: 1 } }]);
  });

  it("give room back as items are taken, and not before", async () => {
    const streams = new StreamSocket("ws://a", () => null);
    let taken = () => {};
    streams.stream("terminal_open", {}, () => new Promise<void>((resolve) => (taken = resolve)));
    last().open();
    last().tell({ id: 1, items: ["a", "b"] });
    expect(last().sent).toHaveLength(2);
    taken();
    await vi.advanceTimersByTimeAsync(0);
    expect(last().sent.at(-1)).toEqual({ ack: 1, items: 2 });
  });

  it("do not mix", () => {
    const streams = new StreamSocket("ws://a", () => null);
    const got: unknown[][] = [[], []];
    streams.stream("a", {}, (items) => void got[0]?.push(...items));
    streams.stream("b", {}, (items) => void got[1]?.push(...items));
    last().open();
    last().tell({ id: 2, items: ["for b"] });
    last().tell({ id: 1, items: ["for a"] });
    expect(got).toEqual([["for a"], ["for b"]]);
  });

  it("end well, or with the reason", async () => {
    const streams = new StreamSocket("ws://a", () => null);
    const [good, bad] = [streams.stream("a", {}, () => {}), streams.stream("b", {}, () => {})];
    last().open();
    const why = { code: "not_found", message: "no", hint: null, weights: null, retry_after_s: null };
    last().tell({ id: 1, end: null });
    last().tell({ id: 2, end: why });
    expect(await good.done).toBeNull();
    expect(await bad.done).toEqual(why);
  });

  it("that are closed say so once, and drop what is on its way", () => {
    const streams = new StreamSocket("ws://a", () => null);
    const got: unknown[] = [];
    const stream = streams.stream("a", {}, (items) => void got.push(...items));
    last().open();
    stream.close();
    stream.close();
    last().tell({ id: 1, items: ["late"] });
    expect(got).toEqual([]);
    expect(last().sent.filter((message) => "close" in (message as object))).toEqual([{ close: 1 }]);
  });

  it("a lost connection ends them, says so, and comes back", async () => {
    const streams = new StreamSocket("ws://a", () => null);
    const stream = streams.stream("a", {}, () => {});
    last().open();
    last().drop();
    expect((await stream.done)?.code).toBe("unavailable");
    expect(streams.connection.value).toBe("lost");
    await vi.advanceTimersByTimeAsync(1000);
    expect(Socket.all).toHaveLength(2);
    last().open();
    expect(streams.connection.value).toBe("open");
  });

  it("waits longer each time that it fails", async () => {
    new StreamSocket("ws://a", () => null).connect();
    const tries: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      last().drop();
      const before = Socket.all.length;
      let waited = 0;
      while (Socket.all.length === before) {
        await vi.advanceTimersByTimeAsync(100);
        waited += 100;
      }
      tries.push(waited);
    }
    expect(tries.at(-1)).toBeGreaterThan((tries[0] ?? 0) * 4);
  });

  it("a refused key is not tried again", async () => {
    const streams = new StreamSocket("ws://a", () => "wrong");
    streams.connect();
    last().drop(1008);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Socket.all).toHaveLength(1);
    expect(streams.connection.value).toBe("refused");
  });
});

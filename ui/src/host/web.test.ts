import { afterEach, describe, expect, it, vi } from "vitest";
import { problemOf } from "./host";
import { takeKey, WebHost } from "./web";

const answers = (status: number, body: string) =>
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => new Response(body, { status })),
  );

afterEach(() => vi.unstubAllGlobals());

describe("the key", () => {
  it("leaves the address at once and stays for the tab", () => {
    const seen: string[] = [];
    const location = { hash: "#key=sk_1&tab=2", pathname: "/", search: "" } as Location;
    const history = {
      replaceState: (_: unknown, __: string, url: string) => seen.push(url),
    } as unknown as History;
    sessionStorage.clear();
    expect(takeKey(location, history, sessionStorage)).toBe("sk_1");
    expect(seen).toEqual(["/#tab=2"]);
    expect(takeKey({ ...location, hash: "" } as Location, history, sessionStorage)).toBe("sk_1");
  });
});

describe("commands over HTTP", () => {
  const host = new WebHost(new URL("http://127.0.0.1:1"), "sk");

  it("carry the key in the header and nothing in the address", async () => {
    answers(200, '{"runs":[],"next_cursor":null}');
    await host.call("run_list", { limit: 1 });
    const [url, init] = vi.mocked(fetch).mock.calls[0] ?? [];
    expect(url).toBe("http://127.0.0.1:1/rpc/run_list");
    expect(init?.headers).toMatchObject({ "x-api-key": "sk" });
  });

  it.each([
    [404, '{"code":"not_found","detail":"no such run","hint":"list them"}', "not_found", "no such run"],
    [502, "<html>", "internal", "502"],
    [401, "", "unauthenticated", "401"],
  ])("%s is told as a problem", async (status, body, code, words) => {
    answers(status, body);
    const problem = await host.call("run_list", {}).then(() => null, problemOf);
    expect(problem?.code).toBe(code);
    expect(problem?.message).toContain(words);
  });

  it("a server that is not there is unavailable", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(async () => Promise.reject(new TypeError("failed"))),
    );
    expect((await host.call("run_list", {}).then(() => null, problemOf))?.code).toBe("unavailable");
  });

  it("tell who listens what became stale", async () => {
    answers(200, "{}");
    const told: string[] = [];
    const stop = host.onStale((name) => told.push(name));
    await host.call("run_cancel", { run_id: "r" });
    await host.call("run_list", {});
    stop();
    expect(told).toEqual(["run_cancel"]);
  });
});

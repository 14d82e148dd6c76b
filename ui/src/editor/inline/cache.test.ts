import { describe, expect, it } from "vitest";
import { CompletionCache } from "./cache";

describe("completion cache", () => {
  const cache = new CompletionCache(2);
  cache.put("a.py", "def add(a, b):\n    ", "\n", "return a + b");

  it.each([
    ["the same place", "a.py", "def add(a, b):\n    ", "\n", "return a + b"],
    ["typed along", "a.py", "def add(a, b):\n    retu", "\n", "rn a + b"],
    ["typed otherwise", "a.py", "def add(a, b):\n    print", "\n", null],
    ["all typed", "a.py", "def add(a, b):\n    return a + b", "\n", null],
    ["another file", "b.py", "def add(a, b):\n    ", "\n", null],
    ["another text behind", "a.py", "def add(a, b):\n    ", "# x", null],
  ])("%s", (_, path, prefix, suffix, expected) => {
    expect(cache.get(path, prefix, suffix)).toBe(expected);
  });

  it("forgets the oldest", () => {
    const small = new CompletionCache(2);
    for (const name of ["one", "two", "three"]) small.put("f", name, "", `${name}!`);
    expect(small.get("f", "one", "")).toBeNull();
    expect(small.get("f", "three", "")).toBe("three!");
  });

  it("keeps no silence", () => {
    const empty = new CompletionCache();
    empty.put("f", "x", "", "");
    expect(empty.get("f", "x", "")).toBeNull();
  });
});

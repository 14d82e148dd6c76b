import { expect, it } from "vitest";
import { globTest } from "./glob";

it.each([
  [".git", ".git", true],
  [".git", "a/.git/config", true],
  [".git", ".github/ci.yml", false],
  ["*.pyc", "a/b.pyc", true],
  ["**/*.min.js", "a/b/c.min.js", true],
  ["**/*.min.js", "c.min.js", true],
  ["src/**", "src/a/b.ts", true],
  ["src/*.ts", "src/a/b.ts", false],
  ["/dist", "a/dist", false],
  ["*.{png,jpg}", "a.jpg", true],
  ["a(b", "a(b", true],
  ["{open", "{open", true],
  ["", "a", false],
])("%s on %s: %s", (glob, path, expected) => expect(globTest([glob])(path)).toBe(expected));

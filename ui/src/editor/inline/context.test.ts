import { Text } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { around } from "./context";

const of = (text: string) => Text.of(text.split("\n"));

describe("what goes along", () => {
  it("is all of a short file", () => {
    expect(around(of("ab\ncd"), 3)).toEqual({ prefix: "ab\n", suffix: "cd" });
  });

  it("is clipped on line ends", () => {
    const line = `${"x".repeat(99)}\n`;
    const { prefix, suffix } = around(of(line.repeat(200)), 10_050);
    expect(prefix.length).toBeLessThanOrEqual(6_000);
    expect(prefix.startsWith("x".repeat(99))).toBe(true);
    expect(suffix.endsWith("x")).toBe(true);
    expect(suffix.length).toBeLessThanOrEqual(2_000);
  });

  it("is a part of one endless line", () => {
    const { prefix, suffix } = around(of("y".repeat(20_000)), 10_000);
    expect([prefix.length, suffix.length]).toEqual([6_000, 2_000]);
  });
});

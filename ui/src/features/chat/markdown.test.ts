import { describe, expect, it } from "vitest";
import { parts } from "./markdown";

const html = (markdown: string) =>
  parts(markdown, false)
    .map((part) => (part.kind === "prose" ? part.html.trim() : `[${part.language}] ${part.text}`))
    .join("\n");

describe("an answer", () => {
  it("keeps code apart from prose", () => {
    expect(html("See:\n\n```python\nx = 1\n```\n\nDone.")).toBe("<p>See:</p>\n[python] x = 1\n<p>Done.</p>");
  });

  it.each([
    ["a script", "<script>alert(1)</script>hi"],
    ["an image", "![x](https://example.org/?secret=1)"],
    ["a handler", '<p onclick="alert(1)">hi</p>'],
    ["a style", '<p style="position:fixed">hi</p>'],
    ["a script's address", "[x](javascript:alert(1))"],
    ["a form", "<form><input></form>"],
    ["a frame", "<iframe src='https://example.org'></iframe>"],
  ])("has no %s", (_, markdown) => {
    expect(html(markdown)).not.toMatch(
      /<(?:script|img|form|input|iframe)|<[^>]*(?:onclick|style=|javascript:)/i,
    );
  });

  it("links to the web, and nowhere else", () => {
    expect(html("[a](https://example.org/?a=1&b=2)")).toContain(
      '<a href="https://example.org/?a=1&amp;b=2">a</a>',
    );
    expect(html("[a](file:///etc/passwd)")).toBe("<p>a</p>");
  });

  it("shows code while it streams", () => {
    expect(parts("```ts\nconst a", true)).toEqual([{ kind: "code", language: "ts", text: "const a" }]);
  });
});

import { expect, it } from "vitest";
import { inOrder } from "./in_order";

it("joins what comes while one is under way, and keeps the order", async () => {
  const sent: string[] = [];
  const release: (() => void)[] = [];
  const type = inOrder((text) => {
    sent.push(text);
    return new Promise<void>((done) => release.push(done));
  });
  for (const key of "expr") type(key);
  expect(sent).toEqual(["e"]);
  release[0]?.();
  await Promise.resolve().then(() => undefined);
  expect(sent).toEqual(["e", "xpr"]);
});

it("goes on after a failure", async () => {
  const sent: string[] = [];
  const type = inOrder(async (text) => {
    sent.push(text);
    throw new Error("lost");
  });
  type("a");
  await new Promise((done) => setTimeout(done));
  type("b");
  expect(sent).toEqual(["a", "b"]);
});

import { expect, it } from "vitest";
import { merge3 } from "./merge";

const base = "one\ntwo\nthree\nfour\nfive\n";

it.each([
  [
    "different places",
    "ONE\ntwo\nthree\nfour\nfive\n",
    "one\ntwo\nthree\nfour\nFIVE\n",
    "ONE\ntwo\nthree\nfour\nFIVE\n",
    0,
  ],
  ["only mine", "ONE\ntwo\nthree\nfour\nfive\n", base, "ONE\ntwo\nthree\nfour\nfive\n", 0],
  ["only theirs", base, "one\n", "one\n", 0],
  [
    "the same change",
    "1\ntwo\nthree\nfour\nfive\n",
    "1\ntwo\nthree\nfour\nfive\n",
    "1\ntwo\nthree\nfour\nfive\n",
    0,
  ],
  [
    "the same line",
    "mine\ntwo\nthree\nfour\nfive\n",
    "theirs\ntwo\nthree\nfour\nFIVE\n",
    "mine\ntwo\nthree\nfour\nFIVE\n",
    1,
  ],
  [
    "deleted and changed",
    "one\nthree\nfour\nfive\n",
    "one\n2\nthree\nfour\nfive\n",
    "one\nthree\nfour\nfive\n",
    1,
  ],
  ["an empty file", "", "two\n", "", 1],
])("%s", (_, mine, theirs, text, conflicts) => {
  expect(merge3(base, mine, theirs)).toEqual({ text, conflicts });
});

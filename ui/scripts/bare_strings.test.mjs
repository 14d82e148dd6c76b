// @vitest-environment node
import { expect, it } from "vitest";
import { bareStrings } from "./bare_strings.mjs";

it.each([
  ["<p>Hello</p>", ["Hello"]],
  ['<button aria-label="Close"></button>', ["Close"]],
  ["<p>{t.app.close} · {1}</p>", []],
  ['<div class="words" role="tab"></div>', []],
  ["<script>const a = 'Hello';</script><style>p { color: red; }</style><p>{a}</p>", []],
])("%s", (source, expected) => {
  expect(bareStrings(source)).toEqual(expected);
});

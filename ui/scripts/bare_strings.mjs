/** No word of the window stands in a component: all of them are in `src/messages`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "svelte/compiler";
import { ROOT, report, sources } from "./files.mjs";

const SPOKEN = new Set([
  "aria-label",
  "title",
  "placeholder",
  "alt",
  "label",
  "text",
  "hint",
  "aria-description",
]);
const WORD = /\p{L}{2,}/u;

export function bareStrings(source) {
  const found = [];
  const walk = (node) => {
    if (node === null || typeof node !== "object") return;
    if (Array.isArray(node)) {
      for (const each of node) walk(each);
      return;
    }
    if (node.type === "Text" && WORD.test(node.data)) found.push(node.data.trim());
    if (node.type === "Attribute") {
      const values = Array.isArray(node.value) ? node.value : [];
      for (const value of values)
        if (SPOKEN.has(node.name) && value.type === "Text" && WORD.test(value.data)) found.push(value.data);
      for (const value of values) if (value.type !== "Text") walk(value);
      return;
    }
    if (node.type === "StyleSheet" || node.type === "Script" || node.type === "StyleDirective") return;
    for (const value of Object.values(node)) walk(value);
  };
  walk(parse(source, { modern: true }).fragment);
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const problems = sources([".svelte"]).flatMap((file) =>
    bareStrings(readFileSync(join(ROOT, file), "utf8")).map(
      (text) => `${file}: “${text}” belongs to src/messages`,
    ),
  );
  report("strings", problems);
}

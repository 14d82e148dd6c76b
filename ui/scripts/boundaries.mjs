/** Who may import whom. The rules are a table; `problems` is what the test of this file calls. */
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT, report, sources } from "./files.mjs";

/** A layer may import itself and those listed. */
const LAYERS = {
  protocol: [],
  lib: [],
  messages: [],
  design: ["lib"],
  host: ["protocol", "lib"],
  workbench: ["protocol", "lib", "host", "messages"],
  editor: ["protocol", "lib", "host", "messages", "design", "workbench"],
  features: ["protocol", "lib", "host", "messages", "design", "workbench", "editor"],
  app: ["protocol", "lib", "host", "messages", "design", "workbench", "editor", "features"],
};
/** Of these, others see only what stands at the door. */
const DOORS = {
  features: /^features\/[^/]+$/,
  editor: /^editor(\/code)?$/,
  host: /^host(\/(choose|fake))?$/,
  workbench: /^workbench$/,
  design: /^design(\/keys|\/tokens\.css)?$/,
};
const TAURI = "src/host/tauri.ts";
const IMPORT = /(?:import|export)\s[^"';]*?from\s*["']([^"']+)["']|import\(?\s*["']([^"']+)["']/g;

export function importsOf(text) {
  return [...text.matchAll(IMPORT)].map((match) => ({
    name: match[1] ?? match[2],
    // Types are gone before anything runs: they make no cycle.
    types: /^(import|export)\s+type\s/.test(match[0]),
  }));
}

/** `src/a/b.ts` imports `$/c/d` or `../c/d`: the path below `src`. */
function target(file, name) {
  if (name.startsWith("$/")) return name.slice(2);
  if (!name.startsWith(".")) return null;
  return normalize(join(dirname(file), name)).replace(/^src\//, "");
}

export function problems(files) {
  const found = [];
  const edges = new Map();
  for (const [file, text] of files) {
    const from = file.replace(/^src\//, "");
    const layer = from.includes("/") ? from.split("/")[0] : "main";
    const test = /\.test\.ts$/.test(file);
    edges.set(from, []);
    for (const { name, types } of importsOf(text)) {
      if (name.startsWith("@tauri-apps") && file !== TAURI)
        found.push(`${file}: only ${TAURI} may name ${name}`);
      const to = target(file, name);
      if (to === null) continue;
      if (!types) edges.get(from).push(to);
      const other = to.split("/")[0];
      if (layer === "main" || other === layer) {
        const own = from.split("/")[1];
        if (layer === "features" && to.split("/")[1] !== own)
          found.push(`${file}: a feature may not import another (${name})`);
        continue;
      }
      if (!LAYERS[layer]?.includes(other) && !test)
        found.push(`${file}: ${layer} may not import ${other} (${name})`);
      const door = DOORS[other];
      if (door && !door.test(to) && !test) found.push(`${file}: ${name} is not a door of ${other}`);
    }
  }
  return [...found, ...cycles(edges)];
}

function resolve(edges, to) {
  for (const end of ["", ".ts", ".svelte", ".svelte.ts", "/index.ts"])
    if (edges.has(to + end)) return to + end;
  return null;
}

function cycles(edges) {
  const state = new Map();
  const found = [];
  const visit = (file, path) => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      const loop = [...path.slice(path.indexOf(file)), file];
      // A component may draw itself.
      if (loop.length > 2) found.push(`a cycle: ${loop.join(" → ")}`);
      return;
    }
    state.set(file, "open");
    for (const to of edges.get(file) ?? []) {
      const next = resolve(edges, to);
      if (next) visit(next, [...path, file]);
    }
    state.set(file, "done");
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const files = sources([".ts", ".svelte"]).map((file) => [file, readFileSync(join(ROOT, file), "utf8")]);
  report("boundaries", problems(files));
}

/** The source files, for the checks that read them. */
import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export function sources(extensions, below = "src") {
  return readdirSync(join(ROOT, below), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((end) => entry.name.endsWith(end)))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

export function report(title, problems) {
  if (problems.length === 0) {
    console.log(`${title}: fine`);
    return;
  }
  for (const problem of problems) console.error(problem);
  console.error(`${title}: ${problems.length} problem(s)`);
  process.exitCode = 1;
}

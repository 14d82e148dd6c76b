/**
 * Drives the page of a real server: `npm run e2e -- <aios> [--dist] [playwright's arguments]`. `--dist` shows the page in
 * dist/ instead of the one that was built into the program.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ROOT } from "./files.mjs";

const [program, ...rest] = process.argv.slice(2);
if (!program || !existsSync(program)) {
  console.error("npm run e2e -- <the file of aios> [--dist]");
  process.exit(2);
}
const dist = rest.includes("--dist");
const { status } = spawnSync("npx", ["playwright", "test", ...rest.filter((each) => each !== "--dist")], {
  cwd: ROOT,
  stdio: "inherit",
  env: { ...process.env, AIOS: resolve(program), PAGE: dist ? "dist" : "" },
});
process.exit(status ?? 1);

/** A checker that finds nothing may not be looking: it has to find what is wrong on purpose. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./files.mjs";

const { status, stdout } = spawnSync(
  process.execPath,
  [
    join(ROOT, "node_modules/svelte-check/bin/svelte-check"),
    "--tsconfig",
    "tests/must_fail/tsconfig.json",
    "--output",
    "machine",
  ],
  { cwd: ROOT, encoding: "utf8" },
);
const errors = stdout.split("\n").filter((line) => line.includes("ERROR") && line.includes("Wrong.svelte"));
if (status !== 0 && errors.length >= 2) console.log("types: what is wrong on purpose is found");
else {
  console.error(`types: the checker found ${errors.length} of 2 mistakes made on purpose\n${stdout}`);
  process.exitCode = 1;
}

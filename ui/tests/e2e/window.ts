/**
 * A window of its own for each test: a throw-away home with a folder in it, the program, a scripted model on loopback
 * that is configured by the environment as a user would do it, and the page.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { test as base, expect, type Page } from "@playwright/test";
import axe from "axe-core";
import { KEY, ModelServer } from "./model";
import { script } from "./script";

export const FILES: Record<string, string> = {
  "main.py": "from notes import twice\n\nprint(twice(21))\n",
  "notes.py": "def add(a, b):\n    return a + b\n\n\ndef twice(a):\n    return a + a\n",
  "README.md": "# Notes\n\nAdds numbers.\n",
};

export interface Window {
  page: Page;
  home: string;
  /** The folder of the tests, in the home. */
  folder: string;
  model: ModelServer;
  file: (path: string) => string;
  /** Opens the folder in the page and trusts it. */
  openFolder: () => Promise<void>;
  openFile: (path: string) => Promise<void>;
  command: (title: string) => Promise<void>;
  /** A picture in both themes, and what axe says of them. */
  picture: (name: string) => Promise<void>;
}

const SHOTS = join(import.meta.dirname, "shots");
const DIST = join(import.meta.dirname, "../../dist");
const KINDS: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

async function serve(home: string, url: string): Promise<{ program: ChildProcess; link: string }> {
  const file = process.env["AIOS"];
  if (!file) throw new Error("npm run e2e -- <the file of aios>");
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    AIOS_HOME: join(home, ".aios"),
    AIOS_MODELS_DIR: join(home, ".models"),
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: url,
    SHELL: "/bin/sh",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.org",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.org",
  };
  const program = spawn(file, ["serve", "--port", "0", "--link"], { cwd: home, env });
  let said = "";
  const link = await new Promise<string>((found, failed) => {
    const hear = (piece: Buffer) => {
      said += piece.toString();
      const link = /http:\/\/\S+#key=\S+/.exec(said)?.[0];
      if (link) found(link);
    };
    program.stdout.on("data", hear);
    program.stderr.on("data", hear);
    program.once("exit", () => failed(new Error(`${file} ended: ${said}`)));
  });
  return { program, link };
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return;
  const ended = new Promise((done) => program.once("exit", done));
  program.kill("SIGINT");
  const late = setTimeout(() => program.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(late);
}

/** The page as it was built last, under the policy that the server sends. */
async function fromDist(page: Page): Promise<void> {
  await page.route(
    (url) => !url.pathname.startsWith("/rpc"),
    (route) => {
      const { pathname } = new URL(route.request().url());
      const file = join(DIST, pathname === "/" ? "index.html" : pathname);
      if (!existsSync(file)) return route.fulfill({ status: 404 });
      return route.fulfill({
        body: readFileSync(file),
        contentType: KINDS[extname(file)] ?? "application/octet-stream",
        headers: {
          "content-security-policy":
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'",
        },
      });
    },
  );
}

async function accessible(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(
      // What the text completes is a list that the text itself steers: it takes no focus.
      { exclude: [[".cm-tooltip-autocomplete"]] },
      {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
      },
    ),
  );
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`,
  );
}

export const test = base.extend<{ window: Window }>({
  window: async ({ page }, use) => {
    const home = mkdtempSync(join(tmpdir(), "cesaflow-e2e-"));
    const folder = join(home, "notes");
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const model = new ModelServer(script);
    const { program, link } = await serve(home, await model.start());
    const broken: string[] = [];
    page.on("pageerror", (error) => broken.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") broken.push(message.text());
    });
    if (process.env["PAGE"] === "dist") await fromDist(page);
    await page.goto(link);

    const openFile = async (path: string) => {
      await page.keyboard.press("Control+p");
      await page.keyboard.type(path);
      await page.getByRole("option", { name: path }).first().waitFor();
      await page.keyboard.press("Enter");
      await expect(page.getByRole("textbox", { name: `Text of ${path}` })).toBeFocused();
    };
    await use({
      page,
      home,
      folder,
      model,
      file: (path) => readFileSync(join(folder, path), "utf8"),
      openFile,
      openFolder: async () => {
        await page
          .getByRole("button", { name: /Open a folder/ })
          .first()
          .click();
        await page.getByRole("button", { name: "notes", exact: true }).click();
        await expect(page.getByRole("textbox")).toHaveValue(folder);
        await page.getByRole("dialog").getByRole("button", { name: "Open this folder" }).click();
        await page.getByRole("treeitem", { name: "main.py" }).waitFor();
        // What a reload brings back is kept a moment later.
        const kept = page.waitForResponse(
          (response) =>
            response.url().endsWith("/rpc/window_state_save") &&
            (response.request().postData() ?? "").includes("folder:"),
        );
        await page.getByRole("button", { name: "Trust folder" }).first().click();
        await kept;
        await expect(page.getByRole("button", { name: "Trust folder" })).toHaveCount(0);
      },
      command: async (title) => {
        await page.keyboard.press("Control+Shift+p");
        await page.keyboard.type(title);
        await page.getByRole("option", { name: title }).first().waitFor();
        await page.keyboard.press("Enter");
      },
      picture: async (name) => {
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          await page.evaluate(
            () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
          );
          await page.screenshot({ path: join(SHOTS, `${name}-${colorScheme}.png`), animations: "disabled" });
          expect(await accessible(page), `${name} in ${colorScheme}`).toEqual([]);
        }
      },
    });

    await page.close();
    await end(program);
    await model.stop();
    rmSync(home, { recursive: true, force: true });
    expect(model.complaints).toEqual([]);
    expect(broken).toEqual([]);
  },
});

export { expect };

export function git(folder: string, ...given: string[]): string {
  const env = { ...process.env, HOME: dirname(folder) };
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  return execFileSync("git", [...who, ...given], { cwd: folder, env, encoding: "utf8" });
}

/** Pictures of every screen in both themes, and what axe says of them, from the demo: `npm run build && npm run shots [folder] [names…]`. */
import { mkdirSync } from "node:fs";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { preview } from "vite";
import { scenes } from "./scenes.mjs";

const [out = "shots", ...only] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const server = await preview({ preview: { port: 0, host: "127.0.0.1" }, logLevel: "error" });
const { port } = server.httpServer.address();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
let failed = false;

/** What axe finds wrong, a line each. */
async function accessibility(page) {
  // The page's policy lets no script in; the check comes over the debugger, which is no part of the page.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
  );
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map((node) => node.html.slice(0, 110))
        .slice(0, 3)
        .join(" | ")} ${nodes[0].any[0]?.message ?? ""}`,
  );
}

for (const theme of ["dark", "light"]) {
  for (const [name, scene] of Object.entries(scenes)) {
    if (only.length > 0 && !only.includes(name)) continue;
    const page = await browser.newPage({ viewport: { width: 1360, height: 860 }, colorScheme: theme });
    page.on("pageerror", (error) => {
      failed = true;
      console.error(`${name}: ${error.message}`);
    });
    page.on("console", (message) => {
      if (message.type() === "error") console.error(`${name}: ${message.text()}`);
    });
    try {
      await page.goto(`http://127.0.0.1:${port}/?demo`);
      await page.waitForSelector("main");
      await scene(page);
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      await page.screenshot({ path: `${out}/${name}-${theme}.png` });
      for (const found of await accessibility(page)) {
        failed = true;
        console.error(`${name}-${theme}: ${found}`);
      }
    } catch (error) {
      failed = true;
      console.error(`${name}: ${error.message.split("\n").slice(0, 3).join(" ")}`);
      await page.screenshot({ path: `${out}/${name}-${theme}-failed.png` }).catch(() => undefined);
    }
    await page.close();
  }
}
await browser.close();
await server.close();
process.exit(failed ? 1 : 0);

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./window";

test("a mistake in the settings is told with its line, and the file is left alone", async ({ window }) => {
  const { page, home } = window;
  await window.openFolder();
  const file = join(home, ".aios", "settings.json");
  const text = '{\n  "editor": {\n    "tab_size": "many"\n  }\n}\n';
  writeFileSync(file, text);
  await page.reload();
  await page.getByRole("treeitem", { name: "main.py" }).waitFor();
  await page.keyboard.press("Control+,");
  await expect(page.getByText(/Line 3/)).toBeVisible();
  await window.picture("settings");
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("the theme is chosen by its name and kept", async ({ window }) => {
  const { page } = window;
  await window.openFolder();
  const shown = () => page.evaluate(() => getComputedStyle(document.body).colorScheme);
  await window.command("Choose the theme");
  await page.keyboard.type("Dark");
  await page.keyboard.press("Enter");
  await expect.poll(shown).toBe("dark");
  await page.reload();
  await page.getByRole("treeitem", { name: "main.py" }).waitFor();
  await expect.poll(shown).toBe("dark");
});

test("a reload brings back tabs, the caret's file and unsaved text", async ({ window }) => {
  const { page } = window;
  await window.openFolder();
  await window.openFile("main.py");
  await window.openFile("notes.py");
  const kept = page.waitForResponse((response) => response.url().endsWith("/rpc/draft_save"));
  const stored = page.waitForResponse((response) => response.url().endsWith("/rpc/window_state_save"));
  await page.keyboard.type("# not saved");
  await Promise.all([kept, stored]);
  await page.reload();
  await expect(page.getByRole("tab", { name: /main\.py/ })).toBeVisible();
  await expect(page.getByRole("tab", { name: /notes\.py.*unsaved/i })).toBeVisible();
  await expect(page.locator(".cm-line").first()).toContainText("# not saved");
  expect(window.file("notes.py")).not.toContain("# not saved");
});

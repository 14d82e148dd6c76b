import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./window";

test("a folder is opened, a file edited and saved", async ({ window }) => {
  const { page } = window;
  await window.picture("welcome");
  await window.openFolder();
  await window.picture("folder");
  await window.openFile("notes.py");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("# the end");
  await expect(page.getByRole("tab", { name: /notes\.py.*unsaved/i })).toBeVisible();
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("tab", { name: /unsaved/i })).toHaveCount(0);
  expect(window.file("notes.py")).toMatch(/# the end\n?$/);
  await window.picture("editor");
});

test("Tab takes what the model offers, and one undo takes it back", async ({ window }) => {
  const { page } = window;
  await window.openFolder();
  await window.openFile("notes.py");
  const text = page.getByRole("textbox", { name: "Text of notes.py" });
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\ndef sum(a, b):\n");
  await page.keyboard.type("return ");
  await expect(page.locator(".cm-ghost")).toHaveText("a + b");
  await window.picture("tab");
  await text.focus();
  await page.keyboard.press("Tab");
  await expect(page.locator(".cm-ghost")).toHaveCount(0);
  await expect(page.locator(".cm-line", { hasText: "return a + b" })).toHaveCount(2);
  await page.keyboard.press("Control+z");
  await expect(page.locator(".cm-line", { hasText: "return a + b" })).toHaveCount(1);
});

test("Cmd+K shows the change, and nothing changes before it is accepted", async ({ window }) => {
  const { page } = window;
  await window.openFolder();
  await window.openFile("notes.py");
  const ask = async () => {
    await page.getByRole("textbox", { name: "Text of notes.py" }).focus();
    await page.keyboard.press("Control+End");
    for (let line = 0; line < 2; line += 1) await page.keyboard.press("Shift+ArrowUp");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("multiply");
    await page.keyboard.press("Enter");
    await expect(page.locator(".cm-edit-new")).toContainText("a * 2");
  };
  const line = page.locator(".cm-line");
  await ask();
  await window.picture("cmdk");
  await page.keyboard.press("Escape");
  await expect(page.locator(".cm-edit-new")).toHaveCount(0);
  await expect(line.filter({ hasText: "return a + a" })).toHaveCount(1);
  await ask();
  await page.keyboard.press("Control+Enter");
  await expect(line.filter({ hasText: "return a * 2" })).toHaveCount(1);
  await expect(line.filter({ hasText: "return a + a" })).toHaveCount(0);
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("tab", { name: /unsaved/i })).toHaveCount(0);
  expect(window.file("notes.py")).toContain("return a * 2");
});

test("Vim's keys, when they are wanted", async ({ window }) => {
  const { page, home } = window;
  await window.openFolder();
  writeFileSync(join(home, ".aios", "settings.json"), '{ "editor": { "keymap": "vim" } }');
  await page.reload();
  await page.getByRole("treeitem", { name: "main.py" }).waitFor();
  await window.openFile("notes.py");
  await expect(page.locator(".cm-fat-cursor").first()).toBeVisible();
  await page.keyboard.type("ggdd");
  await expect(page.locator(".cm-line").first()).toHaveText("    return a + b");
  await page.keyboard.type("u");
  await expect(page.locator(".cm-line").first()).toHaveText("def add(a, b):");
  await page.keyboard.type("ggO# first");
  await page.keyboard.press("Escape");
  await page.keyboard.type(":w");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: /unsaved/i })).toHaveCount(0);
  expect(window.file("notes.py")).toMatch(/^# first\ndef add/);
});

test("changes from outside are merged with unsaved ones; contradictions are shown", async ({ window }) => {
  const { page, folder } = window;
  await window.openFolder();
  await window.openFile("notes.py");
  const first = page.locator(".cm-line").first();
  await page.keyboard.type("# mine ");
  await expect(page.getByRole("tab", { name: /notes\.py.*unsaved/i })).toBeVisible();
  writeFileSync(join(folder, "notes.py"), window.file("notes.py").replace("a + a", "2 * a"));
  await expect(page.locator(".cm-line", { hasText: "return 2 * a" })).toBeVisible();
  await expect(first).toHaveText("# mine def add(a, b):");
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("tab", { name: /unsaved/i })).toHaveCount(0);
  expect(window.file("notes.py")).toMatch(/^# mine [\s\S]*2 \* a/);

  await page.keyboard.type("once more ");
  writeFileSync(join(folder, "notes.py"), window.file("notes.py").replace("# mine", "# theirs"));
  await page.getByRole("button", { name: "Merge…" }).click();
  await expect(page.getByRole("textbox", { name: "On disk" })).toContainText("# theirs");
  await window.picture("merge");
  await page.getByRole("button", { name: "Take this from the disk" }).click();
  await page.getByRole("button", { name: "Use the result" }).click();
  await expect(first).toHaveText("# theirs def add(a, b):");
});

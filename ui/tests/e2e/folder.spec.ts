import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, FILES, git, test } from "./window";

test("a terminal runs in the folder", async ({ window }) => {
  const { page } = window;
  await window.openFolder();
  await page.keyboard.press("Control+`");
  await expect(page.locator(".xterm-rows")).toContainText(/[$#]/);
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type("expr 6 '*' 7; ls\n");
  await expect(page.locator(".xterm-rows")).toContainText("42");
  await expect(page.locator(".xterm-rows")).toContainText("README.md");
  await window.picture("terminal");
});

test("search finds, and replaces in files", async ({ window }) => {
  const { page } = window;
  await window.openFolder();
  await page.keyboard.press("Control+Shift+f");
  await page.getByPlaceholder("Search in files").fill("twice");
  await expect(page.getByText("3 results in 2 files")).toBeVisible();
  await page.getByRole("button", { name: "Show replace" }).click();
  await page.getByLabel("Replace with").fill("double");
  await window.picture("search");
  await page.getByRole("button", { name: "Replace all" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Replace all" }).click();
  await expect(page.getByText("3 matches replaced")).toBeVisible();
  expect(window.file("main.py")).toBe(FILES["main.py"]?.replaceAll("twice", "double"));
});

test("one hunk of two is staged and committed", async ({ window }) => {
  const { page, folder } = window;
  const lines = Array.from({ length: 30 }, (_, at) => `line ${at}`);
  writeFileSync(join(folder, "long.txt"), lines.join("\n"));
  git(folder, "init", "--quiet");
  git(folder, "add", ".");
  git(folder, "commit", "--quiet", "--message", "First");
  lines[2] = "early";
  lines[25] = "late";
  writeFileSync(join(folder, "long.txt"), lines.join("\n"));
  await window.openFolder();
  await page.keyboard.press("Control+Shift+g");
  await page.getByRole("button", { name: "long.txt" }).click();
  await expect(page.getByRole("button", { name: "Stage hunk" })).toHaveCount(2);
  await page.getByRole("button", { name: "Stage hunk" }).first().click();
  await expect(page.getByRole("button", { name: "Stage hunk" })).toHaveCount(1);
  await window.picture("git");
  await page.getByLabel("Commit message").fill("Early lines");
  await page.getByRole("button", { name: "Commit", exact: true }).click();
  await expect(page.getByText(/Committed/)).toBeVisible();
  const shown = git(folder, "show", "--format=%s");
  expect(shown).toContain("Early lines");
  expect(shown).toContain("+early");
  expect(shown).not.toContain("+late");
  await page.getByRole("button", { name: "History" }).click();
  await page.getByRole("option", { name: "Early lines" }).click();
  await page.getByRole("option", { name: "long.txt" }).click();
  await expect(page.getByText("early", { exact: true })).toBeVisible();
});

import { expect, test } from "./window";

test("a chat about what is selected and an @-file", async ({ window }) => {
  const { page, model } = window;
  await window.openFolder();
  await window.openFile("notes.py");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Control+l");
  await expect(page.getByRole("list", { name: "Goes along" })).toContainText("notes.py");
  await page.keyboard.type("@main");
  await page.getByRole("option", { name: "main.py" }).waitFor();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("list", { name: "Goes along" })).toContainText("main.py");
  await page.keyboard.type("What is it?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("log")).toContainText("What is it?");
  await expect(page.getByRole("log").locator("strong")).toHaveText("notes.py");
  expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain("def add(a, b):");
  expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain("print(twice(21))");
  await window.picture("chat");
});

test("a run asks, is answered, and writes its files", async ({ window }) => {
  const { page } = window;
  await window.openFolder();
  await page.keyboard.press("Control+Shift+Enter");
  await page.getByLabel("What is to be built?").fill("A text about a calculator");
  for (const agent of ["frontend", "qa"]) await page.getByRole("checkbox", { name: agent }).uncheck();
  await window.picture("start");
  await page.getByRole("button", { name: "Start run" }).last().click();
  const box = page.getByLabel("Which name?");
  await box.waitFor();
  await window.picture("asked");
  await box.fill("Calc");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Completed", { exact: true }).first()).toBeVisible({ timeout: 40_000 });
  expect(window.file("backend.md")).toContain("It adds numbers.");
  await window.picture("run");
});

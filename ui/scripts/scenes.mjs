/** How to get to each screen by hand: used for pictures and for the accessibility check. */

const openFolder = async (page) => {
  await page.getByText("/home/demo/notes").first().click();
  await page.getByRole("treeitem").first().waitFor();
};

const openFile = async (page, path) => {
  await page.keyboard.press("Control+p");
  await page.getByRole("combobox").fill(path);
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".cm-content").first().waitFor();
  await page.waitForTimeout(500);
};

const startRun = async (page, wait) => {
  await page.keyboard.press("Control+Shift+Enter");
  await page
    .getByLabel("What is to be built?")
    .fill("Let people filter notes by tag, in the API and on the page");
  await page.getByRole("button", { name: "Start run" }).last().click();
  await page.getByRole("group", { name: "Agents of the run" }).waitFor();
  await wait();
};

export const scenes = {
  welcome: async (page) => {
    await page.getByText("Recent folders").waitFor();
  },
  browse: async (page) => {
    await page
      .getByRole("button", { name: /Open a folder/ })
      .first()
      .click();
    await page.getByRole("dialog").waitFor();
    await page.waitForTimeout(300);
  },
  nothing: openFolder,
  editor: async (page) => {
    await openFolder(page);
    await openFile(page, "store.py");
    await openFile(page, "main.py");
  },
  split: async (page) => {
    await openFolder(page);
    await openFile(page, "main.py");
    await page.keyboard.press("Control+\\");
    await openFile(page, "app.ts");
  },
  find: async (page) => {
    await openFolder(page);
    await openFile(page, "main.py");
    await page.keyboard.press("Control+f");
    await page.keyboard.type("note");
    await page.waitForTimeout(200);
  },
  palette: async (page) => {
    await openFolder(page);
    await page.keyboard.press("Control+Shift+p");
    await page.waitForTimeout(300);
  },
  gotofile: async (page) => {
    await openFolder(page);
    await page.keyboard.press("Control+p");
    await page.keyboard.type("not");
    await page.waitForTimeout(300);
  },
  ghost: async (page) => {
    await openFolder(page);
    await openFile(page, "store.py");
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\ndef remove(");
    await page.waitForTimeout(900);
  },
  cmdk: async (page) => {
    await openFolder(page);
    await openFile(page, "store.py:31");
    for (let i = 0; i < 2; i += 1) await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+End");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("fold the case, and answer all notes without words");
    await page.keyboard.press("Enter");
    await page.waitForTimeout(1200);
  },
  start: async (page) => {
    await openFolder(page);
    await page.keyboard.press("Control+Shift+Enter");
    await page
      .getByLabel("What is to be built?")
      .fill("Let people filter notes by tag, in the API and on the page");
    await page.waitForTimeout(300);
  },
  run: async (page) => {
    await openFolder(page);
    await startRun(page, async () => {
      await page.getByText("Should a click on a tag").first().waitFor({ timeout: 60_000 });
      await page.waitForTimeout(400);
    });
  },
  rundone: async (page) => {
    await openFolder(page);
    await startRun(page, async () => {
      await page.getByLabel(/Should a click/).fill("Narrow it");
      await page.keyboard.press("Enter");
      await page.getByText("Completed").first().waitFor({ timeout: 60_000 });
      await page.waitForTimeout(400);
    });
  },
  review: async (page) => {
    await scenes.rundone(page);
    await page.getByRole("button", { name: "Review changes" }).click();
    await page.getByRole("button", { name: "Keep all" }).waitFor();
    await page.waitForTimeout(300);
  },
  chat: async (page) => {
    await openFolder(page);
    await openFile(page, "store.py:33");
    for (let i = 0; i < 3; i += 1) await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Control+l");
    await page.waitForTimeout(200);
    await page.keyboard.type("How does the search work, and how could it ignore accents?");
    await page.keyboard.press("Enter");
    await page.waitForTimeout(2500);
  },
  terminal: async (page) => {
    await openFolder(page);
    await openFile(page, "main.py");
    await page.keyboard.press("Control+`");
    await page.locator(".xterm-rows").waitFor();
    await page.waitForTimeout(500);
    await page.keyboard.type("ls\recho hello\rpytest\r");
    await page.waitForTimeout(500);
  },
  search: async (page) => {
    await openFolder(page);
    await openFile(page, "main.py");
    await page.keyboard.press("Control+Shift+f");
    await page.waitForTimeout(200);
    await page.keyboard.type("note");
    await page.waitForTimeout(700);
  },
  git: async (page) => {
    await openFolder(page);
    await openFile(page, "store.py");
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\n\nLIMIT = 50\n");
    await page.keyboard.press("Control+s");
    await page.waitForTimeout(500);
    await page.keyboard.press("Control+Shift+g");
    await page.locator("aside li button", { hasText: "store.py" }).first().click();
    await page.waitForTimeout(500);
  },
  settings: async (page) => {
    await openFolder(page);
    await page.keyboard.press("Control+,");
    await page.getByText("Density").waitFor();
  },
  models: async (page) => {
    await openFolder(page);
    await page.keyboard.press("Control+,");
    await page.getByRole("button", { name: "Models" }).first().click();
    await page.getByText("Qwen2.5 Coder 0.5B").waitFor();
  },
  keys: async (page) => {
    await openFolder(page);
    await page.keyboard.press("Control+Shift+p");
    await page.keyboard.type("keyboard");
    await page.waitForTimeout(300);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(300);
  },
};

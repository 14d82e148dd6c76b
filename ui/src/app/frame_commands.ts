/** Commands of the window itself. */

import { t } from "$/messages";
import { type Command, leaves, type Workbench } from "$/workbench";
import { KEYS } from "./keymap";
import { goToFile, goToLine, showCommands } from "./pickers";
import type { Session } from "./session.svelte";
import type { Look, ThemeChoice } from "./theme.svelte";

export function frameCommands(
  workbench: Workbench,
  session: Session,
  look: Look,
  browse: () => void,
): Command[] {
  const words = t.app.command;
  const { category } = t.app;
  const { layout } = workbench;
  const hasFolder = () => workbench.folder !== null;
  const hasTab = () => workbench.activeTab !== undefined;
  const onMachine = () => workbench.host.capabilities.machine;

  const step = (by: number) => {
    const leaf = leaves(workbench.tree).find((each) => each.id === workbench.activeGroup);
    if (!leaf || leaf.tabs.length === 0) return;
    const at = leaf.tabs.findIndex((tab) => tab.id === leaf.active);
    const next = leaf.tabs[(at + by + leaf.tabs.length) % leaf.tabs.length];
    if (next) workbench.activate(leaf.id, next.id);
  };

  const views = workbench.features.flatMap((feature) => feature.sideViews ?? []);
  const themes: ThemeChoice[] = ["system", "light", "dark"];

  return [
    {
      id: "palette.commands",
      title: words.palette,
      category: category.view,
      run: () => showCommands(workbench),
    },
    {
      id: "palette.files",
      title: words.goToFile,
      category: category.go,
      when: hasFolder,
      run: () => goToFile(workbench),
    },
    {
      id: "palette.line",
      title: words.goToLine,
      category: category.go,
      when: hasTab,
      run: () => goToLine(workbench),
    },
    { id: "view.side", title: words.toggleSide, category: category.view, run: () => layout.toggleSide() },
    { id: "view.panel", title: words.togglePanel, category: category.view, run: () => layout.togglePanel() },
    {
      id: "view.chat",
      title: words.toggleChat,
      category: category.view,
      run: () => {
        layout.chat = !layout.chat;
      },
    },
    ...views.map((view) => ({
      id: `view.${view.id}`,
      title: view.title,
      category: category.view,
      when: () => view.when?.(workbench) ?? true,
      run: () => layout.toggleSide(view.id),
    })),
    {
      id: "editor.split",
      title: words.split,
      category: category.editor,
      when: hasTab,
      run: () => workbench.splitGroup("horizontal"),
    },
    {
      id: "editor.splitDown",
      title: words.splitDown,
      category: category.editor,
      when: hasTab,
      run: () => workbench.splitGroup("vertical"),
    },
    {
      id: "editor.close",
      title: words.closeTab,
      category: category.editor,
      when: hasTab,
      run: async () => {
        if (workbench.activeTab) await workbench.closeTab(workbench.activeGroup, workbench.activeTab.id);
      },
    },
    {
      id: "editor.closeAll",
      title: words.closeAll,
      category: category.editor,
      when: hasTab,
      run: async () => void (await workbench.closeWhere(() => true)),
    },
    { id: "editor.next", title: words.nextTab, category: category.editor, when: hasTab, run: () => step(1) },
    {
      id: "editor.previous",
      title: words.previousTab,
      category: category.editor,
      when: hasTab,
      run: () => step(-1),
    },
    ...[1, 2, 3].map((at) => ({
      id: `group.${at}`,
      title: words.focusGroup(at),
      category: category.editor,
      when: () => leaves(workbench.tree).length >= at,
      run: () => {
        const leaf = leaves(workbench.tree)[at - 1];
        if (leaf) workbench.activeGroup = leaf.id;
        workbench.commands.run("editor.focus");
      },
    })),
    {
      id: "theme.choose",
      title: words.theme,
      category: category.view,
      run: () =>
        workbench.picker.open({
          label: words.theme,
          placeholder: words.theme,
          empty: t.app.nothingFits,
          items: (query) =>
            themes
              .filter((theme) => (t.app.theme[theme] ?? theme).toLowerCase().startsWith(query.toLowerCase()))
              .map((theme) => ({
                id: theme,
                label: t.app.theme[theme] ?? theme,
                choose: () => void look.choose({ theme }),
              })),
        }),
    },
    {
      id: "theme.density",
      title: words.density,
      category: category.view,
      run: () => look.choose({ density: look.density === "compact" ? "comfortable" : "compact" }),
    },
    {
      id: "folder.open",
      title: words.openFolder,
      category: category.folder,
      when: onMachine,
      run: async (path) => {
        if (typeof path === "string") return session.openFolder(path);
        if (!workbench.host.chooseFolder) return browse();
        const chosen = await workbench.host.chooseFolder();
        if (chosen) await session.openFolder(chosen);
      },
    },
    {
      id: "folder.close",
      title: words.closeFolder,
      category: category.folder,
      when: hasFolder,
      run: async () => void (await session.closeFolder()),
    },
    {
      id: "folder.trust",
      title: t.app.trust.act,
      category: category.folder,
      when: () => workbench.folder?.trusted === false,
      run: () => session.trust(true),
    },
    { id: "help.keys", title: words.keys, category: category.help, run: () => workbench.openTab("keys") },
  ];
}

/** The table, with the user's keys in their places. */
export function effectiveKeys(workbench: Workbench): [string, string][] {
  return Object.entries({ ...KEYS, ...workbench.preferences?.keys });
}

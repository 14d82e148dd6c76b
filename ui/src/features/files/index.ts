/** The explorer: the folder's files, and what can be done with them. */
import Files from "@lucide/svelte/icons/files";
import { t } from "$/messages";
import type { Feature } from "$/workbench";
import { explorerOf } from "./explorer.svelte";

export const files: Feature = {
  id: "files",
  sideViews: [
    {
      id: "files",
      title: t.files.title,
      icon: Files,
      load: () => import("./FilesView.svelte"),
      order: 10,
      when: (workbench) => workbench.host.capabilities.machine,
    },
  ],
  commands: (workbench) => {
    const explorer = explorerOf(workbench);
    const category = t.files.title;
    const when = () => workbench.folder !== null;
    return [
      { id: "files.new", title: t.files.newFile, category, when, run: () => explorer.create("file") },
      {
        id: "files.newFolder",
        title: t.files.newFolder,
        category,
        when,
        run: () => explorer.create("folder"),
      },
      { id: "files.refresh", title: t.files.refresh, category, when, run: () => explorer.readAll() },
      {
        id: "files.reveal",
        title: t.files.reveal,
        category,
        when,
        run: async (path) => {
          const wanted = typeof path === "string" ? path : workbench.activeTab?.params["path"];
          workbench.layout.showSide("files");
          if (wanted) await explorer.reveal(wanted);
        },
      },
    ];
  },
  start: (workbench) => explorerOf(workbench).start(),
};

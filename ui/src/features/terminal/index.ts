/** Terminals of the user, in the panel. */
import SquareTerminal from "@lucide/svelte/icons/square-terminal";
import { t } from "$/messages";
import type { Feature } from "$/workbench";
import { terminalsOf } from "./terminals.svelte";

export const terminal: Feature = {
  id: "terminal",
  panelViews: [
    {
      id: "terminal",
      title: t.terminal.title,
      icon: SquareTerminal,
      load: () => import("./TerminalView.svelte"),
      order: 10,
      when: (workbench) => workbench.host.capabilities.machine,
    },
  ],
  commands: (workbench) => {
    const terminals = terminalsOf(workbench);
    const when = () => workbench.folder?.trusted === true;
    return [
      {
        id: "terminal.toggle",
        title: t.terminal.title,
        category: t.app.category.view,
        when: () => workbench.host.capabilities.machine && workbench.folder !== null,
        run: async () => {
          workbench.layout.togglePanel("terminal");
          if (workbench.layout.panel === "terminal" && terminals.list.length === 0 && when())
            await terminals.open();
        },
      },
      {
        id: "terminal.new",
        title: t.terminal.new,
        category: t.terminal.title,
        when,
        run: async (path) => {
          workbench.layout.showPanel("terminal");
          await terminals.open(typeof path === "string" ? path : undefined);
        },
      },
    ];
  },
};

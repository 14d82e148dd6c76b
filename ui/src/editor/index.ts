/** The editor: text, pictures and large files in tabs; Tab and Cmd+K in the text. */
import { baseName } from "$/lib/paths";
import { type Feature, onFolder, type Workbench } from "$/workbench";
import GitMerge from "@lucide/svelte/icons/git-merge";
import CircleAlert from "@lucide/svelte/icons/circle-alert";
import { t } from "$/messages";
import { editorCommands } from "./commands";
import { sessionOf } from "./open_session";
import { counts } from "./servers/marks";
import StatusServer from "./servers/StatusServer.svelte";
import StatusCaret from "./StatusCaret.svelte";

/** The text that has the focus, and what of it is selected: for whoever wants to talk about it. */
export interface Focused {
  path: string;
  text: string;
  selection: { from: number; to: number; text: string; firstLine: number; lastLine: number } | null;
}

export function focusedText(workbench: Workbench): Focused | null {
  const { view, viewDocument } = sessionOf(workbench);
  if (!view || !viewDocument) return null;
  const { from, to, empty } = view.state.selection.main;
  const { doc } = view.state;
  return {
    path: viewDocument.path,
    text: doc.toString(),
    selection: empty
      ? null
      : {
          from,
          to,
          text: view.state.sliceDoc(from, to),
          firstLine: doc.lineAt(from).number,
          lastLine: doc.lineAt(to).number,
        },
  };
}

/** Unsaved text by path. */
export function unsavedPaths(workbench: Workbench): ReadonlySet<string> {
  return sessionOf(workbench).dirty;
}

function start(workbench: Workbench): () => void {
  const session = sessionOf(workbench);
  return onFolder(workbench, () => {
    void session.restoreDrafts().catch(() => undefined);
    void session.servers.known.reload();
    const stop = workbench.folderEvents.listen((item) => {
      if (item.kind === "changed") void session.changedOutside(item.changes.map((change) => change.path));
      else if (item.kind === "rescan") void session.changedOutside(null);
    });
    return () => {
      stop();
      session.servers.stopAll();
    };
  });
}

export const editor: Feature = {
  id: "editor",
  tabs: [
    {
      kind: "file",
      load: () => import("./FileView.svelte"),
      title: (tab) => baseName(tab.params["path"] ?? ""),
      path: (tab) => tab.params["path"] ?? "",
      isDirty: (tab, workbench) => sessionOf(workbench).dirty.has(tab.params["path"] ?? ""),
      beforeClose: (tab, workbench) => sessionOf(workbench).beforeClose(tab.params["path"] ?? ""),
      closed: (tab, workbench) => sessionOf(workbench).release(tab.params["path"] ?? ""),
    },
    {
      kind: "merge",
      load: () => import("./MergeTab.svelte"),
      title: (tab) => t.editor.merge.title(baseName(tab.params["path"] ?? "")),
      icon: GitMerge,
    },
  ],
  panelViews: [
    {
      id: "problems",
      title: t.editor.servers.problems,
      icon: CircleAlert,
      load: () => import("./servers/ProblemsView.svelte"),
      order: 20,
      badge: (workbench) => {
        const { errors, warnings } = counts([...sessionOf(workbench).servers.found.values()].flat());
        return errors + warnings || null;
      },
    },
  ],
  statusItems: [
    { id: "servers", side: "left", order: 20, component: StatusServer },
    { id: "caret", side: "right", order: 10, component: StatusCaret },
  ],
  commands: editorCommands,
  start,
};

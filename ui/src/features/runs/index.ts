/** Runs: starting them, watching the graph, answering, looking back. */
import ScrollText from "@lucide/svelte/icons/scroll-text";
import Waypoints from "@lucide/svelte/icons/waypoints";
import { baseName } from "$/lib/paths";
import { t } from "$/messages";
import type { Feature } from "$/workbench";
import StatusCost from "./StatusCost.svelte";
import { runsOf } from "./store.svelte";

export const runs: Feature = {
  id: "runs",
  sideViews: [
    {
      id: "runs",
      title: t.runs.title,
      icon: Waypoints,
      load: () => import("./RunsView.svelte"),
      order: 40,
      badge: (workbench) => runsOf(workbench).waiting.size || null,
    },
  ],
  panelViews: [
    {
      id: "runlog",
      title: t.runs.runLog,
      icon: ScrollText,
      load: () => import("./RunLog.svelte"),
      order: 40,
    },
  ],
  tabs: [
    {
      kind: "run",
      load: () => import("./RunView.svelte"),
      icon: Waypoints,
      title: (tab, workbench) =>
        runsOf(workbench).states.get(tab.params["run"] ?? "")?.objective || t.runs.title,
    },
    {
      kind: "run-file",
      load: () => import("./RunFile.svelte"),
      title: (tab) => baseName(tab.params["path"] ?? ""),
      path: (tab) => tab.params["path"] ?? "",
    },
  ],
  statusItems: [{ id: "cost", side: "right", order: 30, component: StatusCost }],
  overlay: () => import("./StartDialog.svelte"),
  start: (workbench) => runsOf(workbench).start(),
};

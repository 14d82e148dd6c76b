/** Review of what a run changed: keep or reject by hunk, by file, all; and take it back. */
import FileDiff from "@lucide/svelte/icons/file-diff";
import { t } from "$/messages";
import type { Feature } from "$/workbench";

export const review: Feature = {
  id: "review",
  tabs: [
    {
      kind: "review",
      load: () => import("./ReviewView.svelte"),
      icon: FileDiff,
      title: () => t.runs.reviewTitle,
    },
  ],
  commands: (workbench) => [
    {
      id: "review.open",
      title: t.runs.review,
      category: t.runs.title,
      hidden: true,
      run: (run) => workbench.openTab("review", { run: String(run) }),
    },
  ],
};

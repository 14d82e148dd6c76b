/** The repository: changes, staging by hunk, commits, branches, the remote. */
import FileDiff from "@lucide/svelte/icons/file-diff";
import GitBranch from "@lucide/svelte/icons/git-branch";
import { baseName } from "$/lib/paths";
import { t } from "$/messages";
import type { Feature } from "$/workbench";
import { repositoryOf } from "./repository.svelte";
import StatusBranch from "./StatusBranch.svelte";

export const git: Feature = {
  id: "git",
  sideViews: [
    {
      id: "git",
      title: t.git.title,
      icon: GitBranch,
      load: () => import("./GitView.svelte"),
      order: 30,
      badge: (workbench) => repositoryOf(workbench).status.answer?.files.length || null,
      when: (workbench) => workbench.folder !== null,
    },
  ],
  tabs: [
    {
      kind: "diff",
      load: () => import("./DiffView.svelte"),
      icon: FileDiff,
      title: (tab) => t.git.diffOf(baseName(tab.params["path"] ?? "")),
    },
  ],
  statusItems: [{ id: "branch", side: "left", order: 10, component: StatusBranch }],
  commands: (workbench) => {
    const repository = repositoryOf(workbench);
    const when = () => repository.status.answer?.repository === true;
    const category = t.git.title;
    return [
      { id: "git.branch", title: t.git.branches, category, when, run: () => repository.chooseBranch() },
      { id: "git.commit", title: t.git.commit, category, when, run: () => repository.commit() },
      { id: "git.amend", title: t.git.amend, category, when, run: () => repository.amend() },
      { id: "git.stash", title: t.git.stash, category, when, run: () => repository.stash() },
      { id: "git.pop", title: t.git.pop, category, when, run: () => repository.chooseStash() },
      { id: "git.history", title: t.git.history, category, when, run: () => repository.history() },
      {
        id: "git.fileHistory",
        title: t.git.fileHistory,
        category,
        when: () => when() && workbench.activeTab?.kind === "file",
        run: () => repository.history(workbench.activeTab?.params["path"]),
      },
      { id: "git.push", title: t.git.push, category, when, run: () => repository.sync("push") },
      { id: "git.pull", title: t.git.pull, category, when, run: () => repository.sync("pull") },
      { id: "git.fetch", title: t.git.fetch, category, when, run: () => repository.sync("fetch") },
    ];
  },
  start: (workbench) => repositoryOf(workbench).start(),
};

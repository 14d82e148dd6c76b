import { untrack } from "svelte";
import type { Folder } from "$/protocol/protocol";
import type { Workbench } from "./workbench.svelte";

/** Does something for each folder that is opened, and undoes it when it is closed. The answer ends both. */
export function onFolder(
  workbench: Workbench,
  act: (folder: Folder) => (() => void) | undefined,
): () => void {
  return $effect.root(() => {
    const id = $derived(workbench.folder?.folder ?? null);
    $effect(() => {
      // Only another folder counts: trusting one changes its object, not which it is.
      if (id === null) return;
      return untrack(() => (workbench.folder ? act(workbench.folder) : undefined));
    });
  });
}

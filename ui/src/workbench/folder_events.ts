/** What happens in the open folder: watched once, told to all who listen. */

import { follow } from "$/host";
import type { FolderChange } from "$/protocol/protocol";
import { onFolder } from "./on_folder.svelte";
import type { Workbench } from "./workbench.svelte";

export class FolderEvents {
  #listeners = new Set<(change: FolderChange) => void>();

  listen(listener: (change: FolderChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Watches whichever folder is open, until the answer is called. */
  start(workbench: Workbench): () => void {
    return onFolder(workbench, ({ folder }) => {
      const watch = follow(
        workbench.host,
        "folder_watch",
        () => ({ folder }),
        (items) => {
          for (const item of items) for (const listener of [...this.#listeners]) listener(item);
        },
      );
      return () => watch.close();
    });
  }
}

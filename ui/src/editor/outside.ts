/** Files that somebody else changed: clean texts follow, unsaved ones are merged, and contradictions are the user's. */
import { baseName } from "$/lib/paths";
import { t } from "$/messages";
import type { OpenedFile } from "$/protocol/protocol";
import type { Document } from "./document";
import type { EditorSession } from "./session.svelte";

/** Takes over what is on disk. Answers whether nothing is left to decide. */
export async function follow(session: EditorSession, document: Document, file: OpenedFile): Promise<boolean> {
  if (file.version === document.version) return true;
  if (file.kind !== "text" || file.text === null) {
    session.outside.set(document.path, file.version);
    return false;
  }
  if (!document.dirty) {
    document.reloaded(file);
    return true;
  }
  const { merge3 } = await import("./merge");
  const { text, conflicts } = merge3(document.base ?? "", document.text, file.text);
  if (document.base === null || conflicts > 0) {
    session.outside.set(document.path, file.version);
    return false;
  }
  document.rebase(file.text, file.version, text);
  session.outside.delete(document.path);
  session.workbench.notices.say("plain", t.editor.merged(baseName(document.path)), t.editor.mergedText);
  return true;
}

/** Shows both texts side by side, to decide place by place. */
export function openMerge(session: EditorSession, path: string): void {
  session.workbench.openTab("merge", { path });
}

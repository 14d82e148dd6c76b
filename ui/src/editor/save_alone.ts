/** Files that save themselves, when the user wants that. */
import { debounce } from "$/lib/debounce";
import type { Document } from "./document";
import type { EditorSession } from "./session.svelte";

const AFTER_MS = 1_000;

/** Called at every change of the text. */
export function saveAlone(session: EditorSession, document: Document): () => void {
  const wish = () => session.workbench.preferences?.files.auto_save;
  const save = debounce(AFTER_MS, () => {
    // What could not be saved stays dirty, and shows it.
    if (wish() === "after_delay") void session.saveQuietly(document).catch(() => undefined);
  });
  return () => {
    if (wish() === "after_delay") save();
  };
}

/** The text lost the focus. */
export function saveOnLeave(session: EditorSession, document: Document): void {
  if (session.workbench.preferences?.files.auto_save !== "on_focus_change" || !document.dirty) return;
  if (session.outside.has(document.path)) return;
  void session.save(document.path).catch(() => undefined);
}

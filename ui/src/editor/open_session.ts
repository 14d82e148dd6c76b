import type { Workbench } from "$/workbench";
import { EditorSession } from "./session.svelte";

const sessions = new WeakMap<Workbench, EditorSession>();

/** The window's documents: made when they are first needed. */
export function sessionOf(workbench: Workbench): EditorSession {
  let session = sessions.get(workbench);
  if (!session) {
    session = new EditorSession(workbench);
    sessions.set(workbench, session);
  }
  return session;
}

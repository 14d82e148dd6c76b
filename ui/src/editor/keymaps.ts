/** The keys of Vim, fetched when a user wants them. Undo and save are the document's, not the view's. */
import { type Extension, Facet } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Keymap } from "$/protocol/protocol";

export interface Steps {
  undo: (view: EditorView) => boolean;
  redo: (view: EditorView) => boolean;
  save: () => void;
  close: () => void;
}

/** What the text of a view belongs to. */
export const steps = Facet.define<Steps, Steps | null>({ combine: (values) => values[0] ?? null });

const of = (view: EditorView): Steps | null => view.state.facet(steps);

export async function keysOf(keymap: Keymap): Promise<Extension> {
  if (keymap === "vim") return vimKeys();
  return [];
}

async function vimKeys(): Promise<Extension> {
  const { CodeMirror, Vim, vim } = await import("@replit/codemirror-vim");
  type Adapter = { cm6: EditorView };
  CodeMirror.commands["undo"] = ({ cm6 }: Adapter) => void of(cm6)?.undo(cm6);
  CodeMirror.commands["redo"] = ({ cm6 }: Adapter) => void of(cm6)?.redo(cm6);
  const save = ({ cm6 }: Adapter) => of(cm6)?.save();
  const close = ({ cm6 }: Adapter) => of(cm6)?.close();
  Vim.defineEx("write", "w", save as never);
  Vim.defineEx("quit", "q", close as never);
  Vim.defineEx("wq", "wq", ((cm: Adapter) => {
    save(cm);
    close(cm);
  }) as never);
  return vim({ status: true });
}

/**
 * An open text. Its one `EditorState` holds the text and the history and lives outside of any framework; views in any
 * number show it, and each has its own carets. Knows no host.
 */
import { history, redo, undo } from "@codemirror/commands";
import {
  Annotation,
  type ChangeSpec,
  EditorState,
  Transaction,
  type TransactionSpec,
} from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { debounce } from "$/lib/debounce";
import type { EditorConfig, Encoding, LineEnding, OpenedFile } from "$/protocol/protocol";

/** Marks what came to a view from the document, so that it is not told back. */
const fromDocument = Annotation.define<boolean>();

const COMPARE_AFTER_MS = 250;

export interface KeptView {
  state: EditorState;
  scrollTop: number;
}

export class Document {
  readonly path: string;
  state: EditorState;
  encoding: Encoding;
  lineEnding: LineEnding;
  readOnly: boolean;
  /** The version on disk that the text was made from; null when the file is gone or new. */
  version: string | null;
  config: EditorConfig;
  /** What each group last saw of it, for coming back. */
  readonly kept = new Map<string, KeptView>();
  dirty = false;
  onDirty: (dirty: boolean) => void = () => {};
  onChange: () => void = () => {};
  #saved: EditorState["doc"];
  #baseLost = false;
  #views = new Set<EditorView>();
  #compare = debounce(COMPARE_AFTER_MS, () => this.#setDirty(!this.state.doc.eq(this.#saved)));

  constructor(file: OpenedFile) {
    this.path = file.path;
    this.encoding = file.encoding;
    this.lineEnding = file.line_ending;
    this.readOnly = file.read_only;
    this.version = file.version;
    this.config = file.editor_config;
    this.state = EditorState.create({
      doc: file.text ?? "",
      extensions: [history({ minDepth: 400 }), EditorState.allowMultipleSelections.of(true)],
    });
    this.#saved = this.state.doc;
  }

  /** Its beginning, enough to tell how it is written. */
  get start(): string {
    return this.state.sliceDoc(0, 20_000);
  }

  get text(): string {
    return this.state.doc.toString();
  }

  /** The text of the file that the own changes were made from; null when a draft outlived it. */
  get base(): string | null {
    return this.#baseLost ? null : this.#saved.toString();
  }

  attach(view: EditorView): () => void {
    this.#views.add(view);
    return () => this.#views.delete(view);
  }

  /** A view changed its text: the history learns it, and the other views follow. */
  took(view: EditorView, transaction: Transaction): void {
    if (!transaction.docChanged || transaction.annotation(fromDocument)) return;
    const annotations = [Transaction.time.of(Date.now())];
    const event = transaction.annotation(Transaction.userEvent);
    if (event) annotations.push(Transaction.userEvent.of(event) as never);
    const before = this.state.update({ selection: transaction.startState.selection }).state;
    this.state = before.update({
      changes: transaction.changes,
      selection: transaction.newSelection,
      annotations,
    }).state;
    this.#tell(transaction.changes, view);
    this.#changed();
  }

  undo(view: EditorView): boolean {
    return this.#step(undo, view);
  }

  redo(view: EditorView): boolean {
    return this.#step(redo, view);
  }

  #step(step: typeof undo, view: EditorView): boolean {
    if (this.readOnly) return false;
    return step({
      state: this.state,
      dispatch: (transaction) => {
        this.state = transaction.state;
        for (const each of this.#views) {
          const spec: TransactionSpec = { changes: transaction.changes, annotations: fromDocument.of(true) };
          if (each === view)
            Object.assign(spec, { selection: transaction.newSelection, scrollIntoView: true });
          each.dispatch(spec);
        }
        this.#changed();
      },
    });
  }

  /** Changes the text from outside of a view; one step for undo. */
  change(changes: ChangeSpec, userEvent: string): void {
    const transaction = this.state.update({ changes, annotations: [Transaction.userEvent.of(userEvent)] });
    this.state = transaction.state;
    this.#tell(transaction.changes, null);
    this.#changed();
  }

  /** Makes the text another one, touching no more than differs. */
  replaceText(text: string, userEvent: string): void {
    const before = this.text;
    if (before === text) return;
    let from = 0;
    while (from < before.length && from < text.length && before[from] === text[from]) from += 1;
    let end = 0;
    const most = Math.min(before.length, text.length) - from;
    while (end < most && before[before.length - 1 - end] === text[text.length - 1 - end]) end += 1;
    this.change({ from, to: before.length - end, insert: text.slice(from, text.length - end) }, userEvent);
  }

  /** Unsaved text comes back; the file may have been another one when it was typed. */
  restore(text: string, base: string | null): void {
    this.#baseLost = base !== null && base !== this.version;
    this.replaceText(text, "draft");
  }

  /** Somebody else's text is what the own changes are made from now; `text` holds both. One step for undo. */
  rebase(theirs: string, version: string | null, text: string): void {
    this.replaceText(text, "merge");
    this.#baseLost = false;
    this.saved(EditorState.create({ doc: theirs }).doc, version);
  }

  /** `doc` is what was written; more may have been typed meanwhile. */
  saved(doc: EditorState["doc"], version: string | null): void {
    this.version = version;
    this.#saved = doc;
    this.#compare();
    this.#compare.flush();
  }

  /** The file is as `file` now, and nobody changed it here. */
  reloaded(file: OpenedFile): void {
    this.encoding = file.encoding;
    this.lineEnding = file.line_ending;
    this.readOnly = file.read_only;
    this.replaceText(file.text ?? "", "reload");
    this.#baseLost = false;
    this.saved(this.state.doc, file.version);
  }

  #tell(changes: Transaction["changes"], except: EditorView | null): void {
    for (const view of this.#views) {
      if (view !== except) view.dispatch({ changes, annotations: fromDocument.of(true) });
    }
  }

  #changed(): void {
    this.#setDirty(true);
    // Undoing all the way back is not dirty; that takes a comparison, which can wait for quiet.
    this.#compare();
    this.onChange();
  }

  #setDirty(dirty: boolean): void {
    if (dirty === this.dirty) return;
    this.dirty = dirty;
    this.onDirty(dirty);
  }
}

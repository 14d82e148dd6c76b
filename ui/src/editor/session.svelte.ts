/** The open documents: reading, saving, drafts. What Svelte may watch of them are flags, never text. */

import type { EditorView } from "@codemirror/view";
import { SvelteMap, SvelteSet } from "svelte/reactivity";
import { debounce } from "$/lib/debounce";
import { baseName } from "$/lib/paths";
import { t } from "$/messages";
import type { Draft, FileStored, FolderId, OpenedFile } from "$/protocol/protocol";
import type { Place, Workbench } from "$/workbench";
import type { Document } from "./document";
import { onSave } from "./on_save";
import { follow, openMerge } from "./outside";
import { saveAlone } from "./save_alone";
import { LanguageServers } from "./servers/servers.svelte";
import { format } from "./servers/requests";

const DRAFT_AFTER_MS = 500;

export interface Caret {
  line: number;
  column: number;
  selected: number;
  carets: number;
}

/** A view, and what the session cannot ask it without the editor's code, which is fetched when a text is shown. */
interface ShownIn {
  document: Document;
  group: string;
  goTo: (place: Place) => void;
}

export type Shown =
  { kind: "document"; document: Document; file: OpenedFile } | { kind: "other"; file: OpenedFile };

export class EditorSession {
  readonly workbench: Workbench;
  readonly servers: LanguageServers;
  readonly dirty = new SvelteSet<string>();
  /** Files that changed on disk while they were dirty here: the version there, or null when gone. */
  readonly outside = new SvelteMap<string, string | null>();
  caret = $state.raw<Caret | null>(null);
  language = $state<string | null>(null);
  indent = $state.raw<{ spaces: boolean; size: number } | null>(null);
  encoding = $state.raw<{ encoding: string; lineEnding: string } | null>(null);
  tabLatency = $state<number | null>(null);
  snoozed = $state(false);
  wrapOverride = $state<boolean | null>(null);
  /** Not watched: the view that has, or last had, the focus. */
  view: EditorView | null = null;
  viewDocument: Document | null = null;
  #views = new Map<EditorView, ShownIn>();
  #frame = 0;
  #documents = new Map<string, Document>();
  #opening = new Map<string, Promise<Shown>>();
  #drafts = new Map<string, Draft>();
  #savingDraft = new Map<string, ReturnType<typeof debounce<[]>>>();

  constructor(workbench: Workbench) {
    this.workbench = workbench;
    this.servers = new LanguageServers(workbench, {
      document: (path) => this.#documents.get(path),
      viewsOf: (document) => this.viewsOf(document),
      load: async (path) => {
        const shown = await this.open(path).catch(() => null);
        return shown?.kind === "document" ? shown.document : null;
      },
    });
  }

  get folder(): FolderId {
    return this.workbench.folder?.folder ?? "";
  }

  document(path: string): Document | undefined {
    return this.#documents.get(path);
  }

  documents(): Document[] {
    return [...this.#documents.values()];
  }

  viewsOf(document: Document): EditorView[] {
    return [...this.#views].filter(([, shown]) => shown.document === document).map(([view]) => view);
  }

  /** A view shows a document; where its caret was asked to go, it goes. */
  shown(view: EditorView, shown: ShownIn): void {
    const { document } = shown;
    this.#views.set(view, shown);
    this.placeCaret(document.path);
  }

  gone(view: EditorView): void {
    this.#views.delete(view);
    if (this.view !== view) return;
    this.view = null;
    this.viewDocument = null;
    this.caret = null;
    this.language = null;
  }

  focused(view: EditorView, document: Document, facts: Pick<EditorSession, "language" | "indent">): void {
    this.view = view;
    this.viewDocument = document;
    this.language = facts.language;
    this.indent = facts.indent;
    this.encoding = { encoding: document.encoding, lineEnding: document.lineEnding };
    this.caretMoved(view);
  }

  /** Gives the focus to the text of the active group. */
  focusActive(): void {
    for (const [view, { group }] of this.#views) if (group === this.workbench.activeGroup) view.focus();
  }

  /** At most once a frame, and nothing but figures: typing never waits for Svelte. */
  caretMoved(view: EditorView): void {
    if (view !== this.view || this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const { state } = view;
      const line = state.doc.lineAt(state.selection.main.head);
      this.caret = {
        line: line.number,
        column: state.selection.main.head - line.from + 1,
        selected: state.selection.ranges.reduce((sum, range) => sum + range.to - range.from, 0),
        carets: state.selection.ranges.length,
      };
    });
  }

  /** Moves the caret of a shown file to where it was asked to go. */
  placeCaret(path: string): void {
    const place = this.workbench.places.get(path);
    if (!place) return;
    for (const { document, group, goTo } of this.#views.values()) {
      if (document.path !== path || group !== this.workbench.activeGroup) continue;
      this.workbench.places.delete(path);
      goTo(place);
      return;
    }
  }

  /** Reads a file once, however many groups show it. */
  async open(path: string): Promise<Shown> {
    const under = this.#opening.get(path);
    if (under) return under;
    const opening = this.#read(path);
    this.#opening.set(path, opening);
    opening.catch(() => this.#opening.delete(path));
    return opening;
  }

  async #read(path: string): Promise<Shown> {
    const file = await this.workbench.host.call("file_open", { folder: this.folder, path });
    if (file.kind !== "text") return { kind: "other", file };
    const { Document } = await import("./document");
    const document = new Document(file);
    document.onDirty = (dirty) => {
      if (dirty) this.dirty.add(path);
      else {
        this.dirty.delete(path);
        this.outside.delete(path);
        this.#forgetDraft(path);
      }
    };
    const alone = saveAlone(this, document);
    document.onChange = () => {
      this.#keepDraft(document);
      alone();
    };
    this.#documents.set(path, document);
    const draft = this.#drafts.get(path);
    if (draft) {
      this.#drafts.delete(path);
      document.restore(draft.text, draft.base_version);
      if (document.base === null) this.outside.set(path, file.version);
    }
    return { kind: "document", document, file };
  }

  /** The last tab that showed it was closed. */
  release(path: string): void {
    this.#documents.delete(path);
    this.#opening.delete(path);
    this.dirty.delete(path);
    this.outside.delete(path);
    this.#forgetDraft(path);
    this.servers.released();
  }

  /** Drafts of the folder come back as dirty tabs. Call when a folder was opened. */
  async restoreDrafts(): Promise<void> {
    const { drafts } = await this.workbench.host.call("draft_list", { folder: this.folder });
    let count = 0;
    for (const draft of drafts) {
      if (draft.path === null) continue;
      count += 1;
      const open = this.#documents.get(draft.path);
      if (open) open.replaceText(draft.text, "draft");
      else {
        this.#drafts.set(draft.path, draft);
        this.#opening.delete(draft.path);
        this.workbench.openTab("file", { path: draft.path });
      }
    }
    if (count > 0) this.workbench.notices.say("plain", t.editor.draftRestored(count));
  }

  async save(path: string): Promise<boolean> {
    const document = this.#documents.get(path);
    if (!document || document.readOnly) return true;
    if (document.base === null) {
      openMerge(this, path);
      return false;
    }
    if (this.workbench.preferences?.editor.format_on_save) {
      await format(this.workbench, this.servers, document).catch(() => false);
    }
    onSave(document, this.workbench.preferences?.files);
    const stored = await this.#store(document, document.version);
    if (stored.kind === "saved") return true;
    return this.#settle(document);
  }

  /** Saves without a question and without touching the text: what somebody else changed meanwhile is said instead. */
  async saveQuietly(document: Document): Promise<void> {
    if (!document.dirty || document.readOnly || this.outside.has(document.path)) return;
    const stored = await this.#store(document, document.version);
    if (stored.kind === "conflict") this.outside.set(document.path, stored.version);
  }

  async saveAll(): Promise<void> {
    for (const path of [...this.dirty]) await this.save(path);
  }

  async #store(document: Document, base: string | null): Promise<FileStored> {
    const { doc } = document.state;
    const stored = await this.workbench.host.call("file_save", {
      folder: this.folder,
      path: document.path,
      text: doc.toString(),
      encoding: document.encoding,
      line_ending: document.lineEnding,
      ...(base === null ? {} : { base_version: base }),
    });
    if (stored.kind === "saved") document.saved(doc, stored.version);
    return stored;
  }

  /** Somebody else saved the file meanwhile: what fits together is merged and saved, the rest is shown. */
  async #settle(document: Document): Promise<boolean> {
    const { path } = document;
    const file = await this.workbench.host.call("file_open", { folder: this.folder, path }).catch(() => null);
    // It is gone: saving writes it anew.
    if (!file) return (await this.#store(document, null)).kind === "saved";
    if (await follow(this, document, file))
      return (await this.#store(document, file.version)).kind === "saved";
    openMerge(this, path);
    return false;
  }

  /** Takes what is on disk; undo brings the own text back. */
  async reload(path: string): Promise<void> {
    const document = this.#documents.get(path);
    if (!document) return;
    const file = await this.workbench.host.call("file_open", { folder: this.folder, path });
    if (file.kind === "text") document.reloaded(file);
  }

  /** Files changed on disk: clean ones follow, dirty ones say so. */
  async changedOutside(paths: string[] | null): Promise<void> {
    for (const document of this.documents()) {
      if (paths && !paths.includes(document.path)) continue;
      try {
        const file = await this.workbench.host.call("file_open", {
          folder: this.folder,
          path: document.path,
        });
        await follow(this, document, file);
      } catch {
        // It is gone: the text stays, and saving writes it again.
        if (document.version !== null) this.outside.set(document.path, null);
        document.version = null;
      }
    }
  }

  async beforeClose(path: string): Promise<boolean> {
    if (!this.dirty.has(path)) return true;
    const reply = await this.workbench.notices.ask({
      title: t.editor.saveBeforeClose(baseName(path)),
      text: t.editor.saveBeforeCloseText,
      action: t.editor.save,
      other: t.editor.dontSave,
    });
    if (reply?.kind === "action") return this.save(path);
    return reply?.kind === "other";
  }

  #draftName(path: string): string {
    return `${this.folder}:${path}`.slice(-200);
  }

  #keepDraft(document: Document): void {
    let keep = this.#savingDraft.get(document.path);
    if (!keep) {
      keep = debounce(DRAFT_AFTER_MS, () => {
        if (!document.dirty) return;
        const base = document.version === null ? {} : { base_version: document.version };
        void this.workbench.host
          .call("draft_save", {
            draft: this.#draftName(document.path),
            folder: this.folder,
            path: document.path,
            text: document.text,
            ...base,
          })
          .catch(() => undefined);
      });
      this.#savingDraft.set(document.path, keep);
    }
    keep();
  }

  #forgetDraft(path: string): void {
    this.#savingDraft.get(path)?.cancel();
    this.#savingDraft.delete(path);
    if (!this.workbench.host.capabilities.machine) return;
    void this.workbench.host.call("draft_remove", { draft: this.#draftName(path) }).catch(() => undefined);
  }
}

/** The open documents as a language server knows them. They stay open there as long as they are here, shown or not. */
import { type LSPClient, LSPPlugin, Workspace, type WorkspaceFile } from "@codemirror/lsp-client";
import { ChangeSet, type Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Document } from "../document";

export class OpenFile implements WorkspaceFile {
  version = 0;
  readonly views = new Set<EditorView>();

  constructor(
    readonly uri: string,
    readonly languageId: string,
    readonly document: Document,
    public doc: Text,
  ) {}

  getView(main?: EditorView): EditorView | null {
    if (main && this.views.has(main)) return main;
    return this.views.values().next().value ?? null;
  }
}

export class FolderWorkspace extends Workspace {
  files: OpenFile[] = [];
  #documentOf: (uri: string) => Document | undefined;

  constructor(client: LSPClient, documentOf: (uri: string) => Document | undefined) {
    super(client);
    this.#documentOf = documentOf;
  }

  override getFile(uri: string): OpenFile | null {
    const document = this.#documentOf(uri);
    return this.files.find((file) => file.uri === uri || file.document === document) ?? null;
  }

  syncFiles() {
    return this.files.flatMap((file) => {
      const prevDoc = file.doc;
      const { doc } = file.document.state;
      if (doc === prevDoc) return [];
      const plugins = [...file.views].map((view) => LSPPlugin.get(view)).filter((plugin) => plugin !== null);
      const followed = plugins.find(
        ({ unsyncedChanges }) =>
          unsyncedChanges.length === prevDoc.length && unsyncedChanges.newLength === doc.length,
      );
      const whole = () => ChangeSet.of({ from: 0, to: prevDoc.length, insert: doc }, prevDoc.length);
      const changes = followed?.unsyncedChanges ?? whole();
      for (const plugin of plugins) plugin.clear();
      file.doc = doc;
      file.version += 1;
      return [{ file, prevDoc, changes }];
    });
  }

  openFile(uri: string, languageId: string, view: EditorView): void {
    const known = this.getFile(uri);
    if (known) {
      // The new view starts from the text as it is: so does what the server knows.
      this.client.sync();
      known.views.add(view);
      return;
    }
    const document = this.#documentOf(uri);
    if (!document) return;
    const file = new OpenFile(uri, languageId, document, view.state.doc);
    file.views.add(view);
    this.files.push(file);
    this.client.didOpen(file);
  }

  closeFile(uri: string, view: EditorView): void {
    const file = this.files.find((each) => each.uri === uri);
    if (!file) return;
    this.client.sync();
    file.views.delete(view);
    this.forgetClosed();
  }

  /** Files whose documents were closed are the server's again. */
  forgetClosed(): void {
    for (const file of this.files.filter((each) => each.views.size === 0 && !this.#documentOf(each.uri))) {
      this.files = this.files.filter((each) => each !== file);
      this.client.didClose(file.uri);
    }
  }
}

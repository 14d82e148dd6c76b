/**
 * The language servers of the open folder: which a file has, whether it runs, what it found wrong. A server starts when
 * a text that needs it is shown, and again when it crashed. An untrusted folder starts none.
 */
import type { EditorView } from "@codemirror/view";
import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import type { Diagnostic, WorkspaceEdit } from "vscode-languageserver-protocol";
import { Query, type Stream } from "$/host";
import { t } from "$/messages";
import type { LanguageServer, Problem } from "$/protocol/protocol";
import type { Workbench } from "$/workbench";
import type { Document } from "../document";
import type { Connection } from "./client";
import { type Found, foundIn } from "./marks";
import { changesOf, editsByUri, languageIdOf, pathOf } from "./places";
import { type Wire, wire } from "./wire";

const WAITS_MS = [500, 2_000, 8_000];
/** A server that ran this long did not fail at once: its next crash is its first. */
const STABLE_MS = 120_000;

/** What of the documents the servers need. */
export interface Texts {
  document(path: string): Document | undefined;
  viewsOf(document: Document): EditorView[];
  /** Reads a file that is not open yet. */
  load(path: string): Promise<Document | null>;
}

export type Status =
  | { kind: "starting" | "ready"; name: string }
  | { kind: "missing"; name: string; install: string }
  | { kind: "failed"; name: string; why: Problem };

interface Running {
  status: Status;
  connection: Connection | null;
}

export class LanguageServers {
  readonly known: Query<"language_server_list">;
  /** Problems by path, for files that have any. */
  readonly found = new SvelteMap<string, Found[]>();
  #workbench: Workbench;
  #texts: Texts;
  #running = new SvelteMap<string, Running>();
  #streams = new Map<string, Stream>();
  #crashes = new Map<string, number>();
  #raw = new SvelteMap<string, Diagnostic[]>();

  constructor(workbench: Workbench, texts: Texts) {
    this.#workbench = workbench;
    this.#texts = texts;
    this.known = new Query(workbench.host, "language_server_list", () =>
      workbench.folder ? { folder: workbench.folder.folder } : null,
    );
  }

  #serverOf(path: string): LanguageServer | undefined {
    const language = languageIdOf(path);
    if (language === null) return undefined;
    return this.known.answer?.servers.find((server) => server.languages.includes(language));
  }

  /** How it is with the server of a file; null where no server would know the language. */
  statusOf(path: string): Status | null {
    const server = this.#serverOf(path);
    if (!server || !this.#workbench.folder?.trusted) return null;
    if (server.program === null) return { kind: "missing", name: server.name, install: server.install };
    return this.#running.get(keyOf(server))?.status ?? { kind: "starting", name: server.name };
  }

  /** The connection for a file, once there is one; asking starts its server. */
  connectionOf(path: string): Connection | null {
    const server = this.#serverOf(path);
    if (!server || server.program === null || !this.#workbench.folder?.trusted) return null;
    const running = this.#running.get(keyOf(server));
    if (!running) queueMicrotask(() => this.#start(server));
    return running?.connection ?? null;
  }

  /** Starts the server of a file anew. */
  restart(path: string): void {
    const server = this.#serverOf(path);
    if (!server) return;
    this.#crashes.delete(keyOf(server));
    this.#stop(keyOf(server));
    this.#start(server);
  }

  stopAll(): void {
    for (const key of [...this.#running.keys()]) this.#stop(key);
    this.#raw.clear();
    this.found.clear();
  }

  #stop(key: string): void {
    this.#streams.get(key)?.close();
    this.#streams.delete(key);
    this.#running.get(key)?.connection?.client.disconnect();
    this.#running.delete(key);
  }

  #start(server: LanguageServer): void {
    const key = keyOf(server);
    const { folder, host } = this.#workbench;
    if (!folder || this.#streams.has(key)) return;
    const { name } = server;
    this.#running.set(key, { status: { kind: "starting", name }, connection: null });
    const since = Date.now();
    let talk: Wire | undefined;
    const stream = host.stream("language_server_open", { folder: folder.folder, language: key }, (items) => {
      for (const item of items) {
        if (item.kind === "message") talk?.heard(item.json);
        else {
          talk = wire(host, item.server, item.root, (edit) => this.apply(edit, item.root));
          void this.#connect(key, name, item.root, talk, stream);
        }
      }
    });
    this.#streams.set(key, stream);
    void stream.done.then((end) => {
      if (this.#streams.get(key) === stream) this.#ended(server, end, Date.now() - since);
    });
  }

  async #connect(key: string, name: string, root: string, talk: Wire, stream: Stream): Promise<void> {
    const { connect } = await import("./client");
    try {
      const connection = await connect(talk, {
        root,
        documentOf: (uri) => this.#texts.document(pathOf(root, uri) ?? ""),
        diagnostics: ({ uri, diagnostics }) => this.#heard(pathOf(root, uri), diagnostics),
      });
      if (this.#streams.get(key) !== stream) return connection.client.disconnect();
      this.#running.set(key, { status: { kind: "ready", name }, connection });
    } catch {
      // The server did not take the first message: its end says why.
      stream.close();
    }
  }

  #ended(server: LanguageServer, end: Problem | null, lived: number): void {
    const key = keyOf(server);
    this.#stop(key);
    for (const path of [...this.found.keys()]) if (this.#serverOf(path) === server) this.#heard(path, []);
    const crashes = lived > STABLE_MS ? 0 : (this.#crashes.get(key) ?? 0);
    const lost = end?.code === "unavailable";
    const wait = WAITS_MS[lost ? Math.min(crashes, WAITS_MS.length - 1) : crashes];
    this.#crashes.set(key, crashes + 1);
    const { name } = server;
    if (wait === undefined) {
      const why = end ?? {
        code: "internal",
        message: t.editor.servers.ended,
        hint: null,
        weights: null,
        retry_after_s: null,
      };
      this.#running.set(key, { status: { kind: "failed", name, why }, connection: null });
      return;
    }
    this.#running.set(key, { status: { kind: "starting", name }, connection: null });
    const { folder } = this.#workbench;
    setTimeout(() => {
      if (this.#workbench.folder === folder && this.#running.get(key)?.status.kind === "starting")
        this.#start(server);
    }, wait);
  }

  #heard(path: string | null, diagnostics: Diagnostic[]): void {
    if (path === null) return;
    if (diagnostics.length > 0) this.#raw.set(path, diagnostics);
    else this.#raw.delete(path);
    const found = foundIn(path, diagnostics);
    if (found.length > 0) this.found.set(path, found);
    else this.found.delete(path);
  }

  /** As the server tells them; views draw them. */
  diagnosticsOf(path: string): readonly Diagnostic[] {
    return this.#raw.get(path) ?? [];
  }

  /** A document was closed here. */
  released(): void {
    untrack(() => {
      for (const { connection } of this.#running.values()) connection?.workspace.forgetClosed();
    });
  }

  /** Changes files as a server wants it; those that are not shown yet are opened, so that nothing changes unseen. */
  async apply(edit: WorkspaceEdit, root: string): Promise<boolean> {
    const planned: { document: Document; edits: Parameters<typeof changesOf>[1] }[] = [];
    for (const [uri, edits] of editsByUri(edit)) {
      const path = pathOf(root, uri);
      if (path === null) return false;
      const document = this.#texts.document(path) ?? (await this.#texts.load(path));
      if (!document || document.readOnly) return false;
      planned.push({ document, edits });
    }
    for (const { document, edits } of planned) {
      document.change(changesOf(document.state.doc, edits), "server");
      if (this.#texts.viewsOf(document).length === 0)
        this.#workbench.openTab("file", { path: document.path });
    }
    return true;
  }
}

function keyOf(server: LanguageServer): string {
  return server.languages[0] ?? server.name;
}

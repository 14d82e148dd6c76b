/** What a running server gives to the text of a file. Fetched when the first server starts. */
import {
  hoverTooltips,
  LSPClient,
  serverCompletion,
  showSignatureHelp,
  signatureHelp,
} from "@codemirror/lsp-client";
import type { Extension } from "@codemirror/state";
import { EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import DOMPurify from "dompurify";
import type { PublishDiagnosticsParams } from "vscode-languageserver-protocol";
import { debounce } from "$/lib/debounce";
import type { Document } from "../document";
import { inlayHints } from "./inlay_hints";
import { languageIdOf, uriOf } from "./places";
import type { Wire } from "./wire";
import { FolderWorkspace } from "./workspace";

const SYNC_AFTER_MS = 250;
/** Large projects take long to answer at first. */
const TIMEOUT_MS = 30_000;

export interface Connection {
  client: LSPClient;
  workspace: FolderWorkspace;
  root: string;
  /** The same for the same document, so that asking again changes nothing. */
  extension: (document: Document, hints: boolean) => Extension;
}

export interface Surroundings {
  root: string;
  documentOf: (uri: string) => Document | undefined;
  diagnostics: (params: PublishDiagnosticsParams) => void;
}

export async function connect(wire: Wire, around: Surroundings): Promise<Connection> {
  let workspace: FolderWorkspace | undefined;
  const client = new LSPClient({
    rootUri: around.root.replace(/\/$/, ""),
    timeout: TIMEOUT_MS,
    sanitizeHTML: (html) => DOMPurify.sanitize(html, { FORBID_TAGS: ["img", "style", "form", "input"] }),
    workspace: (made) => (workspace = new FolderWorkspace(made, around.documentOf)),
    notificationHandlers: {
      "textDocument/publishDiagnostics": (_, params: PublishDiagnosticsParams) => {
        around.diagnostics(params);
        return true;
      },
      // Servers log much; what matters they say with their answers.
      "window/logMessage": () => true,
      "window/showMessage": () => true,
    },
    extensions: [
      {
        clientCapabilities: {
          textDocument: {
            publishDiagnostics: { versionSupport: true },
            documentSymbol: { hierarchicalDocumentSymbolSupport: true },
            inlayHint: {},
            codeAction: {
              dataSupport: true,
              resolveSupport: { properties: ["edit"] },
              codeActionLiteralSupport: {
                codeActionKind: { valueSet: ["quickfix", "refactor", "source"] },
              },
            },
          },
          workspace: {
            applyEdit: true,
            workspaceFolders: true,
            configuration: true,
            workspaceEdit: { documentChanges: true },
          },
        },
      },
    ],
  });
  client.connect(wire);
  await client.initializing;
  const told = workspace;
  if (!told) throw new Error("The client made no workspace.");
  const made = new WeakMap<Document, { hints: boolean; extension: Extension }>();
  return {
    client,
    workspace: told,
    root: around.root,
    extension: (document, hints) => {
      const known = made.get(document);
      if (known?.hints === hints) return known.extension;
      const uri = uriOf(around.root, document.path);
      const extension = [
        client.plugin(uri, languageIdOf(document.path) ?? "plaintext"),
        serverCompletion({ override: true }),
        hoverTooltips({ hoverTime: 350 }),
        signatureHelp(),
        asksAtBrackets,
        keepsInStep(client),
        hints ? inlayHints(client, uri) : [],
      ];
      made.set(document, { hints, extension });
      return extension;
    },
  };
}

/** A bracket that closes itself is not taken for an opening one by all servers: here it is asked for anew. */
const asksAtBrackets = EditorView.updateListener.of((update) => {
  if (!update.transactions.some((each) => each.isUserEvent("input.type"))) return;
  let opened = false;
  update.changes.iterChanges((_fromA, _toA, _fromB, _toB, inserted) => {
    opened ||= inserted.toString() === "()";
  });
  if (opened) queueMicrotask(() => showSignatureHelp(update.view));
});

/** Tells the server what was typed once it is quiet, so that problems follow the text. */
function keepsInStep(client: LSPClient): Extension {
  return ViewPlugin.fromClass(
    class {
      #sync = debounce(SYNC_AFTER_MS, () => client.sync());
      update(update: ViewUpdate): void {
        if (update.docChanged) this.#sync();
      }
      destroy(): void {
        this.#sync.cancel();
      }
    },
  );
}

/** A language server as the client library wants to talk to it: messages go out one after the other. */
import type { Transport } from "@codemirror/lsp-client";
import type {
  ApplyWorkspaceEditParams,
  ConfigurationParams,
  WorkspaceEdit,
} from "vscode-languageserver-protocol";
import type { Host } from "$/host";
import { baseName } from "$/lib/paths";
import type { LanguageServerId } from "$/protocol/protocol";

interface Message {
  id?: number | string;
  method?: string;
  params?: unknown;
}

export interface Wire extends Transport {
  /** Passes on what the server said. */
  heard(json: string): void;
}

/** The library names the root alone; some servers look at nothing but the list of folders. */
function withFolder(json: string, root: string): string {
  const message = JSON.parse(json) as { params: Record<string, unknown> };
  const uri = root.replace(/\/$/, "");
  message.params["workspaceFolders"] = [{ uri, name: baseName(uri) }];
  return JSON.stringify(message);
}

/** `apply` changes files as the server asks, and answers whether it could. */
export function wire(
  host: Host,
  server: LanguageServerId,
  root: string,
  apply: (edit: WorkspaceEdit) => Promise<boolean>,
): Wire {
  const handlers = new Set<(json: string) => void>();
  // Calls may overtake each other on their way; a document's changes must not.
  let last: Promise<unknown> = Promise.resolve();
  const send = (json: string) => {
    if (json.includes('"method":"initialize"')) json = withFolder(json, root);
    last = last.then(() => host.call("language_server_send", { server, json })).catch(() => undefined);
  };

  /** What a server asks of the editor; undefined for what nobody answers here. */
  const answer = (method: string, params: unknown): unknown => {
    switch (method) {
      case "workspace/applyEdit":
        return apply((params as ApplyWorkspaceEditParams).edit).then((applied) => ({ applied }));
      case "workspace/configuration":
        return (params as ConfigurationParams).items.map(() => null);
      case "client/registerCapability":
      case "client/unregisterCapability":
      case "window/workDoneProgress/create":
        return null;
      default:
        return undefined;
    }
  };

  return {
    send,
    subscribe: (handler) => void handlers.add(handler),
    unsubscribe: (handler) => void handlers.delete(handler),
    heard(json) {
      const { id, method, params } = JSON.parse(json) as Message;
      const result = id !== undefined && method !== undefined ? answer(method, params) : undefined;
      if (result !== undefined) {
        void Promise.resolve(result).then((value) =>
          send(JSON.stringify({ jsonrpc: "2.0", id, result: value })),
        );
        return;
      }
      for (const handler of [...handlers]) handler(json);
    },
  };
}

/** What is asked of a server at the caret: places, names, actions, symbols, format. Answers are lists to choose from. */
import type { EditorView } from "@codemirror/view";
import type {
  CodeAction,
  Command as ServerCommand,
  DocumentSymbol,
  Location,
  LocationLink,
  Position,
  SymbolInformation,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver-protocol";
import { rank } from "$/lib/fuzzy";
import { baseName } from "$/lib/paths";
import { t } from "$/messages";
import type { PickItem, Workbench } from "$/workbench";
import type { Document } from "../document";
import { indentation } from "../indent";
import type { Connection } from "./client";
import { changesOf, offsetOf, pathOf, positionOf, rangeOf, uriOf } from "./places";
import type { LanguageServers } from "./servers.svelte";

export interface At {
  workbench: Workbench;
  servers: LanguageServers;
  document: Document;
  view: EditorView;
}

const { servers: words } = t.editor;

/** Asks the server of the file; null, and a word about it, where there is none. */
async function ask<R>(at: At, method: string, extra: (connection: Connection) => object): Promise<R | null> {
  const connection = at.servers.connectionOf(at.document.path);
  if (!connection) {
    at.workbench.notices.say("plain", words.none);
    return null;
  }
  connection.client.sync();
  const textDocument = { uri: uriOf(connection.root, at.document.path) };
  return connection.client.request<object, R | null>(method, { textDocument, ...extra(connection) });
}

const caret = ({ view }: At): { position: Position } => ({
  position: positionOf(view.state.doc, view.state.selection.main.head),
});

interface Spot {
  path: string;
  line: number;
  column: number;
}

function spotsIn(
  at: At,
  found: Location | (Location | LocationLink)[] | null,
): { here: Spot[]; outside: number } {
  const root = at.servers.connectionOf(at.document.path)?.root ?? "";
  const all = found === null ? [] : Array.isArray(found) ? found : [found];
  const here: Spot[] = [];
  let outside = 0;
  for (const each of all) {
    const [uri, range] = "uri" in each ? [each.uri, each.range] : [each.targetUri, each.targetSelectionRange];
    const path = pathOf(root, uri);
    if (path === null) outside += 1;
    else here.push({ path, line: range.start.line + 1, column: range.start.character + 1 });
  }
  return { here, outside };
}

/** Goes there, or lets the user choose where there are several. */
async function go(
  at: At,
  title: string,
  found: Location | (Location | LocationLink)[] | null,
): Promise<void> {
  const { workbench } = at;
  const { here, outside } = spotsIn(at, found);
  const [only] = here;
  if (!only) return workbench.notices.say("plain", outside > 0 ? words.outside : words.nothing);
  const open = ({ path, line, column }: Spot) => workbench.openFile(path, { place: { line, column } });
  if (here.length === 1) return open(only);
  const texts = await linesOf(at, here);
  pick(
    workbench,
    title,
    here.map((spot, index) => ({
      id: `${spot.path}:${spot.line}:${spot.column}`,
      label: texts[index]?.trim() || baseName(spot.path),
      detail: `${spot.path}:${spot.line}`,
      path: spot.path,
      choose: () => open(spot),
    })),
  );
}

/** The lines at some places, each file read once. */
async function linesOf({ workbench }: At, spots: Spot[]): Promise<string[]> {
  const folder = workbench.folder?.folder ?? "";
  const texts = new Map<string, Promise<string[]>>();
  const read = async (path: string) => {
    const file = await workbench.host.call("file_open", { folder, path }).catch(() => null);
    return (file?.text ?? "").split("\n");
  };
  for (const { path } of spots) if (!texts.has(path)) texts.set(path, read(path));
  return Promise.all(spots.map(async ({ path, line }) => (await texts.get(path))?.[line - 1] ?? ""));
}

function pick(workbench: Workbench, label: string, all: PickItem[]): void {
  workbench.picker.open({
    label,
    placeholder: label,
    empty: t.app.nothingFits,
    items: (query) =>
      rank(query, all, (item) => `${item.label} ${item.detail ?? ""}`).map(({ item, positions }) => ({
        ...item,
        positions: positions.filter((each) => each < item.label.length),
      })),
  });
}

export const goToDefinition = async (at: At): Promise<void> =>
  go(at, words.definitions, await ask(at, "textDocument/definition", () => caret(at)));

export const findReferences = async (at: At): Promise<void> => {
  const context = { includeDeclaration: true };
  await go(at, words.references, await ask(at, "textDocument/references", () => ({ ...caret(at), context })));
};

export async function rename(at: At): Promise<void> {
  const { workbench, servers, view } = at;
  const word = view.state.wordAt(view.state.selection.main.head);
  if (!word) return;
  const value = view.state.sliceDoc(word.from, word.to);
  const newName = await workbench.notices.prompt({
    title: words.renameTitle(value),
    action: words.rename,
    input: { label: words.newName, value, select: [0, value.length] },
  });
  if (newName === null || newName.trim() === "" || newName === value) return;
  const position = positionOf(view.state.doc, word.from);
  const edit = await ask<WorkspaceEdit>(at, "textDocument/rename", () => ({ position, newName }));
  const root = servers.connectionOf(at.document.path)?.root;
  if (!edit || !root || !(await servers.apply(edit, root)))
    workbench.notices.say("bad", words.notRenamed(value));
}

export async function codeActions(at: At): Promise<void> {
  const { workbench, servers, view, document } = at;
  const { doc, selection } = view.state;
  const { from, to } = selection.main;
  const diagnostics = servers.diagnosticsOf(document.path).filter((each) => {
    const range = rangeOf(doc, each.range);
    return range.from <= to && doc.lineAt(range.to).to >= from && doc.lineAt(range.from).from <= to;
  });
  const range = { start: positionOf(doc, from), end: positionOf(doc, to) };
  const found = await ask<(CodeAction | ServerCommand)[]>(at, "textDocument/codeAction", () => ({
    range,
    context: { diagnostics, triggerKind: 1 },
  }));
  if (found === null || found.length === 0) return workbench.notices.say("plain", words.noActions);
  pick(
    workbench,
    words.actions,
    found
      .filter((action) => !("disabled" in action && action.disabled))
      .map((action, index) => ({
        id: String(index),
        label: action.title,
        choose: () =>
          void perform(at, action).catch((error: unknown) => workbench.notices.fail(error, action.title)),
      })),
  );
}

async function perform(at: At, action: CodeAction | ServerCommand): Promise<void> {
  const connection = at.servers.connectionOf(at.document.path);
  if (!connection) return;
  const { client, root } = connection;
  const run = ({ command, arguments: given }: ServerCommand) =>
    client.request("workspace/executeCommand", { command, arguments: given });
  if (typeof action.command === "string") return void (await run(action as ServerCommand));
  const whole = action as CodeAction;
  const { edit, command } =
    whole.edit || whole.data === undefined
      ? whole
      : await client.request<CodeAction, CodeAction>("codeAction/resolve", whole);
  if (edit) await at.servers.apply(edit, root);
  if (command) await run(command);
  at.view.focus();
}

/** Formats the whole text; false where no server does that. */
export async function format(
  workbench: Workbench,
  servers: LanguageServers,
  document: Document,
): Promise<boolean> {
  const connection = servers.connectionOf(document.path);
  if (!connection?.client.serverCapabilities?.documentFormattingProvider) return false;
  connection.client.sync();
  const { doc } = document.state;
  const { spaces, size } = indentation(document.config, workbench.preferences?.editor, document.start);
  const edits = await connection.client.request<object, TextEdit[] | null>("textDocument/formatting", {
    textDocument: { uri: uriOf(connection.root, document.path) },
    options: { tabSize: size, insertSpaces: spaces },
  });
  // What was typed meanwhile is worth more than a format.
  if (edits && edits.length > 0 && document.state.doc === doc)
    document.change(changesOf(doc, edits), "format");
  return true;
}

export async function goToSymbol(at: At): Promise<void> {
  const { view, workbench } = at;
  const found = await ask<(DocumentSymbol | SymbolInformation)[]>(
    at,
    "textDocument/documentSymbol",
    () => ({}),
  );
  if (found === null) return;
  const flat: PickItem[] = [];
  const add = (symbol: DocumentSymbol | SymbolInformation, above: string) => {
    const range = "location" in symbol ? symbol.location.range : symbol.selectionRange;
    const detail = "location" in symbol ? (symbol.containerName ?? "") : above;
    flat.push({
      id: String(flat.length),
      label: symbol.name,
      detail,
      choose: () => {
        const anchor = offsetOf(view.state.doc, range.start);
        view.dispatch({ selection: { anchor }, scrollIntoView: true });
        view.focus();
      },
    });
    if ("children" in symbol) for (const child of symbol.children ?? []) add(child, symbol.name);
  };
  for (const symbol of found) add(symbol, "");
  pick(workbench, words.symbols, flat);
}

/** What the palette shows: commands, files, lines. `>` and `:` change from one to the other, as everywhere. */
import { rank } from "$/lib/fuzzy";
import { baseName, parentOf } from "$/lib/paths";
import { t } from "$/messages";
import type { PickItem, Workbench } from "$/workbench";

function commandItems(workbench: Workbench, query: string): PickItem[] {
  const name = (command: { category: string; title: string }) => `${command.category}: ${command.title}`;
  const found = rank(query, workbench.commands.available(), name);
  return found.map(({ item, positions }) => ({
    id: item.id,
    label: name(item),
    positions,
    keys: workbench.commands.keysOf(item.id),
    choose: () => void workbench.commands.run(item.id),
  }));
}

function lineItems(workbench: Workbench, query: string): PickItem[] {
  const [line = 1, column] = query.split(/[:,]/).map((part) => Number.parseInt(part, 10) || 1);
  const path = workbench.activeTab?.params["path"];
  if (!path) return [];
  const place = column === undefined ? { line } : { line, column };
  return [{ id: "line", label: t.app.goToLine(line), choose: () => workbench.openFile(path, { place }) }];
}

async function fileItems(workbench: Workbench, query: string): Promise<PickItem[]> {
  if (!workbench.folder) return [];
  const [path = "", line] = query.split(":");
  const found = await workbench.host.call("files_find", {
    folder: workbench.folder.folder,
    query: path,
    limit: 60,
  });
  return found.files.map((file) => {
    const name = baseName(file.path);
    const from = file.path.length - name.length;
    return {
      id: file.path,
      label: name,
      positions: file.positions.filter((at) => at >= from).map((at) => at - from),
      detail: parentOf(file.path),
      path: file.path,
      choose: () =>
        workbench.openFile(file.path, line ? { place: { line: Number.parseInt(line, 10) || 1 } } : {}),
    };
  });
}

function open(workbench: Workbench, query: string): void {
  workbench.picker.open({
    label: query === ">" ? t.app.commands : t.app.goToFile,
    placeholder: query === ">" ? t.app.commandsHint : t.app.goToFileHint,
    empty: t.app.nothingFits,
    query,
    items: (typed) => {
      if (typed.startsWith(">")) return commandItems(workbench, typed.slice(1));
      if (typed.startsWith(":")) return lineItems(workbench, typed.slice(1));
      return fileItems(workbench, typed);
    },
  });
}

export const showCommands = (workbench: Workbench): void => open(workbench, ">");
export const goToFile = (workbench: Workbench): void => open(workbench, "");
export const goToLine = (workbench: Workbench): void => open(workbench, ":");

/** The demo: a small folder, a scripted run, fixed answers. Also the base of component tests. */
import type { Folder, Settings } from "$/protocol/protocol";
import { FakeFolder } from "./files";
import { DEMO_FILES } from "./folder";
import { FakeGit } from "./git";
import { FakeHost, type Handlers, type StreamHandlers } from "./host";
import { modelHandlers, modelStreams } from "./models";
import { FakeRuns } from "./runs";
import { DEMO_SCRIPT, SCRIPT_FILES } from "./script";
import { keptHandlers } from "./settings";
import { FakeTerminals } from "./terminal";

export { FakeHost, type Handlers, type StreamHandlers } from "./host";
export { DEMO_SCRIPT } from "./script";

export interface DemoOptions {
  /** Milliseconds between the events of a run. */
  pace?: number;
  theme?: Settings["appearance"]["theme"];
  handlers?: Handlers;
  streams?: StreamHandlers;
}

export function demoHost(options: DemoOptions = {}): FakeHost {
  const folder = new FakeFolder(DEMO_FILES);
  const git = new FakeGit(folder);
  const runs = new FakeRuns(DEMO_SCRIPT, SCRIPT_FILES, folder, options.pace ?? 350);
  const terminals = new FakeTerminals(folder);
  const known: Folder = {
    folder: "demo",
    name: "notes",
    path: "/home/demo/notes",
    trusted: true,
    branch: "main",
    opened_at: new Date(Date.now() - 7_200_000).toISOString(),
  };
  const handlers: Handlers = {
    folder_open: () => known,
    folder_list: () => ({ folders: [known] }),
    folder_trust: ({ trusted }) => ({ ...known, trusted }),
    folder_forget: () => ({}),
    folder_browse: ({ path }) => ({
      path: path ?? "/home/demo",
      parent: "/home",
      folders: ["notes", ".config"],
    }),
    ...keptHandlers(options.theme ?? "system"),
    ...folder.handlers(),
    ...git.handlers(),
    ...runs.handlers(),
    ...terminals.handlers(),
    ...modelHandlers,
    ...options.handlers,
  };
  const streams: StreamHandlers = {
    ...folder.streams(),
    ...git.streams(),
    ...runs.streams(),
    ...terminals.streams(),
    ...modelStreams,
    ...options.streams,
  };
  return new FakeHost(handlers, streams);
}

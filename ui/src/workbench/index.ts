export type { Command } from "./commands.svelte";
export type { Feature, PanelView, SideView, StatusItem, TabKind } from "./feature";
export { leaves, revive, type Leaf, type Tab, type Tree } from "./groups";
export type { LayoutState } from "./layout.svelte";
export type { Notice, Question } from "./notices.svelte";
export type { PickItem } from "./picker.svelte";
export { provideWorkbench, useWorkbench, Workbench, type Place } from "./workbench.svelte";
export { onFolder } from "./on_folder.svelte";

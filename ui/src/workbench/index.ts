export type { Command } from "./commands.svelte";
export type { Feature, Load, PanelView, SideView, StatusItem, TabKind } from "./feature";
export { type Leaf, leaves, revive, type Tab, type Tree } from "./groups";
export type { LayoutState } from "./layout.svelte";
export type { Notice, Question } from "./notices.svelte";
export { onFolder } from "./on_folder.svelte";
export type { PickItem } from "./picker.svelte";
export { type Place, provideWorkbench, useWorkbench, Workbench } from "./workbench.svelte";

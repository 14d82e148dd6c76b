/** What a feature adds to the window. */
import type { Component } from "svelte";
import type { Command } from "./commands.svelte";
import type { Tab } from "./groups";
import type { Workbench } from "./workbench.svelte";

/** A component that is fetched when it is first shown. */
export type Load<P extends object = Record<string, never>> = () => Promise<{ default: Component<P> }>;

export interface SideView {
  id: string;
  title: string;
  icon: Component;
  load: Load;
  order: number;
  /** A number on its icon; null for none. */
  badge?: (workbench: Workbench) => number | null;
  when?: (workbench: Workbench) => boolean;
}

export interface PanelView {
  id: string;
  title: string;
  icon: Component;
  load: Load;
  order: number;
  badge?: (workbench: Workbench) => number | null;
  when?: (workbench: Workbench) => boolean;
}

export interface TabKind {
  kind: string;
  load: Load<{ tab: Tab; group: string }>;
  title: (tab: Tab, workbench: Workbench) => string;
  icon?: Component;
  /** Files show their own sign. */
  path?: (tab: Tab) => string;
  isDirty?: (tab: Tab, workbench: Workbench) => boolean;
  /** Asked before it closes; answers whether it may. */
  beforeClose?: (tab: Tab, workbench: Workbench) => boolean | Promise<boolean>;
  /** It was closed, or moved out of the last group that shows it. */
  closed?: (tab: Tab, workbench: Workbench) => void;
}

export interface StatusItem {
  id: string;
  side: "left" | "right";
  order: number;
  component: Component;
}

export interface Feature {
  id: string;
  sideViews?: SideView[];
  panelViews?: PanelView[];
  tabs?: TabKind[];
  statusItems?: StatusItem[];
  /** Always there, above everything: dialogs that a command opens. */
  overlay?: Load;
  /** The right panel; one feature has it. */
  rightPanel?: Load;
  commands?: (workbench: Workbench) => Command[];
  /** Begins what works in the background; the answer ends it. */
  start?: (workbench: Workbench) => (() => void) | undefined;
}

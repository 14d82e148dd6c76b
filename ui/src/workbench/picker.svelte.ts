/** A list to choose from by typing: commands, files, branches, languages. One at a time. */
import type { Component } from "svelte";

export interface PickItem {
  id: string;
  label: string;
  /** Characters of the label to show strong. */
  positions?: number[];
  detail?: string;
  icon?: Component;
  /** A file's own sign instead of an icon. */
  path?: string;
  keys?: string | undefined;
  choose: () => void;
}

export interface Picking {
  label: string;
  placeholder: string;
  empty: string;
  query: string;
  /** Items for what was typed; called anew at every key, the latest answer counts. */
  items: (query: string) => PickItem[] | Promise<PickItem[]>;
}

export class Picker {
  current = $state.raw<Picking | null>(null);

  open(picking: Omit<Picking, "query"> & { query?: string }): void {
    this.current = { query: "", ...picking };
  }

  close(): void {
    this.current = null;
  }
}

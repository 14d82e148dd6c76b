/** Editor groups: a tree of splits with tabs in its leaves. Pure: every change answers a new tree. */

export interface Tab {
  /** The same kind with the same parameters is the same tab. */
  id: string;
  kind: string;
  params: Record<string, string>;
  /** Shown in italics; the next file looked at takes its place. */
  preview: boolean;
}

export interface Leaf {
  type: "leaf";
  id: string;
  tabs: Tab[];
  active: string | null;
}

export interface Branch {
  type: "branch";
  id: string;
  direction: "horizontal" | "vertical";
  children: Tree[];
}

export type Tree = Leaf | Branch;

let nextId = 1;
const newId = (): string => `g${nextId++}`;

export function tabOf(kind: string, params: Record<string, string> = {}, preview = false): Tab {
  const rest = Object.keys(params)
    .sort()
    .map((key) => params[key]);
  return { id: [kind, ...rest].join(":"), kind, params, preview };
}

export function emptyLeaf(): Leaf {
  return { type: "leaf", id: newId(), tabs: [], active: null };
}

export function leaves(tree: Tree): Leaf[] {
  return tree.type === "leaf" ? [tree] : tree.children.flatMap(leaves);
}

export function leafOf(tree: Tree, id: string): Leaf | undefined {
  return leaves(tree).find((leaf) => leaf.id === id);
}

function withLeaf(tree: Tree, id: string, change: (leaf: Leaf) => Tree): Tree {
  if (tree.type === "leaf") return tree.id === id ? change(tree) : tree;
  return { ...tree, children: tree.children.map((child) => withLeaf(child, id, change)) };
}

/** Shows a tab in a group; a preview takes the place of the group's other preview. */
export function open(tree: Tree, group: string, tab: Tab): Tree {
  return withLeaf(tree, group, (leaf) => {
    const known = leaf.tabs.find((each) => each.id === tab.id);
    if (known) {
      const preview = known.preview && tab.preview;
      const tabs = leaf.tabs.map((each) => (each.id === tab.id ? { ...known, preview } : each));
      return { ...leaf, tabs, active: tab.id };
    }
    const rest = tab.preview ? leaf.tabs.filter((each) => !each.preview) : leaf.tabs;
    const at = rest.findIndex((each) => each.id === leaf.active);
    const spot = at < 0 ? rest.length : at + 1;
    return { ...leaf, tabs: [...rest.slice(0, spot), tab, ...rest.slice(spot)], active: tab.id };
  });
}

export function activate(tree: Tree, group: string, id: string): Tree {
  return withLeaf(tree, group, (leaf) =>
    leaf.tabs.some((tab) => tab.id === id) ? { ...leaf, active: id } : leaf,
  );
}

/** Makes a preview stay. */
export function keep(tree: Tree, group: string, id: string): Tree {
  return withLeaf(tree, group, (leaf) => ({
    ...leaf,
    tabs: leaf.tabs.map((tab) => (tab.id === id ? { ...tab, preview: false } : tab)),
  }));
}

/** Closes a tab; its right neighbour becomes active. A group without tabs goes, unless it is the only one. */
export function close(tree: Tree, group: string, id: string): Tree {
  return tidy(
    withLeaf(tree, group, (leaf) => {
      const at = leaf.tabs.findIndex((tab) => tab.id === id);
      if (at < 0) return leaf;
      const tabs = leaf.tabs.filter((tab) => tab.id !== id);
      const next = tabs[Math.min(at, tabs.length - 1)]?.id ?? null;
      return { ...leaf, tabs, active: leaf.active === id ? next : leaf.active };
    }),
  );
}

/** Puts a tab at a place in a group, from wherever it is. */
export function move(tree: Tree, from: string, id: string, to: string, at: number): Tree {
  const tab = leafOf(tree, from)?.tabs.find((each) => each.id === id);
  if (!tab) return tree;
  const source = leafOf(tree, from);
  const before = from === to && source ? source.tabs.slice(0, at).some((each) => each.id === id) : false;
  const without = withLeaf(tree, from, (leaf) => {
    const tabs = leaf.tabs.filter((each) => each.id !== id);
    return { ...leaf, tabs, active: leaf.active === id ? (tabs.at(-1)?.id ?? null) : leaf.active };
  });
  const placed = withLeaf(without, to, (leaf) => {
    const tabs = leaf.tabs.filter((each) => each.id !== id);
    tabs.splice(before ? at - 1 : at, 0, { ...tab, preview: false });
    return { ...leaf, tabs, active: id };
  });
  return tidy(placed);
}

/** Splits a group; the new one shows the same tab. Answers the new group's id too. */
export function split(
  tree: Tree,
  group: string,
  direction: Branch["direction"],
): { tree: Tree; group: string } {
  const fresh = emptyLeaf();
  const grow = (node: Tree): Tree => {
    if (node.type === "leaf") {
      if (node.id !== group) return node;
      const shown = node.tabs.find((tab) => tab.id === node.active);
      const copy: Leaf = shown ? { ...fresh, tabs: [{ ...shown, preview: false }], active: shown.id } : fresh;
      return { type: "branch", id: newId(), direction, children: [node, copy] };
    }
    return { ...node, children: node.children.map(grow) };
  };
  return { tree: flatten(grow(tree)), group: fresh.id };
}

/** Takes empty groups and branches of one away. */
function tidy(tree: Tree): Tree {
  const prune = (node: Tree): Tree | null => {
    if (node.type === "leaf") return node.tabs.length > 0 ? node : null;
    const children = node.children.map(prune).filter((child) => child !== null);
    const only = children[0];
    if (!only) return null;
    return children.length === 1 ? only : { ...node, children };
  };
  return prune(tree) ?? leaves(tree)[0] ?? emptyLeaf();
}

/** A split within a split of the same direction is one split of three. */
function flatten(tree: Tree): Tree {
  if (tree.type === "leaf") return tree;
  const children = tree.children.map(flatten).flatMap((child) => {
    return child.type === "branch" && child.direction === tree.direction ? child.children : [child];
  });
  return { ...tree, children };
}

/** A tree from a stored state; null where it is not one. Ids are made anew. */
export function revive(stored: unknown): Tree | null {
  if (typeof stored !== "object" || stored === null) return null;
  const node = stored as {
    type?: string;
    tabs?: Tab[];
    active?: string;
    children?: unknown[];
    direction?: string;
  };
  if (node.type === "leaf" && Array.isArray(node.tabs)) {
    const tabs = node.tabs.filter((tab) => typeof tab?.kind === "string" && typeof tab.params === "object");
    const fresh = tabs.map((tab) => tabOf(tab.kind, tab.params, tab.preview === true));
    return {
      ...emptyLeaf(),
      tabs: fresh,
      active: fresh.find((tab) => tab.id === node.active)?.id ?? fresh[0]?.id ?? null,
    };
  }
  if (node.type === "branch" && Array.isArray(node.children)) {
    const children = node.children.map(revive).filter((child) => child !== null);
    if (children.length === 0) return null;
    return {
      type: "branch",
      id: newId(),
      direction: node.direction === "vertical" ? "vertical" : "horizontal",
      children,
    };
  }
  return null;
}

import { describe, expect, it } from "vitest";
import { activate, close, emptyLeaf, leaves, move, open, revive, split, type Tree, tabOf } from "./groups";

const file = (path: string, preview = false) => tabOf("file", { path }, preview);

/** Each group as its tabs' paths, the active one in brackets. */
function drawn(tree: Tree): string {
  return leaves(tree)
    .map((leaf) =>
      leaf.tabs
        .map((tab) => {
          const name = `${tab.params["path"]}${tab.preview ? "~" : ""}`;
          return tab.id === leaf.active ? `[${name}]` : name;
        })
        .join(" "),
    )
    .join(" | ");
}

function started(...paths: string[]): { tree: Tree; group: string } {
  const leaf = emptyLeaf();
  let tree: Tree = leaf;
  for (const path of paths) tree = open(tree, leaf.id, file(path));
  return { tree, group: leaf.id };
}

describe("groups", () => {
  it("a preview takes the place of the other preview, and stays once it is opened for good", () => {
    const { tree, group } = started("a");
    const one = open(tree, group, file("b", true));
    expect(drawn(one)).toBe("a [b~]");
    const two = open(one, group, file("c", true));
    expect(drawn(two)).toBe("a [c~]");
    expect(drawn(open(two, group, file("c")))).toBe("a [c]");
  });

  it("opens beside the active tab", () => {
    const { tree, group } = started("a", "b");
    expect(drawn(open(activate(tree, group, file("a").id), group, file("c")))).toBe("a [c] b");
  });

  it("closing gives the place to the right neighbour, and to the left at the end", () => {
    const { tree, group } = started("a", "b", "c");
    expect(drawn(close(activate(tree, group, file("b").id), group, file("b").id))).toBe("a [c]");
    expect(drawn(close(tree, group, file("c").id))).toBe("a [b]");
  });

  it("a split shows the same file; closing its last tab takes it away", () => {
    const { tree, group } = started("a");
    const two = split(tree, group, "horizontal");
    expect(drawn(two.tree)).toBe("[a] | [a]");
    expect(drawn(close(two.tree, two.group, file("a").id))).toBe("[a]");
  });

  it("a split beside a split is one row of three", () => {
    const { tree, group } = started("a");
    const two = split(tree, group, "horizontal");
    const three = split(two.tree, two.group, "horizontal").tree;
    expect(three.type === "branch" && three.children.length).toBe(3);
  });

  it("the last group stays when it is empty", () => {
    const { tree, group } = started("a");
    expect(leaves(close(tree, group, file("a").id))).toHaveLength(1);
  });

  it("moves tabs within a group and to another", () => {
    const { tree, group } = started("a", "b", "c");
    expect(drawn(move(tree, group, file("a").id, group, 3))).toBe("b c [a]");
    const two = split(tree, group, "horizontal");
    expect(drawn(move(two.tree, group, file("a").id, two.group, 0))).toBe("b [c] | [a] c");
  });

  it("comes back from a stored state, and not from anything else", () => {
    const { tree } = started("a", "b");
    const back = revive(JSON.parse(JSON.stringify(tree)));
    expect(back && drawn(back)).toBe("a [b]");
    for (const wrong of [null, 3, "x", {}, { type: "branch", children: [] }, { type: "leaf" }]) {
      expect(revive(wrong)).toBeNull();
    }
  });
});

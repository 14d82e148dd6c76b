/** Where the nodes and edges of a graph are drawn. Pure. */
import { Graph, layout } from "@dagrejs/dagre";

export const NODE = { width: 212, height: 96 } as const;
const MARGIN = 24;
/** Room below a node whose agent waits for an answer. */
const ANSWER = 168;

const heightOf = (asks: boolean): number => NODE.height + (asks ? ANSWER : 0);

export interface Placed {
  agent: string;
  x: number;
  y: number;
}

export interface Edge {
  from: string;
  to: string;
  path: string;
}

export interface GraphLayout {
  nodes: Placed[];
  edges: Edge[];
  width: number;
  height: number;
}

/** Waves from left to right; an edge to each agent from those whose results it waits for. */
export function layoutGraph(nodes: { agent: string; needs: string[]; asks: boolean }[]): GraphLayout {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 22, ranksep: 68, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Set(nodes.map((node) => node.agent));
  for (const { agent, asks } of nodes) graph.setNode(agent, { width: NODE.width, height: heightOf(asks) });
  for (const { agent, needs } of nodes) {
    for (const from of needs) if (known.has(from)) graph.setEdge(from, agent);
  }
  layout(graph);
  const asking = new Set(nodes.filter((node) => node.asks).map((node) => node.agent));
  /** The middle of the node itself: an answer box hangs below it. */
  const at = (agent: string) => {
    const { x, y } = graph.node(agent) as { x: number; y: number };
    return { x, y: y - (heightOf(asking.has(agent)) - NODE.height) / 2 };
  };
  const placed = nodes.map(({ agent }) => ({
    agent,
    x: at(agent).x - NODE.width / 2,
    y: at(agent).y - NODE.height / 2,
  }));
  const edges = graph.edges().map(({ v, w }) => ({ from: v, to: w, path: curve(at(v), at(w)) }));
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { nodes: placed, edges, width: nodes.length ? width : 0, height: nodes.length ? height : 0 };
}

function curve(from: { x: number; y: number }, to: { x: number; y: number }): string {
  const [x1, y1] = [from.x + NODE.width / 2, from.y];
  const [x2, y2] = [to.x - NODE.width / 2, to.y];
  const bend = Math.max(24, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

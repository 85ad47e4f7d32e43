/** Places the stages of a graph, left to right. Loads dagre. */
import type { Layout, Stage } from "../model.ts";

const height = 46;
/** Of a letter, on average, in the page's font. */
const letter = 8;
const widest = 210;

/** More stages than this are a list: nobody could find one in the picture. */
export const maxDrawn = 120;

export async function layOut(stages: readonly Stage[]): Promise<Layout | undefined> {
  if (stages.length === 0 || stages.length > maxDrawn) return undefined;
  const { Graph, layout } = await import("@dagrejs/dagre");
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 40, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name } of stages) {
    const width = Math.min(widest, Math.max(128, name.length * letter + 40));
    graph.setNode(name, { width, height });
  }
  for (const { from, to } of directEdges(stages)) graph.setEdge(from, to);
  layout(graph);
  const size = graph.graph() as { width: number; height: number };
  return {
    width: Math.ceil(size.width),
    height: Math.ceil(size.height),
    nodes: stages.map(({ name }) => {
      const { x, y, width } = graph.node(name) as { x: number; y: number; width: number };
      return { stage: name, x, y, width, height };
    }),
    edges: graph.edges().map((edge: { v: string; w: string }) => {
      const { points } = graph.edge(edge) as { points: { x: number; y: number }[] };
      return { from: edge.v, to: edge.w, points };
    }),
  };
}

/** Who reads whom, without what longer ways imply: they would hide the others. */
function directEdges(stages: readonly Stage[]): { from: string; to: string }[] {
  // Producers come before consumers.
  const above = new Map<string, Set<string>>();
  for (const { name, reads } of stages) {
    above.set(name, new Set([...reads, ...reads.flatMap((read) => [...(above.get(read) ?? [])])]));
  }
  return stages.flatMap(({ name, reads }) => {
    const implied = (from: string) => reads.some((read) => above.get(read)?.has(from));
    return reads.filter((from) => !implied(from)).map((from) => ({ from, to: name }));
  });
}

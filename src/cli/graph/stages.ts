/** The stages of a graph: plain data, for every way to draw them. Knows no text and no terminal. */
import type { Graph, Instance, Planning } from "../../index.ts";
import { shownState } from "../../index.ts";
import { groupBy } from "../../text/group.ts";

export interface StageNode {
  readonly name: string;
  readonly node: string;
  readonly instances: number;
  /** How many values each axis has, by name. */
  readonly axes: Readonly<Record<string, number>>;
  /** What it reads, in the order of the stages. */
  readonly inputs: readonly Source[];
  /** Whether the pipeline names it under `results`. */
  readonly result: boolean;
  /** How many instances are in each state; none if nobody asked. */
  readonly states: Readonly<Record<string, number>> | undefined;
}

export interface Source {
  /** The input port. */
  readonly port: string;
  readonly stage: string;
  readonly output: string;
  readonly collected: boolean;
}

/** In topological order; those of the baseline. */
export function stagesOf(graph: Graph, plan?: Planning["plan"]): StageNode[] {
  const indices = graph.variants[0]!.instances;
  const results = new Set(graph.results.map(({ instance }) => graph.instances[instance]!.stage));
  return [...groupBy(indices, (index) => graph.instances[index]!.stage)].map(([name, members]) => {
    const instances = members.map((index) => graph.instances[index]!);
    return {
      name,
      node: instances[0]!.node.type.type,
      instances: instances.length,
      axes: axesOf(instances),
      inputs: sourcesOf(graph, instances),
      result: results.has(name),
      states: plan && countsOf(members.map((index) => shownState(plan[index]!))),
    };
  });
}

function axesOf(instances: readonly Instance[]): Record<string, number> {
  const values = new Map<string, Set<unknown>>();
  for (const { coordinate } of instances) {
    for (const [axis, value] of Object.entries(coordinate)) {
      values.set(axis, (values.get(axis) ?? new Set()).add(value));
    }
  }
  return Object.fromEntries([...values].map(([axis, { size }]) => [axis, size]));
}

function sourcesOf(graph: Graph, instances: readonly Instance[]): Source[] {
  const found = new Map<string, Source>();
  for (const { inputs } of instances) {
    for (const [port, edge] of Object.entries(inputs)) {
      const collected = edge.kind === "collect";
      for (const { instance, port: output } of collected ? edge.members : [edge]) {
        const { stage } = graph.instances[instance]!;
        const source = { port, stage, output, collected };
        found.set(JSON.stringify(source), source);
      }
    }
  }
  return [...found.values()];
}

function countsOf(states: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    [...groupBy(states, (state) => state)].map(([s, all]) => [s, all.length]),
  );
}

/**
 * The baseline's graph and those of its ablations → one graph, in which an ablation's instance that
 * is the baseline's, all the way up, is listed once. Knows no file format.
 */
import type { Coordinate, Edge, Graph, Instance, PortRef, Variant } from "../graph.ts";
import { setOwn } from "../own.ts";
import { coordinateOf, instanceId } from "./coordinate.ts";
import { Structure } from "./structure.ts";

export interface AblatedGraph {
  readonly name: string;
  readonly graph: Graph;
}

export function mergeVariants(baseline: Graph, ablated: readonly AblatedGraph[]): Graph {
  const structure = new Structure();
  const own = structure.numbersOf(baseline);
  const placeOf = ({ stage, coordinate }: Instance) => JSON.stringify([stage, coordinate]);
  let places: ReadonlyMap<string, number> | undefined;
  const twinOf = (instance: Instance, index: number) => {
    if (baseline.instances[index] === instance) return index;
    places ??= new Map(baseline.instances.map((one, i) => [placeOf(one), i]));
    return places.get(placeOf(instance));
  };
  const instances = [...baseline.instances];
  const variants: Variant[] = [...baseline.variants];
  for (const { name, graph } of ablated) {
    const numbers = structure.numbersOf(graph, { graph: baseline, numbers: own });
    const merged: number[] = [];
    for (const [i, instance] of graph.instances.entries()) {
      const twin = twinOf(instance, i);
      if (twin !== undefined && own[twin] === numbers[i]) merged.push(twin);
      else merged.push(instances.push(ablate(instance, name, merged)) - 1);
    }
    const results = graph.results.map((ref) => moved(ref, merged));
    variants.push({ ablation: name, instances: merged, results });
  }
  return { ...baseline, instances, variants, results: union(variants) };
}

/** Whether an ablation comes out as the baseline, instance for instance. */
export function isBaseline({ variants }: Graph, ablation: string): boolean {
  const [own, other] = [undefined, ablation].map((name) =>
    variants.find((variant) => variant.ablation === name),
  );
  const same = (a: readonly unknown[], b: readonly unknown[]) =>
    JSON.stringify(a) === JSON.stringify(b);
  const sorted = (variant: Variant) => variant.instances.toSorted((a, b) => a - b);
  return same(sorted(own!), sorted(other!)) && same(own!.results, other!.results);
}

function ablate(instance: Instance, ablation: string, merged: readonly number[]): Instance {
  const { stage, coordinate, shown, inputs } = instance;
  const named = (of: Coordinate) =>
    instanceId(stage, coordinateOf([...Object.entries(of), ["ablation", ablation]]));
  const id = named(coordinate);
  const names = { ablation, id, label: shown === coordinate ? id : named(shown) };
  return { ...instance, ...names, inputs: rewire(inputs, merged) };
}

function rewire(
  inputs: Instance["inputs"],
  indices: { readonly [index: number]: number },
): Instance["inputs"] {
  const edges: Record<string, Edge> = {};
  for (const [port, edge] of Object.entries(inputs)) setOwn(edges, port, movedEdge(edge, indices));
  return edges;
}

/** By the numbers that they are moved to: many instances may share one edge, and go on to. */
const movedEdges = new WeakMap<object, Map<Edge, Edge>>();

function movedEdge(edge: Edge, indices: { readonly [index: number]: number }): Edge {
  if (edge.kind === "one") return moved(edge, indices);
  const known = movedEdges.get(indices) ?? new Map<Edge, Edge>();
  movedEdges.set(indices, known);
  const members = () => edge.members.map((member) => moved(member, indices));
  const found = known.get(edge) ?? { ...edge, members: members() };
  known.set(edge, found);
  return found;
}

function moved<T extends PortRef>(ref: T, indices: { readonly [index: number]: number }): T {
  const instance = indices[ref.instance]!;
  return instance === ref.instance ? ref : { ...ref, instance };
}

/** The results of all variants; what they share once. */
function union(variants: readonly Variant[]): PortRef[] {
  const all = variants.flatMap(({ results }) => results);
  return [...new Map(all.map((ref) => [`${ref.instance} ${ref.port}`, ref])).values()];
}

/** The graph of the ablations and of what they need, without the rest of the baseline. */
export function withoutBaseline(graph: Graph): Graph {
  const variants = graph.variants.filter(({ ablation }) => ablation !== undefined);
  const needed = new Set<number>(variants.flatMap(({ instances }) => instances));
  for (let i = graph.instances.length - 1; i >= 0; i--) {
    if (!needed.has(i)) continue;
    for (const edge of Object.values(graph.instances[i]!.inputs)) {
      for (const { instance } of edge.kind === "one" ? [edge] : edge.members) needed.add(instance);
    }
  }
  const kept = [...graph.instances.keys()].filter((i) => needed.has(i));
  const indices: number[] = [];
  for (const [now, before] of kept.entries()) indices[before] = now;
  return {
    ...graph,
    instances: kept.map((i) => {
      const instance = graph.instances[i]!;
      return { ...instance, inputs: rewire(instance.inputs, indices) };
    }),
    variants: variants.map((variant) => ({
      ...variant,
      instances: variant.instances.map((i) => indices[i]!),
      results: variant.results.map((ref) => moved(ref, indices)),
    })),
    results: union(variants).map((ref) => moved(ref, indices)),
    figures: [], // They are the baseline's.
  };
}

/**
 * Tables of conclusions → what they come to. Reads the store, computes nothing, and knows a node type
 * only by what it says in `concludes`.
 */
import { type Graph, type Instance, noteOn, readTables } from "../../engine/index.ts";
import type { Concludes } from "../../engine/node-type.ts";
import { MissingObject } from "../../store/errors.ts";
import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { Table } from "../../table/schema.ts";
import { groupBy } from "../../text/group.ts";
import type { Conclusion, Conclusions, Fact, MetricNote } from "./conclusions.ts";
import { groupsOf } from "./groups.ts";
import { headlineOf } from "./headline.ts";
import { portsOf, readFacts, readRows } from "./rows.ts";

/**
 * One summary for each stage that concludes and each variant of the graph, the baseline first. What
 * has no record, or whose bytes are gone, is listed as missing.
 *
 * @param recordOf - by index into `graph.instances`
 */
export async function summarize(
  store: Store,
  graph: Graph,
  recordOf: (instance: number) => Pick<StoreRecord, "outputs"> | undefined,
): Promise<Conclusions[]> {
  const known = new Map<number, Promise<Found | undefined>>();
  const read = (index: number) => {
    const reading = known.get(index) ?? conclusionsOf(store, graph, index, recordOf(index));
    known.set(index, reading);
    return reading;
  };
  const summaries: Conclusions[] = [];
  for (const { ablation, instances } of graph.variants) {
    const concluding = instances.filter((index) => graph.instances[index]!.node.type.concludes);
    for (const [stage, indices] of groupBy(concluding, (index) => graph.instances[index]!.stage)) {
      const rows: Conclusion[] = [];
      const facts: Fact[] = [];
      const missing: string[] = [];
      for (const index of indices) {
        const found = await read(index);
        rows.push(...(found?.rows ?? []));
        facts.push(...(found?.facts ?? []));
        if (!found) missing.push(graph.instances[index]!.id);
      }
      const shared =
        ablation !== undefined && indices.every((index) => !graph.instances[index]!.ablation);
      const { node, params } = graph.instances[indices[0]!]!;
      const { port, verdicts, groups = "" } = node.type.concludes!;
      const texts = Object(Object.hasOwn(params, groups) ? params[groups] : {});
      const order = Object.keys(verdicts);
      const grouped = groupsOf(rows, facts, order, texts);
      summaries.push({
        ...{ stage, port, ablation, shared, verdicts, rows, missing },
        groups: grouped,
        ...headlineOf(grouped, order),
        notAsExpected: rows.filter((row) => row.expectation === "missed"),
        undecided: rows.filter((row) => !row.decided || row.expectation === "open"),
      });
    }
  }
  return summaries;
}

interface Found {
  readonly rows: readonly Conclusion[];
  readonly facts: readonly Fact[];
}

async function conclusionsOf(
  store: Store,
  graph: Graph,
  index: number,
  record: Pick<StoreRecord, "outputs"> | undefined,
): Promise<Found | undefined> {
  const instance = graph.instances[index]!;
  const { id, shown, node } = instance;
  const concludes = node.type.concludes as Concludes;
  const tables = new Map<string, Table>();
  for (const port of record ? portsOf(concludes) : []) {
    const table = await readPort(store, record!, port);
    if (table) tables.set(port, table);
  }
  // Without another port's columns, the conclusions still are what they are.
  if (!tables.has(concludes.port)) return undefined;
  const place = Object.entries(shown).map(([axis, value]) => `${axis}=${value}`);
  const noteOnMetric = (metric: string) => noteOf(graph, instance, metric);
  const at = { id, place: place.join(","), noteOnMetric };
  const rows = readRows(concludes, tables, at);
  return { rows, facts: readFacts(concludes, tables, rows, at) };
}

/** A port of an instance, by its index. */
type Made = Graph["results"][number];

/** What the node type says that made the column, of the first input that has it. */
function noteOf({ instances }: Graph, { inputs }: Instance, metric: string): MetricNote {
  const dot = metric.lastIndexOf(".");
  const name = metric.slice(dot + 1);
  const edges = dot < 0 ? Object.values(inputs) : [inputs[metric.slice(0, dot)]];
  const refs = edges.flatMap((edge): readonly Made[] => {
    if (!edge) return [];
    return edge.kind === "one" ? [edge] : edge.members;
  });
  const notes = refs.map(({ instance, port }) =>
    noteOn(instances[instance]!.node.type, port, name),
  );
  return { name, note: notes.find((note) => note !== undefined) ?? "" };
}

async function readPort(
  store: Store,
  { outputs }: Pick<StoreRecord, "outputs">,
  port: string,
): Promise<Table | undefined> {
  const artifact = outputs[port];
  if (!artifact) return undefined;
  try {
    const [table] = await readTables(store, [{ coordinate: {}, artifact }]);
    return table;
  } catch (error) {
    if (error instanceof MissingObject) return undefined;
    throw error;
  }
}

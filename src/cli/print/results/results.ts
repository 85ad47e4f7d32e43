/**
 * Prints the results of a run: tables, the baseline's and then those that an ablation does not share;
 * and last what the tables of conclusions come to.
 */
import {
  type Conclusions,
  type Graph,
  type Opened,
  type RunSummary,
  readTables,
  summarize,
} from "../../../index.ts";
import { groupBy } from "../../../text/group.ts";
import { plural } from "../../../text/plural.ts";
import { commandLine } from "../command.ts";
import { printTable, widthOf } from "../table.ts";
import { out } from "../terminal.ts";
import { conclusionLines, differenceLines } from "./conclusions.ts";
import { describeTable } from "./describe.ts";

type Result = RunSummary["results"][number];

/** How many ablations to print; `show` and `compare` have the others. */
const maxAblations = 8;
/** How many commands to name for stages that conclude. */
const maxHints = 3;
/** A table with more rows is described, not printed. */
const maxRows = 40;

/** @param compared - what follows compares ablations with the baseline: its tables are enough */
export async function printResults(
  file: string,
  { graph, set }: Opened,
  summary: RunSummary,
  compared: boolean,
): Promise<void> {
  const found = new Map(summary.results.map((result) => [nameOf(result), result]));
  const variants = graph.variants.slice(0, compared ? 1 : maxAblations + 1);
  for (const { ablation, results } of variants) {
    const own = results.flatMap(({ instance, port }) => {
      const { id, node } = graph.instances[instance]!;
      const result = found.get(`${id}.${port}`);
      return result && node.type.concludes?.port !== port ? result : [];
    });
    for (const [name, members] of groupBy(
      own,
      ({ instance, port }) => `${instance.stage}.${port}`,
    )) {
      const shared = members.every(({ instance }) => instance.ablation === undefined);
      const of = ablation === undefined ? "" : `, ablation ${ablation}`;
      const note = ablation !== undefined && shared ? ": the baseline's" : "";
      out.print("", `${name}${of}${note}`);
      const { instance, port } = members[0]!;
      const pattern = ablation ? `${instance.stage}[ablation=${ablation}].${port}` : name;
      const more = commandLine("show", file, set, pattern);
      if (note === "") await printMembers(summary, members, more);
    }
  }
  await printConclusions(file, { graph, set }, summary);
  const rest = graph.variants.length - variants.length;
  const [first] = graph.results;
  if (rest > 0 && first) {
    const { stage } = graph.instances[first.instance]!;
    const hint = commandLine("show", file, [], `${stage}[ablation=NAME]`);
    const more = compared ? plural(rest, "ablation") : plural(rest, "more ablation");
    out.print("", `tables of ${more}: ${hint}`);
  }
}

/** Prints instances as one table: their axes are the first columns. */
async function printMembers(
  summary: RunSummary,
  members: readonly Result[],
  more: string,
): Promise<void> {
  const artifacts = members.map(({ instance, port, record }) => ({
    coordinate: instance.coordinate,
    artifact: record.outputs[port]!,
  }));
  for (const table of await readTables(summary.store, artifacts)) {
    if (table.rows > maxRows) out.text(describeTable(table, more));
    else printTable(table, maxRows);
  }
}

/** The baseline's in full; of an ablation, what it changes. */
async function printConclusions(
  file: string,
  { graph, set }: Pick<Opened, "graph" | "set">,
  { results, store }: RunSummary,
): Promise<void> {
  const records = new Map(results.map(({ instance, record }) => [instance.id, record]));
  const recordOf = (index: number) => records.get(graph.instances[index]!.id);
  const wanted = concludingResults(graph);
  const all = await summarize(store, shortened(graph), recordOf);
  const summaries = all.filter(({ stage, port, rows }) => {
    return rows.length > 0 && wanted.has(`${stage}.${port}`);
  });
  const baselines = new Map<string, Conclusions>();
  const frame = { width: widthOf(out) };
  for (const one of summaries) {
    const baseline = baselines.get(one.stage);
    if (one.ablation === undefined) baselines.set(one.stage, one);
    const lines = baseline ? differenceLines(one, baseline, frame) : conclusionLines(one, frame);
    out.print("", ...lines);
  }
  if (summaries.length === 0) return;
  // An ablation's are looked up by its name only where it has no baseline beside it.
  const shown = summaries.filter(({ stage, ablation }) => {
    return ablation === undefined || !baselines.has(stage);
  });
  const patterns = shown.slice(0, maxHints).map(({ stage, ablation }) => {
    return ablation === undefined ? stage : `${stage}[ablation=${ablation}]`;
  });
  out.print(
    "",
    ...patterns.map((pattern) => `every verdict:  ${commandLine("show", file, set, pattern)}`),
    `with pictures:  ${commandLine("report", file, set)}`,
  );
}

/** `stage.port` of the results that are tables of conclusions. */
function concludingResults(graph: Graph): ReadonlySet<string> {
  const names = graph.variants.flatMap(({ results }) =>
    results.flatMap(({ instance, port }) => {
      const { stage, node } = graph.instances[instance]!;
      return node.type.concludes?.port === port ? `${stage}.${port}` : [];
    }),
  );
  return new Set(names);
}

function shortened(graph: Graph): Graph {
  return { ...graph, variants: graph.variants.slice(0, maxAblations + 1) };
}

function nameOf({ instance, port }: Result): string {
  return `${instance.id}.${port}`;
}

/** Prints the results of a run: the baseline's, then those that each ablation does not share. */
import { type Graph, type RunSummary, readTables } from "../../index.ts";
import { groupBy } from "../../text/group.ts";
import { shellWord } from "../../text/shell.ts";
import { printTable } from "./table.ts";
import { out } from "./terminal.ts";

type Result = RunSummary["results"][number];

/** How many ablations to print; `show` and `compare` have the others. */
const maxAblations = 8;
const maxRows = 40;

export async function printResults(file: string, graph: Graph, summary: RunSummary): Promise<void> {
  const found = new Map(summary.results.map((result) => [nameOf(result), result]));
  for (const { ablation, results } of graph.variants.slice(0, maxAblations + 1)) {
    const own = results.flatMap(({ instance, port }) => {
      return found.get(`${graph.instances[instance]!.id}.${port}`) ?? [];
    });
    for (const [name, members] of groupBy(
      own,
      ({ instance, port }) => `${instance.stage}.${port}`,
    )) {
      const shared = members.every(({ instance }) => instance.ablation === undefined);
      const of = ablation === undefined ? "" : `, ablation ${ablation}`;
      const note = ablation !== undefined && shared ? ": the baseline's" : "";
      out.print("", `${name}${of}${note}`);
      if (note === "") await printMembers(summary, members);
    }
  }
  const rest = graph.variants.length - maxAblations - 1;
  const [first] = graph.results;
  if (rest > 0 && first) {
    const { stage } = graph.instances[first.instance]!;
    const hint = `blockspin show ${shellWord(file)} ${shellWord(`${stage}[ablation=NAME]`)}`;
    out.print("", `${rest} more ablations have results: ${hint}`);
  }
}

/** Prints instances as one table: their axes are the first columns. */
async function printMembers(summary: RunSummary, members: readonly Result[]): Promise<void> {
  const artifacts = members.map(({ instance, port, record }) => ({
    coordinate: instance.coordinate,
    artifact: record.outputs[port]!,
  }));
  for (const table of await readTables(summary.store, artifacts)) printTable(table, maxRows);
}

function nameOf({ instance, port }: Result): string {
  return `${instance.id}.${port}`;
}

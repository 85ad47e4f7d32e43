/** What to do next after a run: with what failed, and with what was made. */
import { type Graph, mainPort, producers, type RunState, selectInstances } from "../../index.ts";
import { groupBy } from "../../text/group.ts";
import { commandLine } from "./command.ts";
import { count } from "./shared.ts";

/** How many stages to name. */
const maxStages = 8;

/** Where a failure stopped work that does not depend on it. */
export function keepGoingHint(graph: Graph, states: ReadonlyMap<string, RunState>): string[] {
  if (![...states.values()].includes("failed")) return [];
  const blocked = new Set<number>();
  let others = 0;
  for (const [index, { id, inputs }] of graph.instances.entries()) {
    const state = states.get(id);
    const above = Object.values(inputs).flatMap(producers);
    if (state === "failed" || above.some((producer) => blocked.has(producer))) blocked.add(index);
    else if (state === "skipped") others++;
  }
  if (others === 0 || blocked.size === 0) return [];
  const what = others === 1 ? "1 skipped instance does" : `${others} skipped instances do`;
  return [`  = ${what} not depend on what failed: with --keep-going, such work goes on`];
}

/** How to look at what was made, for a pipeline that does not say what to print. */
export function madeHint(file: string, graph: Graph, only: readonly string[] = []): string[] {
  if (graph.results.length > 0) return [];
  const wanted = selectInstances(graph, only);
  const read = new Uint8Array(graph.instances.length);
  for (const { inputs } of graph.instances) {
    for (const edge of Object.values(inputs)) for (const index of producers(edge)) read[index] = 1;
  }
  const ends = graph.instances.filter(({ ablation }, index) => {
    return ablation === undefined && (!wanted || wanted.has(index)) && read[index] === 0;
  });
  const stages = [...groupBy(ends, ({ stage }) => stage)];
  if (stages.length === 0) return [];
  const lines = stages.slice(0, maxStages).map(([stage, members]) => {
    const { outputs } = members[0]!;
    const ports = Object.keys(outputs);
    const main = mainPort(outputs);
    const name = main === undefined ? `${stage}.${ports[0]}` : stage;
    const others = ports.filter((port) => port !== (main ?? ports[0]));
    const more =
      others.length > 0 ? `; also ${others.map((port) => `${stage}.${port}`).join(", ")}` : "";
    const command = commandLine("show", file, [], name);
    return `  ${command}  (${count(members.length, "instance")}${more})`;
  });
  const rest = stages.length - maxStages;
  return [
    "the file names no results:, which a run prints; look at what was made with",
    ...lines,
    ...(rest > 0 ? [`  and ${count(rest, "more stage")}`] : []),
  ];
}

/** Finds a run in the journal, opens its pipeline, and finds the artifacts that the run made. */
import type { Edge, Graph, PortRef } from "../engine/graph.ts";
import { findRun, type PastRun } from "../engine/history/runs.ts";
import { type Opened, planPipeline } from "../engine/index.ts";
import { ablationsIn, matchPattern } from "../engine/plan/pattern.ts";
import { UsageError } from "../engine/usage-error.ts";
import type { Store } from "../store/store.ts";
import { type CrateArtifact, type CrateFile, nameOf } from "./content.ts";

export interface OpenedRun {
  /** With the ablations that the run had. */
  readonly opened: Opened;
  readonly store: Store;
  readonly run: PastRun;
}

/** Opens the pipeline with the ablations that ids or patterns name. */
export type OpenWith = (names: readonly string[]) => Promise<Opened>;

/**
 * Throws `UsageError` if there is no such run, or if the pipeline is no longer the one that ran.
 *
 * @param name - as `blockspin runs` has it, or `latest~1`
 */
export async function openRun(
  open: OpenWith,
  name: string,
  patterns: readonly string[],
): Promise<OpenedRun> {
  const first = await open(patterns);
  const { store } = await planPipeline(first);
  const run = findRun(store, first.graph.name, name);
  const ids = [...run.keys.keys()];
  const opened = ablationsIn(ids).length > 0 ? await open(ids) : first;
  const { plan } = await planPipeline(opened, [], store);
  const now = new Map(opened.graph.instances.map(({ id }, index) => [id, plan[index]?.key]));
  const changed = ids.filter(
    (id) => !now.has(id) || (now.get(id) ?? run.keys.get(id)) !== run.keys.get(id),
  );
  if (changed.length > 0) {
    const more = changed.length > 1 ? `, and so have ${changed.length - 1} more` : "";
    throw new UsageError(
      `the pipeline is not the one of run ${run.name}: ${changed[0]} has changed${more}`,
      "bring back the files of that run, and give the same --set",
    );
  }
  return { opened, store, run };
}

/** An artifact that is not a file yet. */
export type RunArtifact = Omit<CrateArtifact, keyof CrateFile>;

/**
 * The outputs that the patterns name, each once; without patterns, the results. Throws `UsageError`
 * for one that the run does not have.
 */
export function artifactsOf(
  { opened: { graph }, run, store }: OpenedRun,
  patterns: readonly string[],
): RunArtifact[] {
  const wanted = patterns.length > 0 ? portsNamed(graph, patterns) : resultsOf(graph, run);
  const artifacts = wanted.map(({ instance, port }): RunArtifact => {
    const { id, stage, inputs } = graph.instances[instance]!;
    const key = run.keys.get(id);
    const record = key === undefined ? undefined : store.getRecord(key);
    if (!record) {
      const why = key === undefined ? "was not computed in" : "is no longer in the store:";
      throw new UsageError(`${id} ${why} run ${run.name}`, "blockspin runs lists the runs");
    }
    const artifact = Object.hasOwn(record.outputs, port) && record.outputs[port];
    if (!artifact) {
      const known = `outputs: ${Object.keys(record.outputs).join(", ")}`;
      throw new UsageError(`${id} has no output ${JSON.stringify(port)}`, known);
    }
    const reads = Object.values(inputs).flatMap(sourcesOf);
    return { id, stage, port, artifact, record, reads: reads.map((ref) => nameIn(graph, ref)) };
  });
  return [...new Map(artifacts.map((one) => [nameOf(one), one])).values()];
}

function portsNamed(graph: Graph, patterns: readonly string[]): PortRef[] {
  return patterns.flatMap((pattern) => {
    const { indices, port } = matchPattern(graph, pattern);
    return indices.flatMap((instance) => {
      const ports = port === undefined ? Object.keys(graph.instances[instance]!.outputs) : [port];
      return ports.map((name) => ({ instance, port: name }));
    });
  });
}

function resultsOf({ results, instances }: Graph, run: PastRun): readonly PortRef[] {
  return results.filter(({ instance }) => run.keys.has(instances[instance]!.id));
}

function sourcesOf(edge: Edge): readonly PortRef[] {
  return edge.kind === "one" ? [edge] : edge.members;
}

function nameIn({ instances }: Graph, { instance, port }: PortRef): string {
  return nameOf({ id: instances[instance]!.id, port });
}

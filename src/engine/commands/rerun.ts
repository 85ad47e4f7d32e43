/**
 * Computes a sample of recorded actions again and compares bytes; where those differ, it compares
 * numbers with the tolerance that the node type declares. Changes no record.
 */
import pLimit from "p-limit";
import type { Store } from "../../store/store.ts";
import { readArtifact } from "../../store/tables.ts";
import { concatTables } from "../../table/concat.ts";
import type { Artifact, Table } from "../../table/schema.ts";
import type { Opened } from "../open/open.ts";
import { own } from "../own.ts";
import { keyed } from "../plan/key.ts";
import { leavesOf } from "../run/divide.ts";
import type { Executor } from "../run/executors/executor.ts";
import { type Executors, makeExecutor } from "../run/executors/index.ts";
import { type Job, jobOf, judgeOf } from "../run/job.ts";
import { performWithin } from "../run/limits.ts";
import { inputArtifacts } from "../run/workplace.ts";
import { tableDifferences } from "./difference.ts";
import { planPipeline } from "./plan.ts";

export interface RerunOptions {
  /** The share of recorded actions to compute, 0 to 1; at least one is. */
  readonly fraction: number;
  readonly jobs?: number | undefined;
  readonly signal?: AbortSignal;
  /** The executors that a configuration may name (default: those that ship). */
  readonly executors?: Executors;
  /** Draws the sample; default `Math.random`. */
  random?(): number;
  onProgress?(done: number, total: number): void;
}

/** An output port whose bytes differ. */
export interface Difference {
  readonly id: string;
  readonly port: string;
  /** The column that is furthest beyond its tolerance; empty if the number of rows differs. */
  readonly column: string;
  readonly relative: number;
  /** What the node type allows there. */
  readonly tolerance: number;
}

export interface Rerun {
  /** How many actions were computed again, and how many are recorded. */
  readonly sampled: number;
  readonly recorded: number;
  /** How many came out with the same bytes. */
  readonly same: number;
  /** Differences within the tolerance, and beyond it, in the order of the graph. */
  readonly within: readonly Difference[];
  readonly beyond: readonly Difference[];
  /** Actions that could not be computed again. */
  readonly failed: readonly { readonly id: string; readonly message: string }[];
}

/** Nobody follows what an action that is computed again says. */
const unheard = { progress: () => {}, log: () => {} };

interface Sampled {
  readonly id: string;
  readonly job: Job;
  readonly outputs: Readonly<Record<string, Artifact>>;
}

export async function rerunSample(opened: Opened, options: RerunOptions): Promise<Rerun> {
  const { jobs = opened.jobs } = options;
  const executor = makeExecutor(opened.executor, jobs, options.executors);
  const { plan, store } = await planPipeline(opened);
  const { graph, facts } = opened;
  const all = graph.instances.flatMap((instance, index): Sampled[] => {
    const planned = plan[index];
    if (!planned?.record) return [];
    const job = jobOf(instance, keyed(planned.preimage!), (i) => plan[i]!.record!, facts, store);
    return leavesOf(job).flatMap((leaf) => {
      const record = store.getRecord(leaf.action.key, judgeOf(leaf));
      return record ? [{ id: instance.id, job: leaf, outputs: record.outputs }] : [];
    });
  });
  const chosen = sample(all, options.fraction, options.random ?? Math.random);
  const differences: Difference[] = [];
  const failed: { id: string; message: string }[] = [];
  let [done, same] = [0, 0];
  try {
    await pLimit(jobs).map(chosen, async (one) => {
      if (options.signal?.aborted) return;
      try {
        const found = await rerun(one, executor, store, options.signal);
        differences.push(...found);
        if (found.length === 0) same++;
      } catch (error) {
        failed.push({ id: one.id, message: (error as Error).message });
      }
      done++;
      options.onProgress?.(done, chosen.length);
    });
  } finally {
    await executor.close();
    await store.close(0);
  }
  const place = new Map(graph.instances.map(({ id }, index) => [id, index]));
  const inOrder = <T extends { readonly id: string }>(items: readonly T[]) =>
    [...items].sort((a, b) => place.get(a.id)! - place.get(b.id)!);
  return {
    ...{ sampled: done, recorded: all.length, same, failed: inOrder(failed) },
    within: inOrder(differences.filter(({ relative, tolerance }) => relative <= tolerance)),
    beyond: inOrder(differences.filter(({ relative, tolerance }) => relative > tolerance)),
  };
}

/** Draws without replacement, in the given order; at least one item, unless there is none. */
function sample<T>(items: readonly T[], fraction: number, random: () => number): T[] {
  const drawn = items.map((item) => ({ item, at: random() })).sort((a, b) => a.at - b.at);
  const chosen = new Set(
    drawn.slice(0, Math.max(1, Math.ceil(fraction * items.length))).map(({ item }) => item),
  );
  return items.filter((item) => chosen.has(item));
}

async function rerun(
  { id, job, outputs }: Sampled,
  executor: Executor,
  store: Store,
  signal = new AbortController().signal,
): Promise<Difference[]> {
  await store.fetch(inputArtifacts(job));
  // Continues no earlier result, which may be what is wrong.
  const action = { ...job.action, prefixes: [], publishEvery: Number.MAX_SAFE_INTEGER };
  const result = await performWithin(executor, action, job, { ...unheard, signal });
  const differences: Difference[] = [];
  for (const [port, before] of Object.entries(outputs)) {
    const after = own(result.outputs, port);
    if (after?.digest === before.digest) continue;
    const worst = after && (await worstOf(job, before, after, store));
    const none = { column: "", relative: Number.POSITIVE_INFINITY, tolerance: 0 };
    differences.push({ id, port, ...(worst ?? none) });
  }
  return differences;
}

/** The column that is furthest beyond its tolerance. */
async function worstOf(job: Job, before: Artifact, after: Artifact, store: Store) {
  const [a, b] = [await read(store, before), await read(store, after)];
  const { tolerance = {} } = job.type;
  const differing = tableDifferences(a, b).map((difference) => ({
    ...difference,
    tolerance: own(tolerance, difference.column) ?? tolerance["*"] ?? 0,
  }));
  return differing.sort((x, y) => y.relative - y.tolerance - (x.relative - x.tolerance))[0];
}

async function read(store: Store, artifact: Artifact): Promise<Table> {
  const tables: Table[] = [];
  for await (const table of readArtifact(store, artifact)) tables.push(table);
  return concatTables(artifact.schema, tables);
}

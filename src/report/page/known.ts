/**
 * What is known of each instance: from a plan, from an earlier run, or, while a run goes on, from its
 * events. All that the page shows follows from this and the graph.
 */
import type { Graph, PastRun, Planning } from "../../engine/index.ts";
import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import { push } from "../../text/group.ts";
import type { Progress, Tally } from "./model.ts";

export interface Known {
  readonly progress: Progress;
  readonly key: string | undefined;
  readonly record: StoreRecord | undefined;
  /** Computed by the run that the page is about. */
  readonly fresh: boolean;
  readonly error?: string | undefined;
  readonly log?: readonly string[] | undefined;
  reason(): string;
}

/** What is cached now; an instance that failed last time, with the key that it has now, is failed. */
export function knownNow(
  { instances }: Graph,
  { plan, store, past, reason }: Planning,
  latest: PastRun | undefined,
): Known[] {
  return instances.map(({ id }, index): Known => {
    const planned = plan[index]!;
    const { key } = planned;
    const record = planned.record && store.getRecord(planned.record.key);
    const because = () => reason(index)[0] ?? "";
    if (planned.state === "cached" && record) {
      const fresh = latest?.ended.get(id)?.state === "ran" && latest.keys.get(id) === key;
      return { progress: "cached", key, record, fresh, reason: because };
    }
    const last = planned.state === "run" ? past.last.get(id) : undefined;
    const failed = last?.state === "failed" && last.key === key ? last : undefined;
    return {
      ...{ progress: failed ? "failed" : planned.state, key, record: undefined, fresh: false },
      ...(failed ? { error: failed.error, log: failed.log } : {}),
      reason: because,
    };
  });
}

/** What an earlier run had; the graph of that run is gone, so it goes by ids. */
export function knownThen({ instances }: Graph, run: PastRun, store: Store): Known[] {
  return instances.map(({ id }): Known => {
    const key = run.keys.get(id);
    const record = key === undefined ? undefined : store.getRecord(key);
    const { state, error, log } = run.ended.get(id) ?? {};
    const progress = record ? "cached" : state === "failed" || state === "skipped" ? state : "run";
    const fresh = state === "ran";
    const reason = () =>
      key === undefined
        ? "not part of that run"
        : record
          ? ""
          : "its record is gone from the store";
    return { progress, key, record, fresh, error, log, reason };
  });
}

export function tally(known: Iterable<Known>): Tally {
  const counts = { cached: 0, run: 0, unknown: 0, running: 0, failed: 0, skipped: 0 };
  for (const { progress } of known) counts[progress]++;
  return counts;
}

/** Indices of the baseline's instances by stage, in the order of the graph. */
export function byStage(graph: Graph): Map<string, number[]> {
  const stages = new Map<string, number[]>();
  for (const index of graph.variants[0]!.instances) {
    push(stages, graph.instances[index]!.stage, index);
  }
  return stages;
}

/** Bytes of the objects that some instances have, each object once. */
export function bytesOf(known: Iterable<Known>): number {
  const sizes = new Map<string, number>();
  for (const { record } of known) {
    for (const { chunks } of Object.values(record?.outputs ?? {})) {
      for (const { digest, bytes } of chunks) sizes.set(digest, bytes);
    }
  }
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}

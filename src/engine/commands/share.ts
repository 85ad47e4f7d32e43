/** Pushes and pulls what a pipeline has computed. Computes nothing. */
import pLimit from "p-limit";
import { artifactsOf, type KnownRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { ActionKey, Digest } from "../../table/digest.ts";
import type { Graph } from "../graph.ts";
import type { Opened } from "../open/open.ts";
import { lineageOf } from "../plan/key.ts";
import { ancestors, type Plan } from "../plan/plan.ts";
import { openStore } from "../project/open-store.ts";
import { isPresent } from "../run/prefixes.ts";
import { UsageError } from "../usage-error.ts";
import { namedInstances, planPipeline } from "./plan.ts";

/** As many as a remote takes at a time. */
const RECORDS_AT_A_TIME = 32;

export interface PushOptions {
  /** Also signs records that were computed without a key. */
  readonly sign?: boolean;
  onProgress?(done: number, total: number): void;
}

export interface Pushed {
  /** How many records every remote has now, and how many some remote lacks. */
  readonly done: number;
  readonly failed: number;
  /** How many were pushed without a signature. */
  readonly unsigned: number;
  /** To be closed. */
  readonly store: Store;
}

/**
 * Uploads what the patterns name, with its bytes, and the records of all that it was computed from:
 * without those, no plan finds it. Uploads everything if there is no pattern.
 */
export async function pushPipeline(
  opened: Opened,
  patterns: readonly string[],
  options: PushOptions = {},
): Promise<Pushed> {
  const store = openStore(opened.settings, opened.hooks);
  if (store.takers === 0) {
    throw new UsageError(
      "no remote takes uploads",
      "name one with --remote, or write push: true under it in blockspin.config.yaml",
    );
  }
  const { plan } = await planPipeline(
    opened,
    [],
    openStore({ ...opened.settings, remotes: [] }, opened.hooks),
  );
  const keys = keysToPush(opened.graph, plan, patterns, store);
  for (const name of hintsOf(opened.graph, plan, keys)) store.pushHints(name);
  await store.preparePush(keys);
  let [done, failed, unsigned] = [0, 0, 0];
  await pLimit(RECORDS_AT_A_TIME).map(keys, async ([key, withObjects]) => {
    if (options.sign) store.signRecord(key);
    if (!store.getRecord(key)?.signature) unsigned++;
    if (await store.push(key, withObjects)) done++;
    else failed++;
    options.onProgress?.(done + failed, keys.size);
  });
  // What earlier runs left and no pattern names: records of other files, and hints.
  store.resumeUploads();
  return { done, failed, unsigned, store };
}

/** Keys of records to push, each with whether to push its objects. */
function keysToPush(
  graph: Graph,
  plan: Plan,
  patterns: readonly string[],
  store: Store,
): Map<ActionKey, boolean> {
  const chosen = chooseInstances(graph, patterns);
  const keys = new Map<ActionKey, boolean>();
  for (const index of ancestors(graph, chosen)) {
    const record = plan[index]?.record;
    if (!record) continue;
    const whole = chosen.has(index) || keys.get(record.key) === true;
    keys.set(record.key, whole);
    // Parts serve other pipelines too; their objects are those of the whole.
    for (const part of store.getRecord(record.key)?.parts ?? []) {
      if (store.getRecord(part)) keys.set(part, whole || keys.get(part) === true);
    }
  }
  return keys;
}

/** The names under which a longer run looks for what it may continue. */
function hintsOf(graph: Graph, plan: Plan, keys: ReadonlyMap<ActionKey, boolean>): Set<Digest> {
  const names = new Set<Digest>();
  for (const [index, planned] of plan.entries()) {
    const { grows } = graph.instances[index]!.node.type;
    if (!grows || !planned?.preimage || !planned.key || !keys.has(planned.key)) continue;
    names.add(lineageOf(planned.preimage, grows.by));
  }
  return names;
}

export interface Pulled {
  /** How many instances have a record here now, and how many there are. */
  readonly records: number;
  readonly instances: number;
  /** Ids of the instances whose bytes were asked for, and of those whose bytes were not found. */
  readonly wanted: readonly string[];
  readonly missing: readonly string[];
  /** To be closed. */
  readonly store: Store;
}

/**
 * Fetches all records of a pipeline, and the bytes of what the patterns name: of the results if there
 * is no pattern, or of everything.
 */
export async function pullPipeline(
  opened: Opened,
  patterns: readonly string[],
  everything: boolean,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Pulled> {
  const { graph } = opened;
  const { plan, store } = await planPipeline(opened);
  const results = new Set(graph.results.map(({ instance }) => instance));
  const wanted = everything || patterns.length > 0 ? chooseInstances(graph, patterns) : results;
  const there = [...wanted].flatMap((index) => plan[index]?.record ?? []);
  let done = 0;
  const bring = async (record: KnownRecord) => {
    await store.fetch(everything ? artifactsOf(record) : Object.values(record.outputs));
    onProgress(++done, there.length);
  };
  await Promise.all(there.map(bring));
  const isHere = (index: number) => {
    const record = plan[index]?.record;
    return (
      record !== undefined &&
      Object.values(record.outputs).every((artifact) => isPresent(artifact, store))
    );
  };
  const idOf = (index: number) => graph.instances[index]!.id;
  return {
    records: plan.filter((planned) => planned?.record).length,
    instances: graph.instances.length,
    wanted: [...wanted].map(idOf),
    missing: [...wanted].filter((index) => !isHere(index)).map(idOf),
    store,
  };
}

/** Everything, if there is no pattern. */
function chooseInstances(graph: Graph, patterns: readonly string[]): ReadonlySet<number> {
  return patterns.length === 0 ? new Set(graph.instances.keys()) : namedInstances(graph, patterns);
}

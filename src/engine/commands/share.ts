/** Pushes and pulls what a pipeline has computed, or a part of it. Computes nothing. */
import { artifactsOf } from "../../store/record.ts";
import { mapLimit } from "../../store/remote/limit.ts";
import type { Store } from "../../store/store.ts";
import type { Graph } from "../graph.ts";
import { planPipeline } from "../index.ts";
import type { Opened } from "../open/open.ts";
import { matchPattern } from "../plan/pattern.ts";
import { ancestors, type Plan } from "../plan/plan.ts";
import { lineageOf, type Preimage } from "../plan/preimage.ts";
import { openStore } from "../project/open-store.ts";
import { isPresent } from "../run/prefixes.ts";
import { UsageError } from "../usage-error.ts";

const RECORDS_AT_A_TIME = 16;

export interface PushOptions {
  /** Also signs records that were computed before there was a key. */
  readonly sign?: boolean;
  onProgress?(done: number, total: number): void;
}

export interface Pushed {
  /** Records that every remote has now, and that some does not. */
  readonly done: number;
  readonly failed: number;
  /** Of those pushed, without a signature. */
  readonly unsigned: number;
  /** To be closed. */
  readonly store: Store;
}

/**
 * Uploads what the patterns name, with its bytes; and the records alone of all that it was computed
 * from, without which nobody finds it. Everything, if there is no pattern.
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
  let [done, failed, unsigned] = [0, 0, 0];
  await mapLimit([...keys], RECORDS_AT_A_TIME, async ([key, withObjects]) => {
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

/** Keys of records that are here; whether their objects go too. */
function keysToPush(
  graph: Graph,
  plan: Plan,
  patterns: readonly string[],
  store: Store,
): Map<string, boolean> {
  const chosen = chooseInstances(graph, patterns);
  const keys = new Map<string, boolean>();
  for (const index of ancestors(graph, chosen)) {
    const record = plan[index]?.record;
    if (!record) continue;
    const whole = chosen.has(index) || keys.get(record.key) === true;
    keys.set(record.key, whole);
    // Parts are shared with whoever asks for the same; their objects are those of the whole.
    for (const part of record.parts ?? []) {
      if (store.getRecord(part)) keys.set(part, whole || keys.get(part) === true);
    }
  }
  return keys;
}

/** The names under which a longer run looks for what it may continue. */
function hintsOf(graph: Graph, plan: Plan, keys: ReadonlyMap<string, boolean>): Set<string> {
  const names = new Set<string>();
  for (const [index, planned] of plan.entries()) {
    const { grows } = graph.instances[index]!.node.type;
    if (!grows || !planned?.preimage || !keys.has(planned.key ?? "")) continue;
    names.add(lineageOf(planned.preimage as Preimage, grows.by));
  }
  return names;
}

export interface Pulled {
  /** Instances whose record is here now, of all that there are. */
  readonly records: number;
  readonly instances: number;
  /** Ids of those whose bytes were asked for, and of those of them that are nowhere. */
  readonly wanted: readonly string[];
  readonly missing: readonly string[];
  /** To be closed. */
  readonly store: Store;
}

/**
 * Brings all records of a pipeline here, and the bytes of what the patterns name; without a
 * pattern, of its results; or of everything.
 */
export async function pullPipeline(
  opened: Opened,
  patterns: readonly string[],
  everything: boolean,
): Promise<Pulled> {
  const { graph } = opened;
  const { plan, store } = await planPipeline(opened);
  const results = new Set(graph.results.map(({ instance }) => instance));
  const wanted = everything || patterns.length > 0 ? chooseInstances(graph, patterns) : results;
  await store.fetch(
    [...wanted].flatMap((index) => {
      const record = plan[index]?.record;
      if (!record) return [];
      return everything ? artifactsOf(record) : Object.values(record.outputs);
    }),
  );
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
function chooseInstances(graph: Graph, patterns: readonly string[]): Set<number> {
  if (patterns.length === 0) return new Set(graph.instances.keys());
  return new Set(patterns.flatMap((pattern) => matchPattern(graph, pattern).indices));
}

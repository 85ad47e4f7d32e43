/** What `cache gc` has to keep: records that pipelines still need, and pins. */

import type { Store } from "../../store/store.ts";
import { pin, unpin } from "../../store/upkeep/pins.ts";
import type { ActionKey } from "../../table/digest.ts";
import type { Opened } from "../open/open.ts";
import { openStore } from "../project/open-store.ts";
import { namedInstances, planPipeline } from "./plan.ts";

/** Keys of the records that the pipeline needs, as it is now. */
export async function recordedKeys(opened: Opened): Promise<Set<ActionKey>> {
  const { plan } = await planLocally(opened);
  return new Set(plan.flatMap((planned) => (planned?.record ? [planned.record.key] : [])));
}

export interface Pinned {
  /** Ids of the instances that were pinned, or unpinned. */
  readonly changed: readonly string[];
  /** Ids of those without a record, which cannot be pinned; or of those that were not pinned. */
  readonly unchanged: readonly string[];
}

/** Pins or unpins the results of what patterns name. `cache gc` keeps what is pinned. */
export async function pinInstances(
  opened: Opened,
  patterns: readonly string[],
  keep: boolean,
): Promise<Pinned> {
  const { plan, store } = await planLocally(opened);
  const { graph } = opened;
  const changed: string[] = [];
  const unchanged: string[] = [];
  for (const index of namedInstances(graph, patterns)) {
    const { id } = graph.instances[index]!;
    const key = plan[index]?.record?.key;
    const did = key !== undefined && (keep ? pinned(store, key, id) : unpin(store, key));
    (did ? changed : unchanged).push(id);
  }
  return { changed, unchanged };
}

function pinned(store: Store, key: ActionKey, id: string): true {
  pin(store, key, id);
  return true;
}

async function planLocally(opened: Opened) {
  return await planPipeline(opened, [], openStore({ ...opened.settings, remotes: [] }));
}

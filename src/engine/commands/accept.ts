/**
 * Accepts earlier results after a code change that does not matter: the new key gets a record with the
 * old outputs, which says who accepted it, when and why. Descendants are then cached, since their
 * inputs' bytes are the same. Only code may have changed: parameters and inputs make other results.
 */

import { hostname, userInfo } from "node:os";
import { canonicalJson } from "../../store/digest.ts";
import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import { sameColumns } from "../../table/columns.ts";
import type { ActionKey } from "../../table/digest.ts";
import type { Instance } from "../graph.ts";
import type { Opened } from "../open/open.ts";
import { own } from "../own.ts";
import { keyed } from "../plan/key.ts";
import { type Preimage, withoutCode } from "../plan/preimage.ts";
import { type Change, diffPreimages, show } from "../plan/why.ts";
import { UsageError } from "../usage-error.ts";
import { namedInstances, type Planning, planPipeline } from "./plan.ts";

export interface Accepted {
  readonly id: string;
  readonly key: ActionKey;
  /** Key of the earlier record, whose outputs the instance has now. */
  readonly from: ActionKey;
  readonly changes: readonly Change[];
}

/**
 * Accepts the earlier results of the instances that patterns name and that would run, producers first.
 * Throws `UsageError` where more than code changed, before it writes any record of that round.
 */
export async function acceptResults(
  opened: Opened,
  patterns: readonly string[],
  reason: string,
): Promise<readonly Accepted[]> {
  const accepted: Accepted[] = [];
  const targets = targetsOf(opened, patterns);
  for (;;) {
    const planning = await planPipeline(opened);
    const open = targets.filter((index) => isOpen(planning, index));
    if (open.length === 0) {
      refuseUnknown(opened, planning, targets);
      return accepted;
    }
    const found = open.map((index) => {
      const earlier = findEarlier(opened.graph.instances[index]!, planning, index);
      return { index, ...earlier };
    });
    planning.store.prepare();
    for (const { index, record, changes } of found) {
      const { key, preimage } = planning.plan[index]!;
      const { seconds, startedAt, finishedAt, warnings, log } = record;
      const { id, outputs: ports } = opened.graph.instances[index]!;
      const outputs = Object.fromEntries(
        Object.keys(ports).map((port) => [port, record.outputs[port]!]),
      );
      planning.store.putRecord({
        ...{ key: key!, preimage: preimage!, outputs },
        accepted: { from: record.key, reason, by: whoAmI(), at: new Date().toISOString() },
        ...{ seconds, startedAt, finishedAt, warnings, log },
      });
      accepted.push({ id, key: key!, from: record.key, changes });
    }
  }
}

/** Moves accepted records to quarantine: the instances count as not computed. Returns their ids. */
export async function revokeAcceptance(
  opened: Opened,
  patterns: readonly string[],
): Promise<readonly string[]> {
  const targets = targetsOf(opened, patterns);
  const { plan, store } = await planPipeline(opened);
  return targets.flatMap((index) => {
    const { record } = plan[index]!;
    if (!record?.accepted) return [];
    store.quarantineRecord(record.key, "its acceptance was revoked");
    return opened.graph.instances[index]!.id;
  });
}

function targetsOf({ graph }: Opened, patterns: readonly string[]): number[] {
  return [...namedInstances(graph, patterns)].sort((a, b) => a - b);
}

function isOpen({ plan }: Planning, index: number): boolean {
  const planned = plan[index]!;
  return planned.state === "run" && !planned.record;
}

function refuseUnknown({ graph }: Opened, { plan }: Planning, targets: readonly number[]): void {
  const unknown = targets.find((index) => plan[index]!.state === "unknown");
  if (unknown === undefined) return;
  const upstream = plan[unknown]!.waitsFor.map((index) => graph.instances[index]!.stage);
  const hint = `accept or run these first: ${[...new Set(upstream)].join(", ")}`;
  const { label } = graph.instances[unknown]!;
  throw new UsageError(`the inputs of ${label} are not known yet`, hint);
}

/** The earlier result that differs in code alone. Throws `UsageError`. */
function findEarlier(
  instance: Instance,
  { plan, past, store }: Planning,
  index: number,
): { record: StoreRecord; changes: readonly Change[] } {
  const preimage = plan[index]!.preimage!;
  const before = past.history.get(instance.id);
  const record = before && store.getRecord(before.key);
  if (record && isCodeAlone(before.preimage, preimage)) {
    const changes = diffPreimages(before.preimage, preimage);
    return checked(instance, { record, changes });
  }
  const other = searchStore(store, preimage);
  if (other) return checked(instance, other);
  if (!record) {
    throw new UsageError(`${instance.label} has no earlier result`, "blockspin run computes it");
  }
  const [old, fresh] = [before.preimage, preimage].map(withoutCode) as [Preimage, Preimage];
  const more = diffPreimages(old, fresh);
  const shown = more.map(
    ({ field, before, after }) => `${field} (${show(before)} → ${show(after)})`,
  );
  const hint = "only version, code, identity, salt and the content of a program's files may differ";
  throw new UsageError(
    `cannot accept the earlier result of ${instance.label}: it differs in ${shown.join(", ")}`,
    hint,
  );
}

function isCodeAlone(before: Preimage, after: Preimage): boolean {
  return canonicalJson(withoutCode(before)) === canonicalJson(withoutCode(after));
}

/** The newest record that differs in code alone: journals are local, and may be gone. */
function searchStore(store: Store, preimage: Preimage) {
  const own = keyed(preimage).key;
  let newest: { record: StoreRecord; changes: readonly Change[] } | undefined;
  for (const key of store.listRecords()) {
    const record = store.getRecord(key);
    if (record?.preimage["node"] !== preimage.node) continue;
    const before = record.preimage as unknown as Preimage;
    if (key === own || !isCodeAlone(before, preimage)) continue;
    const changes = diffPreimages(before, preimage);
    if (!newest || record.finishedAt > newest.record.finishedAt) newest = { record, changes };
  }
  return newest;
}

/** Throws `UsageError` if the new code declares other columns than the old code made. */
function checked<T extends { record: StoreRecord }>({ label, outputs }: Instance, found: T): T {
  for (const [port, { columns }] of Object.entries(outputs)) {
    const artifact = own(found.record.outputs, port);
    if (artifact && sameColumns(columns, artifact.schema)) continue;
    const message = `cannot accept the earlier result of ${label}: output ${JSON.stringify(port)} has other columns now`;
    throw new UsageError(message);
  }
  return found;
}

function whoAmI(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `@${hostname()}`; // A user id without an entry, as containers have.
  }
}

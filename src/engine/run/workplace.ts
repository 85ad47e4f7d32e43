/**
 * Where an undivided action is obtained: the seam between who wants records (`produce.ts`) and who gets
 * them, on this machine (`here.ts`) or in jobs of a cluster (`cluster/`).
 */
import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { Artifact } from "../../table/schema.ts";
import type { Place } from "../events.ts";
import type { Numbers } from "./action.ts";
import type { Job } from "./job.ts";
import { isPresent } from "./prefixes.ts";

export interface Workplace {
  /**
   * @param bytes - whether the outputs' bytes will be read, so that a record without them is useless
   * Rejects with `ActionFailure`, `Stopped`, or the abort's reason.
   */
  obtain(job: Job, bytes: boolean, watch: Watch): Promise<Made>;
  close(): Promise<void>;
}

/** How many parts of an action ran now; an undivided action is its only part. */
export interface Parts {
  readonly ran: number;
  readonly cached: number;
  /** How many of those that ran continued an earlier result. */
  readonly continued: number;
}

export interface Made {
  readonly record: StoreRecord;
  readonly state: "ran" | "cached";
  readonly parts: Parts;
  /** Seconds of work now, summed over all parts. */
  readonly seconds: number;
  /** Where it ran, if that was not here. */
  readonly place?: Place | undefined;
}

/** What a caller wants to know while an action is obtained. */
export interface Watch {
  /** Order in the queue for slots; higher ones come first. */
  readonly priority?: number;
  /** How many seconds it is expected to take, if anything is known. */
  readonly seconds?: number | undefined;
  /** Whether to start nothing more. */
  stopped(): boolean;
  /** Called when something begins to be computed, once for each part. */
  started(place?: Place): void;
  progress(fraction: number, message: string | undefined, numbers?: Numbers): void;
  /** Called with each line that it prints. */
  log(line: string): void;
  /** Called when another process computes it. */
  waiting(holder: string): void;
  /** Called when a rerun gave other bytes for these ports; the earlier record is in quarantine. */
  differs(ports: readonly string[]): void;
}

/** The run stopped before the action was computed. */
export class Stopped extends Error {}

/** Why a run is given up: another one goes on, which wants these actions and no others. */
export class Replaced extends Stopped {
  readonly wanted: ReadonlySet<string>;
  constructor(wanted: ReadonlySet<string>) {
    super("another run has taken over");
    this.wanted = wanted;
  }
}

/** The record of an action that is here; with `bytes`, only if those are here too. */
export function findHere(store: Store, { action }: Job, bytes: boolean): StoreRecord | undefined {
  const record = store.getRecord(action.key);
  return record && bytes && !isWhole(store, record) ? undefined : record;
}

/** Whether the bytes of all outputs are here. */
export function isWhole(store: Store, { outputs }: StoreRecord): boolean {
  return Object.values(outputs).every((output) => isPresent(output, store));
}

export function fromStore(record: StoreRecord): Made {
  return { record, state: "cached", parts: { ran: 0, cached: 1, continued: 0 }, seconds: 0 };
}

export function inputArtifacts({ action }: Job): readonly Artifact[] {
  const members = Object.values(action.inputs).flatMap((input) => input.members);
  return members.map(({ artifact }) => artifact);
}

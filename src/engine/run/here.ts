/** Obtains undivided actions on this machine: claims what it performs, and waits for what others claimed. */
import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import { compareWith } from "./differ.ts";
import type { Executor } from "./executors/executor.ts";
import type { Job } from "./job.ts";
import { judgeOf } from "./job.ts";
import { keepRecord, noteKept } from "./keep.ts";
import { claimAfterMs, claimLate } from "./late-claim.ts";
import { isolationOf, performWithin } from "./limits.ts";
import { findPrefixes } from "./prefixes.ts";
import { Slots } from "./slots.ts";
import {
  fromStore,
  inputArtifacts,
  isWhole,
  type Made,
  Replaced,
  Stopped,
  type Watch,
  type Workplace,
} from "./workplace.ts";

export interface HereOptions {
  readonly store: Store;
  readonly executor: Executor;
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Aborted with `Replaced`: what runs and is still wanted goes on to its end, all else is stopped. */
  readonly replaced?: AbortSignal | undefined;
  /** Seconds. */
  readonly publishEvery: number;
  /** Whether who performs a small action puts its record into the store, before this process knows. */
  readonly recorded?: boolean;
}

/** To hand an action over and take its result back takes up to a tenth of this. */
const smallSeconds = 0.01;

export class Here implements Workplace {
  readonly #options: HereOptions;
  readonly #slots: Slots;
  /** Seconds of the last actions of a node type. */
  readonly #last = new Map<string, readonly number[]>();

  constructor(options: HereOptions) {
    this.#options = options;
    this.#slots = new Slots(options.jobs);
  }

  async obtain(job: Job, bytes: boolean, watch: Watch): Promise<Made> {
    const { store, executor, signal, replaced } = this.#options;
    const { key } = job.action;
    // Who only waits for another process has nothing to bring to its end.
    const either = replaced ? AbortSignal.any([signal, replaced]) : signal;
    const { threads = 1 } = job.resources;
    let small = false;
    const slots = () => {
      const expected = this.#expected(job, watch);
      const share = expected < smallSeconds ? executor.share?.(expected) : undefined;
      small = share !== undefined;
      return share ?? Math.max(1, Math.ceil(threads));
    };
    const claimed = { priority: watch.priority, slots };
    // The caller has just looked for the record.
    let lookedAt = bytes ? Number.NEGATIVE_INFINITY : performance.now();
    for (;;) {
      const made = await this.#slots.hold(
        signal,
        async () => {
          if (watch.stopped()) throw new Stopped();
          const { claims } = store;
          const claim = small ? claimLate(claims, key) : claims.acquire(key);
          if (!("release" in claim)) return claim.holder;
          try {
            // Another process may have finished it while we waited, which for a small one does no harm.
            const known = small && performance.now() - lookedAt < claimAfterMs;
            const earlier = known ? undefined : store.getRecord(key, judgeOf(job));
            return earlier && (!bytes || isWhole(store, earlier))
              ? fromStore(earlier)
              : await this.#perform(job, watch, small, earlier);
          } finally {
            claim.release();
          }
        },
        claimed,
      );
      if ("record" in made) return made;
      watch.waiting(`${made.host} (process ${made.pid})`);
      await store.claims.waitFor(key, { signal: either });
      either.throwIfAborted();
      lookedAt = Number.NEGATIVE_INFINITY;
    }
  }

  /**
   * How many seconds an action can be expected to take, where that matters: as many as half of the last
   * of its node type did, unless earlier runs say that it takes longer.
   */
  #expected({ type, action, resources }: Job, { seconds = 0 }: Watch): number {
    const { threads = 1, timeout, memory } = resources;
    const alone = threads > 1 || timeout !== undefined || memory !== undefined;
    if (alone || isolationOf(type, action) === "process") return Number.POSITIVE_INFINITY;
    const last = this.#last.get(type.type) ?? [];
    const median = [...last].sort((a, b) => a - b)[last.length >> 1] ?? Number.POSITIVE_INFINITY;
    return Math.max(seconds, median);
  }

  async #perform(
    job: Job,
    watch: Watch,
    small: boolean,
    earlier: StoreRecord | undefined,
  ): Promise<Made> {
    const { store, executor, publishEvery, recorded = false } = this.#options;
    const signal = this.#signalFor(job.action.key);
    const prefixes = await findPrefixes(job, store);
    // The action fails if an input stays missing; then its producer runs again.
    await store.fetch(inputArtifacts(job));
    watch.started();
    const startedAt = new Date();
    // What a signature, a remote or an earlier result asks for is done here.
    const plain = !store.signs && !store.hasRemotes && !earlier && prefixes.length === 0;
    const there = small && recorded && plain ? { recorded: true as const } : {};
    const action = { ...job.action, prefixes, publishEvery, ...there };
    const result = await performWithin(executor, action, job, { ...watch, signal }, small);
    const last = this.#last.get(job.type.type) ?? [];
    this.#last.set(job.type.type, [...last.slice(-4), result.seconds]);
    compareWith(earlier, job, result, store, watch);
    const prefix = prefixes.find((candidate) => candidate.key === result.continues);
    const record = result.kept
      ? noteKept(store, job.action, result, result.kept)
      : keepRecord(store, { ...job, prefix }, result, startedAt);
    const parts = { ran: 1, cached: 0, continued: prefix ? 1 : 0 };
    return { record, state: "ran", parts, seconds: result.seconds };
  }

  /** Aborted when the run is, or when it is replaced by one that does not want the action. */
  #signalFor(key: string): AbortSignal {
    const { signal, replaced } = this.#options;
    if (!replaced) return signal;
    const obsolete = new AbortController();
    const decide = () => {
      const { reason } = replaced;
      if (!(reason instanceof Replaced && reason.wanted.has(key))) obsolete.abort(new Stopped());
    };
    if (replaced.aborted) decide();
    else replaced.addEventListener("abort", decide, { signal: obsolete.signal });
    return AbortSignal.any([signal, obsolete.signal]);
  }

  close(): Promise<void> {
    return this.#options.executor.close();
  }
}

/** When a head does what: submits, reads outcomes, asks the scheduler. Knows only the clock. */
import type { Scheduler } from "./schedulers/scheduler.ts";

/** What becomes ready within this time goes out together, in ms. */
const collectMs = { quiet: 200, least: 1000, most: 5000 };

/** Looking takes at most one part in so many of the time. */
const readShare = 10;

export class Pace {
  readonly tickMs = 50;
  readonly #listMs: number;
  readonly #readMs: { readonly least: number; readonly most: number };
  #firstAdded: number | undefined;
  #lastAdded = 0;
  #nextRead = 0;
  #betweenReads: number;
  #nextList = 0;

  constructor({ list, outcomes }: Scheduler["pace"]) {
    this.#listMs = 1000 * list;
    this.#readMs = { least: 1000 * outcomes.least, most: 1000 * outcomes.most };
    this.#betweenReads = this.#readMs.least;
    this.#nextList = Date.now() + this.#listMs;
  }

  /** How long outcomes may take to appear after the scheduler says that a job has ended. */
  get graceMs(): number {
    return this.#readMs.most;
  }

  added(): void {
    this.#lastAdded = Date.now();
    this.#firstAdded ??= this.#lastAdded;
  }

  isFlushDue(waiting: number): boolean {
    if (waiting === 0) return false;
    const now = Date.now();
    const since = now - (this.#firstAdded ?? now);
    const quiet = now - this.#lastAdded > collectMs.quiet;
    return since > collectMs.most || (since > collectMs.least && quiet);
  }

  flushed(): void {
    this.#firstAdded = undefined;
    this.#betweenReads = this.#readMs.least;
  }

  isReadDue(): boolean {
    return Date.now() >= this.#nextRead;
  }

  /**
   * Where nothing comes, it is looked for less often.
   *
   * @param tookMs - how long it took to look
   */
  read(any: boolean, tookMs: number): void {
    const { least, most } = this.#readMs;
    this.#betweenReads = any ? least : Math.min(most, 1.5 * this.#betweenReads);
    this.#nextRead = Date.now() + Math.max(this.#betweenReads, readShare * tookMs);
  }

  isListDue(): boolean {
    return Date.now() >= this.#nextList;
  }

  listed(): void {
    this.#nextList = Date.now() + this.#listMs;
  }
}

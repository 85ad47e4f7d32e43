/**
 * The journal of a run, begun when it is known whether the run computes anything. One that does
 * needs a store that can be written, before it begins; one that finds everything computed goes on
 * without a journal where the store may only be read, or is full.
 */
import { StoreError } from "../../store/errors.ts";
import { Journal } from "../../store/journal.ts";
import type { Store } from "../../store/store.ts";
import type { Event } from "../events.ts";

export class RunJournal {
  readonly #store: Store;
  readonly #pipeline: string;
  /** Called once, if the run goes on without a journal. */
  readonly #onMissing: (reason: string) => void;
  /** What happened before it was begun. */
  #waiting: Event[] | undefined = [];
  #journal: Journal | undefined;
  #problem: StoreError | undefined;
  #computes = false;

  constructor(store: Store, pipeline: string, onMissing: (reason: string) => void) {
    this.#store = store;
    this.#pipeline = pipeline;
    this.#onMissing = onMissing;
  }

  add(event: Event): void {
    if (this.#waiting) this.#waiting.push(event);
    else if (this.#journal) this.#writing(() => this.#journal?.append(event));
  }

  /** Before a pass over a plan. Throws `StoreError` if it computes what could not be kept. */
  begin(computes: boolean): void {
    this.#computes ||= computes;
    if (this.#problem && computes) throw this.#problem;
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    this.#writing(() => {
      this.#store.prepare();
      this.#journal = Journal.create(this.#store, this.#pipeline);
      for (const event of waiting) this.#journal.append(event);
    });
  }

  /** What comes later is not written any more. */
  close(): void {
    this.#journal?.close();
    this.#journal = undefined;
  }

  #writing(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (this.#computes || !(error instanceof StoreError)) throw error;
      this.#problem = error;
      this.close();
      this.#onMissing(error.message);
    }
  }
}

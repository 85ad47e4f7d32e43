/**
 * The journal of a run, which begins once the plan is known. A run that computes something needs a
 * store that it can write; a run that finds everything cached goes on without a journal if the store
 * is read-only or full.
 */
import { StoreError } from "../../store/errors.ts";
import { Journal, type JournalEvent } from "../../store/journal.ts";
import type { Store } from "../../store/store.ts";

export class RunJournal {
  readonly #store: Store;
  readonly #pipeline: string;
  /** Called once, if the run goes on without a journal. */
  readonly #onMissing: (reason: string) => void;
  /** Events from before the journal began. */
  #waiting: JournalEvent[] | undefined = [];
  #journal: Journal | undefined;
  #problem: StoreError | undefined;
  #computes = false;

  constructor(store: Store, pipeline: string, onMissing: (reason: string) => void) {
    this.#store = store;
    this.#pipeline = pipeline;
    this.#onMissing = onMissing;
  }

  add(event: JournalEvent): void {
    if (this.#waiting) this.#waiting.push(event);
    else if (this.#journal) this.#writing(() => this.#journal?.append(event));
  }

  /** Call before each pass. Throws `StoreError` if the pass would compute what cannot be kept. */
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

  /** Ignores later events. */
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

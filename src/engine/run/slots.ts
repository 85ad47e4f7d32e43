/** Bounds how much happens at once. What waits starts by priority. */

interface Waiting {
  readonly priority: number;
  slots(): number;
  start(taken: number): void;
}

export interface Claimed {
  /** Higher ones come first, equal ones in order. */
  readonly priority?: number | undefined;
  /** How many it takes, or which part of one; capped at the number that exists. Asked when it is the next. */
  slots?(): number;
}

export class Slots {
  readonly #count: number;
  #free: number;
  /** The most urgent first. Nothing overtakes an entry that waits for several slots. */
  readonly #waiting: Waiting[] = [];

  constructor(count: number) {
    this.#count = count;
    this.#free = count;
  }

  /** Does the work when enough slots are free. Does not begin once the signal is aborted. */
  async hold<T>(
    signal: AbortSignal,
    work: () => Promise<T>,
    { priority = 0, slots = () => 1 }: Claimed = {},
  ): Promise<T> {
    const taken = await this.#take(slots, priority);
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      // Later, so that the holder sees the end first and may decide that nothing more starts.
      setImmediate(() => {
        this.#free += taken;
        this.#next();
      });
    }
  }

  #take(slots: () => number, priority: number): Promise<number> {
    return new Promise((start) => {
      const before = this.#waiting.findLastIndex((other) => other.priority >= priority);
      this.#waiting.splice(before + 1, 0, { priority, slots, start });
      this.#next();
    });
  }

  #next(): void {
    for (let [first] = this.#waiting; first; [first] = this.#waiting) {
      // In 1024ths, of which sums are exact: what is taken comes back whole.
      const taken = Math.min(this.#count, Math.ceil(first.slots() * 1024) / 1024);
      if (taken > this.#free) return;
      this.#waiting.shift();
      this.#free -= taken;
      first.start(taken);
    }
  }
}

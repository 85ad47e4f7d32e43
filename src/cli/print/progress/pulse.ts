/** Times that a display keeps: a beat that keeps no process alive, and a value that is not asked for too often. */

export function clockEvery(ms: number, beat: () => void): NodeJS.Timeout {
  const timer = setInterval(beat, ms);
  timer.unref();
  return timer;
}

/** Least ms from one computation to the next. */
const everyMs = 1000;
/** The share of the time that computing may take is one in so many. */
const restPerWork = 50;

/** A value that is computed anew once a second, or less often if that takes long. */
export class Pulse<T> {
  readonly #compute: () => T;
  #value: T | undefined;
  #next = Number.NEGATIVE_INFINITY;

  constructor(compute: () => T) {
    this.#compute = compute;
  }

  get value(): T {
    const before = performance.now();
    if (before >= this.#next) {
      this.#value = this.#compute();
      const after = performance.now();
      this.#next = after + Math.max(everyMs, restPerWork * (after - before));
    }
    return this.#value as T;
  }
}

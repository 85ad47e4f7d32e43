/** Random numbers that are the same on every machine. Imports nothing of ours. */

/** A xoshiro256++ stream. */
export interface Generator {
  /** The 256-bit state as four words: what a WebAssembly kernel seeds its own copy with. */
  state(): BigUint64Array;
  /** Uniform on the integers 0 to 2^32 - 1. */
  uint32(): number;
  /** As many of them as there is room. */
  uint32s(out: Uint32Array): void;
  /** Uniform on [0, 1), a multiple of 2^-53. */
  float64(): number;
  /** Uniform on the integers 0 to n - 1, without modulo bias. */
  below(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Fisher-Yates shuffle, in place; returns its argument. */
  shuffle<T extends { length: number; [i: number]: unknown }>(items: T): T;
}

/**
 * The xoshiro256++ 1.0 generator (Blackman and Vigna, ACM TOMS 47, 36 (2021)), in 32-bit halves
 * because JavaScript has no fast 64-bit integers. Does not know where seeds come from.
 */
import { log } from "../math/index.ts";
import type { Generator } from "./generator.ts";

/**
 * A stream whose state is the given 256 bits: 32 bytes read as four little-endian words, or the
 * words themselves. Throws a RangeError for any other length, and for the all-zero state, which the
 * recurrence never leaves.
 */
export function createGenerator(seed: Uint8Array | BigUint64Array): Generator {
  return new Xoshiro256(stateOf(seed));
}

/** The halves of the four words, low before high, as little-endian bytes have them. */
function stateOf(seed: Uint8Array | BigUint64Array): Int32Array {
  if (seed.byteLength !== 32) {
    throw new RangeError(`expected 32 bytes of seed, got ${seed.byteLength}`);
  }
  const halves = new Int32Array(10);
  if (seed instanceof BigUint64Array) {
    for (const [k, word] of seed.entries()) {
      halves[2 * k] = Number(BigInt.asIntN(32, word));
      halves[2 * k + 1] = Number(BigInt.asIntN(32, word >> 32n));
    }
  } else {
    for (let i = 0; i < 8; i++) {
      const at = 4 * i;
      halves[i] = seed[at]! | (seed[at + 1]! << 8) | (seed[at + 2]! << 16) | (seed[at + 3]! << 24);
    }
  }
  let any = 0;
  for (let i = 0; i < 8; i++) any |= halves[i]!;
  if (any === 0) throw new RangeError("invalid seed: all bits are zero");
  return halves;
}

/** What two unsigned halves carry to the next; without a branch, which no processor could predict. */
function carryOf(a: number, b: number, sum: number): number {
  return ((a & b) | ((a | b) & ~sum)) >>> 31;
}

class Xoshiro256 implements Generator {
  /** The halves of words 0 to 3, low before high, then those of the last output. */
  readonly #s: Int32Array;

  constructor(state: Int32Array) {
    this.#s = state;
  }

  /** result = rotl(s0 + s3, 23) + s0, then the linear step of the reference implementation. */
  #next(): void {
    const s = this.#s;
    const a0 = s[0]!;
    const a1 = s[1]!;
    const b0 = s[2]!;
    const b1 = s[3]!;
    const c0 = s[4]! ^ a0;
    const c1 = s[5]! ^ a1;
    const d0 = s[6]!;
    const d1 = s[7]!;

    const sum0 = (a0 + d0) | 0;
    const sum1 = (a1 + d1 + carryOf(a0, d0, sum0)) | 0;
    const turned = (sum0 << 23) | (sum1 >>> 9);
    const low = (turned + a0) | 0;
    s[8] = low;
    s[9] = (((sum1 << 23) | (sum0 >>> 9)) + a1 + carryOf(turned, a0, low)) | 0;

    const e0 = d0 ^ b0;
    const e1 = d1 ^ b1;
    s[2] = b0 ^ c0;
    s[3] = b1 ^ c1;
    s[0] = a0 ^ e0;
    s[1] = a1 ^ e1;
    s[4] = c0 ^ (b0 << 17);
    s[5] = c1 ^ ((b1 << 17) | (b0 >>> 15));
    // rotl by 45 = exchange the halves, then rotl by 13.
    s[6] = (e1 << 13) | (e0 >>> 19);
    s[7] = (e0 << 13) | (e1 >>> 19);
  }

  state(): BigUint64Array {
    const words = new BigUint64Array(4);
    for (let i = 0; i < 4; i++) {
      const [low, high] = [this.#s[2 * i]!, this.#s[2 * i + 1]!];
      words[i] = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    }
    return words;
  }

  uint32(): number {
    this.#next();
    return this.#s[9]! >>> 0;
  }

  /** `#next` again and again, with the state in registers; of each output the high half. */
  uint32s(out: Uint32Array): void {
    const s = this.#s;
    let [a0, a1, b0, b1] = [s[0]!, s[1]!, s[2]!, s[3]!];
    let [c0, c1, d0, d1] = [s[4]!, s[5]!, s[6]!, s[7]!];
    for (let i = 0; i < out.length; i++) {
      const sum0 = (a0 + d0) | 0;
      const sum1 = (a1 + d1 + carryOf(a0, d0, sum0)) | 0;
      const turned = (sum0 << 23) | (sum1 >>> 9);
      const carry = carryOf(turned, a0, (turned + a0) | 0);
      out[i] = (((sum1 << 23) | (sum0 >>> 9)) + a1 + carry) | 0;
      const t0 = b0 << 17;
      const t1 = (b1 << 17) | (b0 >>> 15);
      c0 ^= a0;
      c1 ^= a1;
      d0 ^= b0;
      d1 ^= b1;
      b0 ^= c0;
      b1 ^= c1;
      a0 ^= d0;
      a1 ^= d1;
      c0 ^= t0;
      c1 ^= t1;
      const e0 = d0;
      d0 = (d1 << 13) | (e0 >>> 19);
      d1 = (e0 << 13) | (d1 >>> 19);
    }
    [s[0], s[1], s[2], s[3]] = [a0, a1, b0, b1];
    [s[4], s[5], s[6], s[7]] = [c0, c1, d0, d1];
  }

  float64(): number {
    this.#next();
    return ((this.#s[9]! >>> 0) * 2 ** 21 + (this.#s[8]! >>> 11)) * 2 ** -53;
  }

  below(n: number): number {
    if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 32)) {
      throw new RangeError(`expected an integer from 1 to 2^32, got ${n}`);
    }
    // Every remainder occurs equally often below the largest multiple of n.
    const limit = 2 ** 32 - (2 ** 32 % n);
    let x = this.uint32();
    while (x >= limit) x = this.uint32();
    return x % n;
  }

  /**
   * Marsaglia's polar method (SIAM Review 6, 260 (1964)). The second of each pair is dropped, so
   * that the 256-bit state is all there is to a stream's position.
   */
  normal(): number {
    for (;;) {
      const x = 2 * this.float64() - 1;
      const y = 2 * this.float64() - 1;
      const r = x * x + y * y;
      if (r > 0 && r < 1) return x * Math.sqrt((-2 * log(r)) / r);
    }
  }

  shuffle<T extends { length: number; [i: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const kept = items[i];
      items[i] = items[j];
      items[j] = kept;
    }
    return items;
  }
}

import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createGenerator } from "../../src/random/index.ts";
import { nextWord } from "./words.ts";

const words = (...values: (number | bigint)[]) => BigUint64Array.from(values, BigInt);
const mask = (1n << 64n) - 1n;

// The first ten outputs from state (1, 2, 3, 4), as the test of Rust's rand_xoshiro lists them.
const reference = [
  41943041n,
  58720359n,
  3588806011781223n,
  3591011842654386n,
  9228616714210784205n,
  9973669472204895162n,
  14011001112246962877n,
  12406186145184390807n,
  15849039046786891736n,
  10450023813501588000n,
];

test("createGenerator([1, 2, 3, 4]) gives the published reference outputs", () => {
  const high = createGenerator(words(1, 2, 3, 4));
  const top = createGenerator(words(1, 2, 3, 4));
  for (const output of reference) {
    expect(high.uint32()).toBe(Number(output >> 32n));
    expect(top.float64()).toBe(Number(output >> 11n) * 2 ** -53);
  }
});

test("createGenerator() follows a 64-bit twin from any state", () => {
  const word = fc.bigInt({ min: 1n, max: mask });
  fc.assert(
    fc.property(fc.tuple(word, word, word, word), (seed) => {
      const [state, generator] = [words(...seed), createGenerator(words(...seed))];
      for (let i = 0; i < 50; i++) {
        expect(generator.uint32()).toBe(Number(nextWord(state) >> 32n));
        expect(generator.state()).toEqual(state);
      }
      const many = new Uint32Array(70);
      generator.uint32s(many);
      expect(many).toEqual(many.map(() => Number(nextWord(state) >> 32n)));
      generator.uint32s(many.subarray(0, 0));
      expect(generator.state()).toEqual(state);
    }),
    { seed: 1, numRuns: 100 },
  );
});

test("createGenerator() reads bytes as little-endian words and refuses useless seeds", () => {
  const bytes = new Uint8Array(32);
  for (const [i, value] of [1, 2, 3, 4].entries()) bytes[8 * i] = value;
  expect(createGenerator(bytes).state()).toEqual(words(1, 2, 3, 4));
  expect(() => createGenerator(new Uint8Array(31))).toThrow("expected 32 bytes of seed, got 31");
  expect(() => createGenerator(new Uint8Array(32))).toThrow("invalid seed: all bits are zero");
});

// Each statistical test below looks at fixed streams and fails with probability 1e-5 at most if the
// numbers are random; seeds were chosen before the first run.
/** A chi-square with k degrees of freedom exceeds this with probability 1e-5 (Wilson-Hilferty). */
function bound(k: number): number {
  const z = 4.265;
  return k * (1 - 2 / (9 * k) + z * Math.sqrt(2 / (9 * k))) ** 3;
}

function chiSquare(counts: ArrayLike<number>, expected: (i: number) => number): number {
  return Array.from(counts).reduce((sum, n, i) => sum + (n - expected(i)) ** 2 / expected(i), 0);
}

test("float64(), uint32() and below() fill their ranges evenly, in single draws and in pairs", () => {
  const generator = createGenerator(words(11, 12, 13, 14));
  const n = 200_000;
  const counts = { high: new Int32Array(256), low: new Int32Array(256), below: new Int32Array(7) };
  const pairs = new Int32Array(32 * 32);
  let previous = 0;
  for (let i = 0; i < n; i++) {
    const x = generator.float64();
    counts.high[Math.floor(x * 256)]! += 1;
    counts.low[generator.uint32() & 255]! += 1;
    counts.below[generator.below(7)]! += 1;
    pairs[32 * Math.floor(32 * previous) + Math.floor(32 * x)]! += 1;
    previous = x;
  }
  for (const bins of [counts.high, counts.low, counts.below, pairs]) {
    expect(chiSquare(bins, () => n / bins.length)).toBeLessThan(bound(bins.length - 1));
  }
});

test("below(n) is an integer below n and refuses other ranges", () => {
  const generator = createGenerator(words(5, 6, 7, 8));
  const range = fc.integer({ min: 1, max: 2 ** 32 });
  fc.assert(
    fc.property(range, (n) => {
      const x = generator.below(n);
      return Number.isInteger(x) && x >= 0 && x < n;
    }),
    { seed: 2 },
  );
  for (const n of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) expect(() => generator.below(n)).toThrow();
});

test("normal() has the moments and tails of the standard normal distribution", () => {
  const generator = createGenerator(words(21, 22, 23, 24));
  const n = 200_000;
  const sums = [0, 0, 0, 0];
  let beyond2 = 0;
  for (let i = 0; i < n; i++) {
    const x = generator.normal();
    for (let k = 0; k < 4; k++) sums[k]! += x ** (k + 1);
    if (Math.abs(x) > 2) beyond2++;
  }
  // Var(x^k) = <x^2k> - <x^k>^2 with <x^2, x^4, x^6, x^8> = 1, 3, 15, 105; 4.9 sigma = 1e-6.
  const exact = [0, 1, 0, 3];
  const variance = [1, 2, 15, 96];
  for (let k = 0; k < 4; k++) {
    expect(Math.abs(sums[k]! / n - exact[k]!)).toBeLessThan(4.9 * Math.sqrt(variance[k]! / n));
  }
  const p = 0.0455002638963584;
  expect(Math.abs(beyond2 / n - p)).toBeLessThan(4.9 * Math.sqrt((p * (1 - p)) / n));
});

test("shuffle() gives every order of four items equally often", () => {
  const generator = createGenerator(words(31, 32, 33, 34));
  const counts = new Map<string, number>();
  const n = 48_000;
  for (let i = 0; i < n; i++) {
    const order = generator.shuffle(["a", "b", "c", "d"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  expect(chiSquare([...counts.values()], () => n / 24)).toBeLessThan(bound(23));
});

test("a stream gives the same bits everywhere (pinned)", () => {
  const generator = createGenerator(words(1, 2, 3, 4));
  const values: number[] = [];
  for (let i = 0; i < 500; i++) {
    values.push(generator.uint32(), generator.float64(), generator.below(1000), generator.normal());
  }
  const digest = createHash("sha256").update(Float64Array.from(values)).digest("hex");
  expect(digest).toMatchInlineSnapshot(
    `"c40b984b6e153f2a606482941f35421b97d6c8b16ca540ff80c2e4caf8e38373"`,
  );
});

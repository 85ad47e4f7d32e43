import fc from "fast-check";
import { expect, test } from "vitest";
import * as kernels from "../../src/lattice/coarse-graining.ts";
import { criticalBeta } from "../../src/lattice/exact/plane.ts";
import type { Tie, TieBits } from "../../src/lattice/systems/system.ts";
import { boltzmann, energyOf, stateOf } from "./brute-force.ts";
import { packed, randomSpins, unpacked } from "./packed.ts";
import { streams } from "./sampling/streams.ts";
import * as sites from "./sites.ts";

const { average } = kernels;

const translate = (spins: Int8Array, size: number, dy: number, dx: number) =>
  unpacked(kernels.translate(packed(spins, size * size), size, dy, dx), size * size);
const decimate = (spins: Int8Array, size: number, factor: number) =>
  unpacked(kernels.decimate(packed(spins, size * size), size, factor), (size / factor) ** 2);
const majority = (spins: Int8Array, size: number, factor: number, tie: Tie, bits: TieBits) => {
  const made = kernels.majority(packed(spins, size * size), size, factor, tie, bits);
  return unpacked(made, (size / factor) ** 2);
};

const noTies = () => {
  throw new Error("asked for a random tie");
};

interface Case {
  readonly size: number;
  readonly factor: number;
  readonly width: number;
  readonly rows: number;
  readonly spins: Int8Array;
}

/** A few rows of random spins, and a factor that divides their size. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    width: fc.integer({ min: 1, max: 5 }),
    factor: fc.constantFrom(2, 3, 4),
    rows: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(),
  })
  .map(({ width, factor, rows, seed }) => {
    const size = width * factor;
    const generator = streams("rows")(seed);
    const spins = new Int8Array(rows * size * size).map(() => 2 * generator.below(2) - 1);
    return { size, factor, width, rows, spins };
  });

/** What `of` makes of every block, given its spins in row-major order. */
function blockwise(
  { size, factor, width, rows, spins }: Case,
  of: (block: number[]) => number,
): number[] {
  const out: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let by = 0; by < width; by++) {
      for (let bx = 0; bx < width; bx++) {
        const block: number[] = [];
        for (let y = by * factor; y < (by + 1) * factor; y++) {
          for (let x = bx * factor; x < (bx + 1) * factor; x++) {
            block.push(spins[row * size * size + y * size + x]!);
          }
        }
        out.push(of(block));
      }
    }
  }
  return out;
}
const sum = (block: readonly number[]) => block.reduce((total, s) => total + s, 0);

test("decimate(), majority() and average() make of every block what their names say", () => {
  fc.assert(
    fc.property(cases, (c) => {
      const { spins, size, factor } = c;
      expect([...decimate(spins, size, factor)]).toEqual(blockwise(c, (block) => block[0]!));
      expect([...average(spins, size, factor)]).toEqual(
        blockwise(c, (block) => sum(block) / block.length),
      );
      const ties: Record<Exclude<Tie, "random">, (block: number[]) => number> = {
        up: () => 1,
        down: () => -1,
        "top-left": (block) => block[0]!,
      };
      for (const [tie, broken] of Object.entries(ties)) {
        expect([...majority(spins, size, factor, tie as Tie, noTies)]).toEqual(
          blockwise(c, (block) => Math.sign(sum(block)) || broken(block)),
        );
      }
      const random = majority(spins, size, factor, "random", streams("coins"));
      for (const [i, s] of blockwise(c, (block) => Math.sign(sum(block))).entries()) {
        if (s) expect(random[i]).toBe(s);
        else expect(Math.abs(random[i]!)).toBe(1);
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});

test.each([
  [64, 2],
  [128, 2],
  [130, 2],
  [126, 3],
  [129, 3],
  [200, 4],
  [135, 5],
  [132, 6],
  [77, 7],
  [136, 8],
  [81, 9],
  [144, 12],
  [128, 64],
  [140, 70],
  [65, 65],
])("the kernels do what plain loops do on %d x %d sites", (size, factor) => {
  const spins = randomSpins(size * factor, 3 * size * size);
  // Blocks that tie are rare where they are large: make some of them.
  for (let i = size * size; i < 2 * size * size; i++) spins[i] = (i % size) % 2 ? 1 : -1;
  const same = (found: Int8Array, expected: Int8Array) =>
    expect(Buffer.from(found).equals(Buffer.from(expected))).toBe(true);
  same(decimate(spins, size, factor), sites.decimate(spins, size, factor));
  for (const tie of ["random", "up", "down", "top-left"] as const) {
    const [ours, plain] = [majority, sites.majority].map((rule) =>
      rule(spins, size, factor, tie, streams("large")),
    );
    same(ours!, plain!);
  }
  for (const [dy, dx] of [
    [0, 1],
    [1, 0],
    [size - 1, size - 1],
    [5, size >> 1],
  ] as const) {
    same(translate(spins, size, dy, dx), sites.translate(spins, size, dy, dx));
  }
});

test("many rows are coarse-grained as each alone is, also where they begin within a byte", () => {
  const [size, rows] = [10, 30_000];
  const spins = randomSpins(1, rows * size * size);
  const found = majority(spins, size, 2, "random", streams("many"));
  const expected = sites.majority(spins, size, 2, "random", streams("many"));
  expect(Buffer.from(found).equals(Buffer.from(expected))).toBe(true);
});

test("two steps of the sqrt-2 rule are a decimation by 2", () => {
  fc.assert(
    fc.property(cases, ({ size, spins }) => {
      if (size % 2) return;
      expect(sites.decimateSqrt2Twice(spins, size)).toEqual(decimate(spins, size, 2));
    }),
    { seed: 2 },
  );
});

test("translate() shows the torus from another site", () => {
  fc.assert(
    fc.property(cases, fc.nat(), fc.nat(), ({ size, rows, spins }, a, b) => {
      const [dy, dx] = [a % size, b % size];
      const moved = translate(spins, size, dy, dx);
      for (let row = 0; row < rows; row++) {
        const start = row * size * size;
        expect(moved[start]).toBe(spins[start + dy * size + dx]);
      }
      expect(translate(moved, size, (size - dy) % size, (size - dx) % size)).toEqual(spins);
    }),
    { seed: 3 },
  );
});

test("the rules refuse factors that do not divide the size", () => {
  const spins = new Int8Array(25).fill(1);
  expect(() => decimate(spins, 5, 2)).toThrow("factor 2 does not divide 5");
  expect(() => majority(spins, 5, 3, "up", noTies)).toThrow("factor 3 does not divide 5");
});

test("nearest neighbours after decimation are the (2, 0) pairs of the sublattice, bit for bit", () => {
  const size = 12;
  fc.assert(
    fc.property(fc.nat(), fc.nat(11), fc.nat(11), (seed, dy, dx) => {
      const generator = streams("identity")(seed);
      const spins = new Int8Array(size * size).map(() => 2 * generator.below(2) - 1);
      const coarse = decimate(translate(spins, size, dy, dx), size, 2);
      let energy = 0;
      for (let y = dy; y < size + dy; y += 2) {
        for (let x = dx; x < size + dx; x += 2) {
          const at = (y: number, x: number) => spins[(y % size) * size + (x % size)]!;
          energy -= at(y, x) * (at(y + 2, x) + at(y, x + 2));
        }
      }
      expect(energyOf(coarse, size / 2)).toBe(energy);
    }),
    { seed: 4 },
  );
});

test("blocks of the critical 4x4 torus have the nearest-neighbour correlations of enumeration", () => {
  const p = boltzmann(4, criticalBeta);
  const states = new Int8Array(p.length * 16);
  for (const state of p.keys()) states.set(stateOf(state, 16), 16 * state);
  // All eight bonds of the 2x2 torus.
  const bonds = (coarse: Int8Array, state: number) =>
    -energyOf(coarse.subarray(4 * state, 4 * state + 4), 2) / 8;
  const mean = (coarse: Int8Array) => p.reduce((total, w, s) => total + w * bonds(coarse, s), 0);
  expect(mean(decimate(states, 4, 2))).toBeCloseTo(0.7405204461, 9);
  expect(mean(majority(states, 4, 2, "top-left", noTies))).toBeCloseTo(0.8566165638, 9);
  // A random tie has the mean 0. The error is that of one throw for each state that has ties.
  const [up, down] = [majority(states, 4, 2, "up", noTies), majority(states, 4, 2, "down", noTies)];
  const half = up.map((s, i) => (s + down[i]!) / 2);
  expect(mean(half)).toBeCloseTo(0.8566988755, 9);
  const random = majority(states, 4, 2, "random", streams("ties"));
  const open = (state: number) =>
    up.subarray(4 * state, 4 * state + 4).some((s, i) => s !== down[4 * state + i]);
  const sigma = Math.sqrt(p.reduce((total, w, s) => total + (open(s) ? w * w : 0), 0));
  // |error of one state| <= 1; 5 sigma: a false alarm in 2e6 runs.
  expect(Math.abs(mean(random) - 0.8566988755)).toBeLessThan(5 * sigma);
});

test("a random tie is fair and depends on the row's stream and the block alone", () => {
  const size = 16;
  const rows = 500;
  // Columns alternate: every block ties.
  const ties = new Int8Array(rows * size * size).map((_, i) => (i % 2 ? 1 : -1));
  const out = majority(ties, size, 2, "random", streams("fair"));
  // 64 blocks, 500 rows: 5 sigma for the whole and for each block, 65 comparisons, 4e-5.
  expect(Math.abs(sum([...out]))).toBeLessThan(5 * Math.sqrt(out.length));
  for (let block = 0; block < 64; block++) {
    let total = 0;
    for (let row = 0; row < rows; row++) total += out[64 * row + block]!;
    expect(Math.abs(total)).toBeLessThan(5 * Math.sqrt(rows));
  }
  // Deciding some blocks otherwise changes no other block's coin.
  const some = ties.slice();
  for (let y = 0; y < 2; y++) some.fill(1, y * size, y * size + 8);
  const again = majority(some, size, 2, "random", streams("fair"));
  expect([...again.subarray(0, 4)]).toEqual([1, 1, 1, 1]);
  expect(again.subarray(4)).toEqual(out.subarray(4));
});

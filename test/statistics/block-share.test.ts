import { expect, test } from "vitest";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import {
  blockFactor,
  blockShares,
  matchedBlockShares,
  ownBlockShares,
} from "../../src/statistics/block-share.ts";
import { mean } from "../../src/statistics/moments.ts";

const generator = (purpose: string) =>
  createGenerator(streamSeed({ nodeType: "test", purpose, seed: 1, parts: [] }));

/** Unit a of 16 looks at site (dy, dx) of block `block[a]` of an 8x8 lattice, wrapping around. */
function units(block: ArrayLike<number>, [dy, dx]: readonly [number, number] = [0, 0]) {
  const kernel = new Float64Array(16 * 64);
  for (let a = 0; a < 16; a++) {
    const [y, x] = [2 * Math.floor(block[a]! / 4) + dy, 2 * (block[a]! % 4) + dx];
    kernel[a * 64 + 8 * (y % 8) + (x % 8)] = -0.3;
  }
  return { kernel, side: 8 };
}
const inOrder = Array.from({ length: 16 }, (_, a) => a);

test("blockFactor() is b where units are blocks of the lattice", () => {
  expect(blockFactor(256, 64)).toBe(2);
  expect(blockFactor(144, 16)).toBe(3);
  expect(blockFactor(256, 256)).toBeUndefined();
  expect(blockFactor(256, 63)).toBeUndefined();
  expect(blockFactor(200, 50)).toBeUndefined();
  expect(blockFactor(100, 11)).toBeUndefined();
});

test("blockShares() of one unit sum to 1, and of a unit without weights to 0", () => {
  const random = generator("shares");
  const kernel = Float64Array.from({ length: 2 * 64 }, (_, i) => (i < 64 ? random.normal() : 0));
  const shares = blockShares({ kernel, side: 8 }, { factor: 2, offset: [1, 1] });
  expect(shares.subarray(0, 16).reduce((sum, s) => sum + s, 0)).toBeCloseTo(1, 14);
  expect([...shares.subarray(16)]).toEqual(Array(16).fill(0));
  // The block at (7, 7) wraps around all four corners.
  const corners = [0, 7, 56, 63].reduce((sum, i) => sum + kernel[i]! ** 2, 0);
  const all = kernel.reduce((sum, w) => sum + w * w, 0);
  expect(shares[15]).toBeCloseTo(corners / all, 14);
});

test("decimation and majority have all their weight in their own blocks", () => {
  expect([...ownBlockShares(units(inOrder, [1, 0]), 2)]).toEqual(Array(16).fill(1));
  const four = units(inOrder);
  for (const offset of [
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const) {
    for (const [i, w] of units(inOrder, offset).kernel.entries()) four.kernel[i]! += w;
  }
  for (const share of ownBlockShares(four, 2)) expect(share).toBeCloseTo(1, 14);
});

test("matchedBlockShares() undoes a permutation of units and a shift of the tiling", () => {
  const hidden = generator("hidden").shuffle(Int32Array.from(inOrder));
  const shuffled = units(hidden, [1, 2]);
  expect(mean(ownBlockShares(shuffled, 2))).toBeLessThan(0.5);
  expect([...matchedBlockShares(shuffled, 2)]).toEqual(Array(16).fill(1));
});

test("shares of Gaussian weights are even for own blocks and more for matched ones", () => {
  const random = generator("gaussian");
  const kernel = Float64Array.from({ length: 64 * 256 }, () => random.normal());
  // By symmetry the mean share is 4/256; a share has a relative spread of about sqrt(2/4), so the
  // mean of 64 has a standard error of .0014; allow 4.5.
  expect(Math.abs(mean(ownBlockShares({ kernel, side: 16 }, 2)) - 4 / 256)).toBeLessThan(0.0063);
  // 64 units with 64 blocks to choose from: a unit's best of a few dozen chi-square(4)/4 variables
  // is above 2, and below their largest of 4 x 4096, about 6.
  const matched = mean(matchedBlockShares({ kernel, side: 16 }, 2)) / (4 / 256);
  expect(matched).toBeGreaterThan(2);
  expect(matched).toBeLessThan(6);
});

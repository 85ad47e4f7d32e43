import fc from "fast-check";
import { expect, test } from "vitest";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { gyrationRadius, gyrationRadiusUniform } from "../../src/statistics/locality.ts";
import {
  gini,
  giniGaussian,
  hoyer,
  hoyerGaussian,
  nearZeroShare,
  participationRatio,
  participationRatioGaussian,
} from "../../src/statistics/sparsity.ts";

/** A 64 x 256 matrix whose unit a looks at `block` of the sites of its 2x2 block of a 16x16 lattice. */
function encoder(block: readonly (readonly [number, number])[]): Float64Array {
  const weights = new Float64Array(64 * 256);
  for (let a = 0; a < 64; a++) {
    const [y, x] = [2 * Math.floor(a / 8), 2 * (a % 8)];
    for (const [dy, dx] of block) weights[a * 256 + (y + dy) * 16 + x + dx] = -0.7;
  }
  return weights;
}
const decimation = encoder([[0, 0]]);
const majority = encoder([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);

test("hoyer() of ideal 256 -> 64 encoders has its closed form", () => {
  // n = 16384: (128 - 64/8)/127 with 64 equal weights, (128 - 256/16)/127 with 256.
  expect(hoyer(decimation)).toBeCloseTo(120 / 127, 12);
  expect(hoyer(majority)).toBeCloseTo(112 / 127, 12);
});

test("gini() of ideal encoders is the share of zeros", () => {
  expect(gini(decimation)).toBeCloseTo(1 - 64 / 16384, 12);
  expect(gini(majority)).toBeCloseTo(1 - 256 / 16384, 12);
});

test("participationRatio(), nearZeroShare() and gyrationRadius() of ideal units are exact", () => {
  const one = decimation.subarray(256 * 9, 256 * 10);
  const four = majority.subarray(256 * 63, 256 * 64);
  expect(participationRatio(one)).toBeCloseTo(1, 12);
  expect(participationRatio(four)).toBeCloseTo(4, 12);
  expect(nearZeroShare(four, 0.1)).toBe(252 / 256);
  expect(gyrationRadius(one, 16)).toBeCloseTo(0, 12);
  expect(gyrationRadius(four, 16)).toBeCloseTo(Math.SQRT1_2, 12);
});

test("gyrationRadius() looks across the boundary of the torus", () => {
  const corner = new Float64Array(64);
  for (const i of [0, 7, 56, 63]) corner[i] = 1;
  expect(gyrationRadius(corner, 8)).toBeCloseTo(Math.SQRT1_2, 12);
});

test("the Gaussian baselines are those of many normal weights", () => {
  // n = 40000. Delta method: sd(Hoyer) = sd(|w|_1/|w|_2)/sqrt n ~ .6/200 = .003 at most; the Gini
  // index alike; PR/n has relative sd sqrt(var(w^4)/9 + ...)/200 < 4/200 = .02. Bounds: 4 sd.
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "gaussian", seed: 1, parts: [] }),
  );
  const weights = Float64Array.from({ length: 40_000 }, () => random.normal());
  expect(Math.abs(hoyer(weights) - hoyerGaussian)).toBeLessThan(0.012);
  expect(Math.abs(gini(weights) - giniGaussian)).toBeLessThan(0.012);
  expect(participationRatio(weights) / participationRatioGaussian(40_000)).toBeCloseTo(1, 1);
  const mean = (f: (w: Float64Array) => number) => {
    let sum = 0;
    for (let a = 0; a < 100; a++) sum += f(weights.subarray(256 * a, 256 * (a + 1)));
    return sum / 100;
  };
  // Finite n pulls the circular mean toward the weights: 6.2 measured against 6.53.
  expect(mean((w) => gyrationRadius(w, 16))).toBeGreaterThan(6);
  expect(mean((w) => gyrationRadius(w, 16))).toBeLessThan(gyrationRadiusUniform(16));
  expect(hoyerGaussian).toBeCloseTo(0.2021, 4);
  expect(giniGaussian).toBeCloseTo(0.4142, 4);
  expect(gyrationRadiusUniform(16)).toBeCloseTo(6.53, 2);
});

test("every measure ignores the order, the signs and the scale of the weights", () => {
  const weight = fc.double({ min: -9, max: 9, noNaN: true }).filter((w) => Math.abs(w) > 1e-3);
  fc.assert(
    fc.property(fc.array(weight, { minLength: 2, maxLength: 30 }), (weights) => {
      const other = weights.map((w) => -4 * w).reverse();
      for (const measure of [hoyer, gini, participationRatio]) {
        expect(measure(other)).toBeCloseTo(measure(weights), 9);
      }
      expect(hoyer(weights)).toBeGreaterThan(-1e-12);
      expect(hoyer(weights)).toBeLessThan(1 + 1e-12);
      expect(participationRatio(weights)).toBeLessThan(weights.length + 1e-9);
    }),
    { seed: 6 },
  );
});

test("a zero vector has no sparsity", () => {
  for (const measure of [hoyer, gini, participationRatio]) expect(measure([0, 0, 0])).toBeNaN();
  expect(nearZeroShare([0, 0], 0.1)).toBeNaN();
  expect(gyrationRadius([0, 0, 0, 0], 2)).toBeNaN();
});

import { expect, test } from "vitest";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { integratedTime } from "../../src/statistics/autocorrelation.ts";
import { mean, standardError } from "../../src/statistics/moments.ts";

/** x_t = phi x_(t-1) + noise, from equilibrium: tau = (1 + phi) / (2 (1 - phi)), variance 1. */
function ar1(phi: number, length: number, part: number): Float64Array {
  const stream = { nodeType: "test", purpose: "ar1", seed: 11, parts: [phi, part] };
  const random = createGenerator(streamSeed(stream));
  const noise = Math.sqrt(1 - phi * phi);
  const chain = new Float64Array(length);
  let x = random.normal();
  for (let t = 0; t < length; t++) {
    chain[t] = x;
    x = phi * x + noise * random.normal();
  }
  return chain;
}

const chainsOf = (phi: number, chains: number, length: number) =>
  Array.from({ length: chains }, (_, part) => ar1(phi, length, part));

// Three comparisons at 4 Madras-Sokal errors; the window of 6 tau leaves out e^-6 of the sum, less
// than a hundredth of the error. A false alarm in 2e-4 of seeds.
test.each([
  [0, 0.5],
  [0.5, 1.5],
  [0.9, 9.5],
])("integratedTime() of an AR(1) series with phi %f is %f", (phi, exact) => {
  const found = integratedTime(chainsOf(phi, 4, 50_000));
  expect(Math.abs(found.tau - exact)).toBeLessThan(4 * found.tauError);
  expect(found.tauError).toBeLessThan(0.04 * exact);
  expect(found.resolved).toBe(true);
  expect(found.window).toBe(Math.ceil(6 * (found.tau / (1 + (2 * found.window + 1) / 200_000))));
  expect(found.effectiveSize).toBeCloseTo(200_000 / (2 * found.tau), 8);
});

test("integratedTime() gives the error of the mean that the chains' own means scatter by", () => {
  // 400 chains of 500 values: the scatter of their means is known to 1/sqrt(800) = 3.5 %, the mean
  // of the single-chain errors better; 4 errors of the ratio are 14 %. Without the correction for
  // the estimated mean, and at phi = .9, a single chain's error would be 5 % low.
  const chains = chainsOf(0.9, 400, 500);
  const scatter = standardError(chains.map(mean)) * Math.sqrt(400);
  const single = Math.sqrt(mean(chains.map((chain) => integratedTime([chain]).meanError ** 2)));
  expect(Math.abs(single / scatter - 1)).toBeLessThan(0.14);
  expect(integratedTime(chains).meanError * Math.sqrt(400)).toBeCloseTo(scatter, 1);
});

test("integratedTime() of a series by hand", () => {
  // Mean 0, variance 1; rho(1) = (1 - 1 + 1 - 1 + 1 - 1 + 1) / 7 = 1/7. With c = 1 the window ends at
  // W = 1 >= 1/2 + 1/7.
  const chain = Float64Array.from([1, 1, -1, -1, 1, 1, -1, -1]);
  const { tau, window, resolved } = integratedTime([chain], 1);
  expect([window, resolved]).toEqual([1, true]);
  expect(tau).toBeCloseTo((1 / 2 + 1 / 7) * (1 + 3 / 8), 12);
});

test("integratedTime() of values that alternate has no tau", () => {
  // With c = 6 the window goes on to rho(2) = -1 of the series above: 1/2 + 1/7 - 1 is below 0.
  const slow = integratedTime([Float64Array.from([1, 1, -1, -1, 1, 1, -1, -1])]);
  expect(slow).toMatchObject({ tau: NaN, tauError: NaN, meanError: NaN, window: 2 });
  expect(slow).toMatchObject({ effectiveSize: 8, resolved: false });
  // phi = -.9: tau is .026, but the sum at the first lag is -.4.
  const fast = integratedTime(chainsOf(-0.9, 1, 2000));
  expect(fast).toMatchObject({ tau: NaN, window: 1, effectiveSize: 2000, resolved: false });
});

test("integratedTime() says when the chains end before the window", () => {
  const short = integratedTime(chainsOf(0.99, 100, 20));
  expect(short.resolved).toBe(false);
  // exact: 99.5
  expect(short.tau).toBeLessThan(50);
  expect(integratedTime([Float64Array.of(1)])).toMatchObject({ resolved: false });
});

test("integratedTime() of a constant series has no tau and no error", () => {
  for (const value of [0, -1.7, 1e8 / 3]) {
    const found = integratedTime([
      new Float64Array(10).fill(value),
      new Float64Array(5).fill(value),
    ]);
    expect(found.mean).toBeCloseTo(value, 6);
    expect(found).toMatchObject({ tau: NaN, meanError: 0, effectiveSize: 15, resolved: true });
  }
});

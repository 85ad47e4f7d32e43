import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  criticalAxis,
  criticalBeta,
  criticalDiagonal,
  onsager,
  spontaneousMagnetization,
} from "../../../src/lattice/exact/plane.ts";
import { torusThermodynamics } from "../../../src/lattice/exact/torus.ts";
import { boltzmann, energyOf, stateOf, transferMatrix } from "../brute-force.ts";

interface Reference {
  dos: Record<string, Record<string, string>>;
  kaufman: Record<
    string,
    Record<string, { lnZ_per_site: number; u: number; c?: number; s: number; M?: number }>
  >;
}
const path = new URL("../../reference/ising-exact.json", import.meta.url);
const reference = JSON.parse(readFileSync(path, "utf8")) as Reference;

/** |a - b| relative to 1 or to b, whichever is greater. */
function distance(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(1, Math.abs(b));
}

test("torusThermodynamics() and onsager() agree with the reference to 13 digits", () => {
  for (const [beta, sizes] of Object.entries(reference.kaufman)) {
    for (const [size, want] of Object.entries(sizes)) {
      const isInfinite = size === "inf";
      const got = isInfinite
        ? onsager(Number(beta))
        : torusThermodynamics(Number(size), Number(beta));
      expect(distance(got.logZ, want.lnZ_per_site), `${beta} ${size}`).toBeLessThan(1e-13);
      expect(distance(got.energy, want.u), `${beta} ${size}`).toBeLessThan(1e-13);
      expect(distance(got.entropy, want.s), `${beta} ${size}`).toBeLessThan(1e-13);
      if (want.c !== undefined) {
        expect(distance(got.specificHeat, want.c), `${beta} ${size}`).toBeLessThan(1e-11);
      }
      if (want.M !== undefined) {
        expect(distance(spontaneousMagnetization(Number(beta)), want.M)).toBeLessThan(1e-13);
      }
    }
  }
});

test("torusThermodynamics() agrees with the densities of states of L = 2, 3, 4, 8", () => {
  for (const [size, dos] of Object.entries(reference.dos)) {
    for (const beta of [0.05, 0.3, criticalBeta, 0.441, 0.7, 1.5]) {
      const levels = Object.entries(dos).map(([e, g]) => [Number(e), Number(g)] as const);
      const ground = Math.min(...levels.map(([e]) => e));
      const sums = [0, 0, 0];
      for (const [e, g] of levels) {
        const weight = g * Math.exp(-beta * (e - ground));
        for (let k = 0; k < 3; k++) sums[k]! += weight * e ** k;
      }
      const [z, e1, e2] = sums as [number, number, number];
      const sites = Number(size) ** 2;
      const got = torusThermodynamics(Number(size), beta);
      expect(distance(got.logZ, (Math.log(z) - beta * ground) / sites)).toBeLessThan(1e-13);
      expect(distance(got.energy, e1 / z / sites)).toBeLessThan(1e-13);
      const c = (beta * beta * (e2 / z - (e1 / z) ** 2)) / sites;
      expect(distance(got.specificHeat, c)).toBeLessThan(1e-11);
    }
  }
});

test("the transfer matrix and full enumeration agree with each other and with Kaufman", () => {
  for (const [size, beta] of [
    [3, 0.3],
    [4, 0.44],
    [6, 0.35],
    [6, criticalBeta],
  ] as const) {
    const exact = transferMatrix(size, beta);
    const kaufman = torusThermodynamics(size, beta);
    // Truncation of the differences: h^4 times a fifth or sixth derivative of order 10^4, over 90.
    expect(exact.energy).toBeCloseTo(kaufman.energy, 8);
    expect(exact.specificHeat).toBeCloseTo(kaufman.specificHeat, 6);
    expect(exact.correlation(0, 1)).toBeCloseTo(-kaufman.energy / 2, 11);
    expect(exact.correlation(1, 0)).toBeCloseTo(-kaufman.energy / 2, 11);
  }
  // Values of <s s'> on the 4x4 torus at beta 0.4 from the reference enumeration.
  const four = transferMatrix(4, 0.4);
  expect(four.correlation(1, 1)).toBeCloseTo(0.6245653003, 10);
  expect(four.correlation(0, 2)).toBeCloseTo(0.6245653003, 10);
  const p = boltzmann(4, 0.4);
  const mean = p.reduce((sum, w, state) => sum + w * energyOf(stateOf(state, 16), 4), 0);
  expect(mean / 16).toBeCloseTo(-1.3791164823, 10);
});

test("onsager() at criticality and torusThermodynamics() approach each other as 1/L", () => {
  const { logZ, energy, specificHeat, entropy } = onsager(criticalBeta);
  expect(energy).toBe(-Math.SQRT2);
  expect(specificHeat).toBe(Number.POSITIVE_INFINITY);
  // ln 2 / 2 + 2 G / pi, G = Catalan's constant; s = ln Z - sqrt 2 beta_c.
  expect(logZ).toBeCloseTo(Math.LN2 / 2 + (2 * 0.915965594177219) / Math.PI, 13);
  expect(entropy).toBeCloseTo(0.306470158201, 12);
  for (const size of [64, 256, 1024]) {
    const excess = (torusThermodynamics(size, criticalBeta).energy - energy) * size;
    expect(excess).toBeCloseTo(-0.62244, 3);
  }
});

test("the exact functions are smooth where their formulas change and stay finite at the ends", () => {
  for (const f of [onsager, (beta: number) => torusThermodynamics(128, beta)]) {
    expect(f(0)).toEqual({ logZ: Math.LN2, energy: 0, specificHeat: 0, entropy: Math.LN2 });
    for (const beta of [1e-9, 1e-3, 5, 50, 300]) {
      const all = f(beta);
      for (const value of Object.values(all)) expect(Number.isFinite(value)).toBe(true);
      expect(all.energy).toBeGreaterThanOrEqual(-2);
      expect(Math.abs(all.energy + 2 * Math.min(beta, 1))).toBeLessThan(1e-6);
    }
  }
  const [left, right] = [onsager(0.01 - 1e-12), onsager(0.01 + 1e-12)];
  for (const key of ["logZ", "energy", "specificHeat", "entropy"] as const) {
    expect(Math.abs(left[key] - right[key])).toBeLessThan(1e-11);
  }
});

test("criticalDiagonal() and criticalAxis hold the known correlations at the critical point", () => {
  // The nearest neighbour also follows from u = -2 G(1, 0).
  const diagonal = [0.636619772368, 0.540379646092, 0.489267722364, 0.455647094548];
  for (const [i, g] of diagonal.entries()) expect(criticalDiagonal(i + 1)).toBeCloseTo(g, 12);
  expect(criticalDiagonal(6)).toBeCloseTo(0.41194225211, 12);
  expect(criticalAxis[1]).toBe(Math.SQRT1_2);
  expect(-2 * criticalAxis[1]).toBeCloseTo(onsager(criticalBeta).energy, 15);
  expect(criticalAxis[2]).toBeCloseTo(0.594715265431, 12);
});

/** By an independent program with 140 digits: ln Z, u, c and s per site. */
const extremes = JSON.parse(
  readFileSync(new URL("../../reference/ising-extremes.json", import.meta.url), "utf8"),
) as {
  rows: {
    size: number | "infinite";
    beta: number;
    logZ: number;
    u: number;
    c: number;
    s: number;
  }[];
};

test("torusThermodynamics() and onsager() keep their digits from beta 1e-7 to 20", () => {
  const relative = (a: number, b: number) => (a === b ? 0 : Math.abs(a - b) / Math.abs(b));
  for (const { size, beta, ...want } of extremes.rows) {
    const got = size === "infinite" ? onsager(beta) : torusThermodynamics(size, beta);
    const at = `${size} ${beta}`;
    expect(relative(got.logZ, want.logZ), at).toBeLessThan(1e-14);
    expect(relative(got.energy, want.u), at).toBeLessThan(1e-14);
    expect(relative(got.specificHeat, want.c), at).toBeLessThan(1e-10);
    expect(relative(got.entropy, want.s), at).toBeLessThan(1e-12);
  }
});

test.each([2, 3, 4, 5, 16, 4096, "infinite"] as const)(
  "everything is a number at every beta, for size %s",
  (size) => {
    const at = (beta: number) =>
      size === "infinite" ? onsager(beta) : torusThermodynamics(size, beta);
    const ground = size === "infinite" ? 0 : Math.LN2 / (size * size);
    const steps = size === 4096 ? 12 : 400;
    let before = at(Number.MIN_VALUE);
    for (let k = 0; k <= steps; k++) {
      const beta = 10 ** (-320 + (620 * k) / steps);
      const now = at(beta);
      for (const value of Object.values(now)) expect(Number.isFinite(value), `${beta}`).toBe(true);
      expect(now.specificHeat, `${beta}`).toBeGreaterThanOrEqual(0);
      // Less and less energy, and from ln 2 down to that of the ground states.
      expect(now.energy, `${beta}`).toBeLessThanOrEqual(before.energy);
      expect(now.entropy, `${beta}`).toBeLessThanOrEqual(before.entropy * (1 + 1e-13));
      expect(now.entropy, `${beta}`).toBeGreaterThanOrEqual(ground);
      before = now;
    }
    expect(before).toEqual({ logZ: 2e300, energy: -2, specificHeat: 0, entropy: ground });
    const nothing = at(1e-6).specificHeat;
    expect(nothing / 1e-12).toBeCloseTo(size === 2 ? 4 : 2, size === 3 ? 5 : 10);
  },
);

test("the formulas meet where one takes over from another", () => {
  for (const size of [2, 3, 4, 5, 6, 16, 64, "infinite"] as const) {
    for (const beta of [1e-8, 0.01, 2]) {
      const at = (b: number) => (size === "infinite" ? onsager(b) : torusThermodynamics(size, b));
      const [below, above] = [at(beta * (1 - 1e-15)), at(beta * (1 + 1e-15))];
      expect(above.energy / below.energy, `${size} ${beta}`).toBeCloseTo(1, 11);
      expect(above.specificHeat / below.specificHeat, `${size} ${beta}`).toBeCloseTo(1, 5);
      expect(above.entropy - below.entropy, `${size} ${beta}`).toBeCloseTo(0, 12);
    }
  }
});

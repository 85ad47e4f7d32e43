import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { densityOfStates } from "../../../src/lattice/exact/density-of-states.ts";
import { cosPi, pi } from "../../../src/lattice/exact/fixed-point.ts";
import { criticalBeta } from "../../../src/lattice/exact/plane.ts";
import { torusThermodynamics } from "../../../src/lattice/exact/torus.ts";

const path = new URL("../../reference/ising-exact.json", import.meta.url);
const { dos } = JSON.parse(readFileSync(path, "utf8")) as {
  dos: Record<string, Record<string, string>>;
};

test.each([2, 4, 8])("densityOfStates(%i) is the reference, digit for digit", (size) => {
  const found = densityOfStates(size).map(({ energy, states }) => [String(energy), String(states)]);
  const want = Object.entries(dos[size]!).filter(([, states]) => states !== "0");
  expect(found).toEqual(want.sort(([a], [b]) => Number(a) - Number(b)));
});

test.each([2, 4, 6, 10, 12])("densityOfStates(%i) sums to 2^N and is even in E", (size) => {
  const levels = densityOfStates(size);
  expect(levels.reduce((sum, { states }) => sum + states, 0n)).toBe(1n << BigInt(size * size));
  const mirrored = [...levels].reverse();
  for (const [i, { energy, states }] of levels.entries()) {
    expect(mirrored[i]).toEqual({ energy: energy === 0 ? 0 : -energy, states });
  }
  expect(levels[0]).toEqual({ energy: -2 * size * size, states: 2n });
});

test("densityOfStates(16) begins as Beale's table does, and sums to 2^256", () => {
  const levels = densityOfStates(16);
  const first = [2n, 512n, 1024n, 67840n, 268288n];
  const energies = [-512, -504, -500, -496, -492];
  expect(levels.slice(0, 5)).toEqual(first.map((states, i) => ({ energy: energies[i], states })));
  expect(levels.reduce((sum, { states }) => sum + states, 0n)).toBe(1n << 256n);
});

test("densityOfStates(6) agrees with Kaufman's partition function", () => {
  const levels = densityOfStates(6);
  for (const beta of [0.1, criticalBeta, 1]) {
    const z = levels.reduce((sum, g) => sum + Number(g.states) * Math.exp(-beta * g.energy), 0);
    expect(Math.log(z) / 36).toBeCloseTo(torusThermodynamics(6, beta).logZ, 12);
  }
});

test("densityOfStates() rejects odd sizes", () => {
  expect(() => densityOfStates(5)).toThrow("expected an even size, got 5");
});

test("pi() and cosPi() are right to the last digits asked for", () => {
  const digits =
    "31415926535897932384626433832795028841971693993751058209749445923078164062862089986280348253421170679";
  const shown = (x: bigint, bits: number) => (x * 10n ** 100n) >> BigInt(bits);
  expect(String(shown(pi(400), 400))).toBe(digits);
  const half = cosPi(1, 3, 400);
  expect(half - (1n << 399n)).toBeLessThanOrEqual(2n);
  expect(half - (1n << 399n)).toBeGreaterThanOrEqual(-2n);
  for (const [k, n] of [
    [0, 4],
    [1, 7],
    [5, 8],
    [7, 8],
    [4, 4],
  ] as const) {
    expect(Number(cosPi(k, n, 60)) / 2 ** 60).toBeCloseTo(Math.cos((Math.PI * k) / n), 15);
  }
});

import { expect, test } from "vitest";
import { criticalBeta } from "../../src/lattice/exact/plane.ts";
import { torusThermodynamics } from "../../src/lattice/exact/torus.ts";
import { betaMaps, betaOfEnergy } from "../../src/lattice/rg-map.ts";

const { wilson, "migdal-kadanoff": migdal, chain } = betaMaps;

test("betaMaps have their fixed points and exponents", () => {
  // y_T = ln(dK'/dK) / ln(scale) at K*.
  const exponent = ({ scale, apply }: typeof wilson | typeof migdal, k: number) =>
    Math.log((apply(k + 1e-5) - apply(k - 1e-5)) / 2e-5) / Math.log(scale);
  expect(wilson.apply(0.506981019078)).toBeCloseTo(0.506981019078, 11);
  expect(exponent(wilson, 0.506981019078)).toBeCloseTo(1.069960571, 7);
  expect(wilson.apply(0.4)).toBeCloseTo(0.3550523072, 10);
  expect(wilson.apply(0.55)).toBeCloseTo(0.5696457765, 10);
  expect(wilson.apply(wilson.apply(criticalBeta))).toBeCloseTo(0.3717, 4);
  expect(migdal.apply(0.304688931718)).toBeCloseTo(0.304688931718, 11);
  expect(exponent(migdal, 0.304688931718)).toBeCloseTo(0.7472357189, 7);
  expect(migdal.apply(criticalBeta)).toBeCloseTo(0.5493, 4);
});

test("betaMaps.chain is artanh(tanh^2 K)", () => {
  const exact = { 0.2: 0.0389767426939, 0.5: 0.216890415242, 1: 0.662501373679, 2: 1.65359411291 };
  for (const [k, value] of Object.entries(exact)) {
    expect(chain.apply(Number(k))).toBeCloseTo(value, 11);
    expect(chain.apply(Number(k))).toBeCloseTo(Math.atanh(Math.tanh(Number(k)) ** 2), 12);
  }
  // Where cosh overflows: K' = K - ln 2 / 2.
  expect(chain.apply(1000)).toBeCloseTo(1000 - Math.LN2 / 2, 10);
});

test("betaOfEnergy() inverts Kaufman's energy, on odd sizes too", () => {
  for (const size of [2, 4, 5, 8, 16, 64]) {
    for (const beta of [0.001, 0.05, 0.2, criticalBeta, 0.6, 1, 1.4]) {
      const { energy } = torusThermodynamics(size, beta);
      const found = betaOfEnergy(torusThermodynamics, size, energy)!;
      // du/dbeta = -c/beta^2 falls to 1e-4 at beta 1.4: rounding of u by 1e-16 is 1e-12 there.
      expect(Math.abs(found.beta - beta), `${size} ${beta}`).toBeLessThan(1e-11);
      const slope = (torusThermodynamics(size, beta + 1e-5).energy - energy) / 1e-5;
      if (beta > 0.01) expect(Math.abs(found.slope * slope + 1)).toBeLessThan(1e-3);
    }
  }
});

test("betaOfEnergy() has an end at beta 0, and nothing beyond the range", () => {
  expect(betaOfEnergy(torusThermodynamics, 8, 0)!.beta).toBeLessThan(1e-8);
  // Var(E) / N = 2 at beta 0, one for every bond.
  expect(betaOfEnergy(torusThermodynamics, 8, 0)!.slope).toBeCloseTo(1 / 2, 6);
  expect(betaOfEnergy(torusThermodynamics, 8, 1e-9)).toBeUndefined();
  expect(betaOfEnergy(torusThermodynamics, 8, -2)).toBeUndefined();
  expect(
    betaOfEnergy(torusThermodynamics, 8, torusThermodynamics(8, 1.501).energy),
  ).toBeUndefined();
  expect(betaOfEnergy(torusThermodynamics, 8, Number.NaN)).toBeUndefined();
});

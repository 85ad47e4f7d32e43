/**
 * All 65,536 states of the 4x4 torus through our own kernels, against values from another program
 * that enumerates them too. Nothing is drawn: the tolerance is the ten digits of those values.
 */
import { expect, test } from "vitest";
import { decimate, majority } from "../../src/lattice/coarse-graining.ts";
import { axisLags, planeLags } from "../../src/lattice/correlation/lags.ts";
import { pairProducts } from "../../src/lattice/correlation/two-point.ts";
import { criticalBeta } from "../../src/lattice/exact/plane.ts";
import type { PackedRows } from "../../src/lattice/pieces.ts";
import { measureSpins, packSpins, unpackSpins } from "../../src/lattice/spins.ts";
import type { Tie } from "../../src/lattice/systems/system.ts";
import { orderRows } from "../../src/nodes/order-parameter/rows.ts";
import type { Generator } from "../../src/random/index.ts";

const count = 65536;
const packed = Uint8Array.from({ length: 2 * count }, (_, i) => (i & 1 ? i >> 9 : i >> 1) & 255);
const states = { bits: packed, rows: count };
const { energy, magnetization } = measureSpins(packed, 4, count);

/** Mean over states with their Boltzmann weights. */
function averages(beta: number): (value: (state: number) => number) => number {
  const weights = Float64Array.from(energy, (e) => Math.exp(-beta * (e + 32)));
  const z = weights.reduce((sum, w) => sum + w, 0);
  return (value) => weights.reduce((sum, w, state) => sum + w * value(state), 0) / z;
}

const entropyOf = (probabilities: Float64Array) =>
  probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);

/** The number of a coarse lattice of 2 x 2 spins. */
function numbered({ bits, rows }: PackedRows): Uint8Array {
  const coarse = unpackSpins(bits, 4, 0, rows);
  return Uint8Array.from({ length: count }, (_, state) => {
    let number = 0;
    for (let i = 0; i < 4; i++) if (coarse[4 * state + i]! > 0) number |= 1 << i;
    return number;
  });
}

function blocks(tie: Tie, coins = 0): Uint8Array {
  const generator = { uint32s: (out: Uint32Array) => out.fill(coins) } as unknown as Generator;
  return numbered(majority(states, 4, 2, tie, () => generator));
}

/** What the rules make of every state; of random ties, one table for each fall of the four coins. */
const rules = {
  decimation: [numbered(decimate(states, 4, 2))],
  random: Array.from({ length: 16 }, (_, coins) => blocks("random", coins)),
  topLeft: [blocks("top-left")],
};

function coarseDistribution(beta: number, made: readonly Uint8Array[]): Float64Array {
  const average = averages(beta);
  const shares = Float64Array.from({ length: 16 }, (_, number) =>
    average((state) => made.reduce((sum, table) => sum + +(table[state] === number), 0)),
  );
  return shares.map((share) => share / made.length);
}

test.each([
  [0.2, [-0.4561353695, 0.1195461888, 0.3427656276, 0.1751994781, 0.2078597651, 0.6444898235]],
  [0.4, [-1.3791164823, 0.8125152294, 0.7647123932, 0.6548257569, 0.5815276591, 0.3584217211]],
  [
    criticalBeta,
    [-1.5656237876, 0.7832668259, 0.8438604448, 0.7613589086, 0.6171993184, 0.2801699894],
  ],
  [0.5, [-1.7553802888, 0.6055326572, 0.9189432674, 0.8689216816, 0.6448107912, 0.1913953005]],
])("u, c, <|m|>, <m^2>, U4 and s at beta %d", (beta, expected) => {
  const average = averages(beta);
  const m = (power: number) => average((k) => Math.abs(magnetization[k]! / 16) ** power);
  const [u, square] = [average((k) => energy[k]! / 16), average((k) => energy[k]! ** 2)];
  const weights = Float64Array.from(energy, (e) => Math.exp(-beta * (e + 32)));
  const z = weights.reduce((sum, w) => sum + w, 0);
  const found = [
    u,
    (beta * beta * (square - (16 * u) ** 2)) / 16,
    m(1),
    m(2),
    1 - m(4) / (3 * m(2) ** 2),
    entropyOf(weights.map((w) => w / z)) / 16,
  ];
  for (const [i, value] of found.entries()) expect(value, `${i}`).toBeCloseTo(expected[i]!, 9);
});

test.each([
  [0.2, 0.2280676848, 0.1010683473],
  [0.4, 0.6895582411, 0.6245653003],
  [criticalBeta, 0.7828118938, 0.7405204461],
  [0.5, 0.8776901444, 0.8575694547],
])("G(1,0) and G(1,1) = G(2,0) at beta %d", (beta, near, far) => {
  const average = averages(beta);
  for (const lags of [axisLags(4), planeLags(4)]) {
    const width = lags.length;
    const products = pairProducts(4, lags).products(states);
    for (const [k, lag] of lags.entries()) {
      const [dy, dx] = lag.offset.map((d) => Math.min(Math.abs(d), 4 - Math.abs(d)));
      const distance = dy! * dy! + dx! * dx!;
      const expected = { 0: 1, 1: near, 2: far, 4: far }[distance];
      if (expected === undefined) continue;
      expect(average((state) => products[state * width + k]!)).toBeCloseTo(expected, 9);
    }
  }
});

test.each([
  [0.2, 0.6879239239, 0.6718393689, 0.672351429, 0.6444898235],
  [0.4, 0.503816412, 0.4143108861, 0.4150551552, 0.3584217211],
  [criticalBeta, 0.428314692, 0.3384329567, 0.3389975128, 0.2801699894],
  [0.5, 0.3350311163, 0.258102527, 0.2584137818, 0.1913953005],
])("entropies of 4 -> 2 blocks at beta %d", (beta, decimation, random, topLeft, original) => {
  const expected = { decimation, random, topLeft };
  for (const [name, value] of Object.entries(expected) as [keyof typeof rules, number][]) {
    const entropy = entropyOf(coarseDistribution(beta, rules[name])) / 4;
    expect(entropy, name).toBeCloseTo(value, 9);
  }
  // Four translates of a sublattice cover the lattice: sub-additivity.
  expect(decimation).toBeGreaterThan(original);
});

test("the correlation of neighbouring block spins at the critical point", () => {
  const lattices = Int8Array.from({ length: 64 }, (_, i) => 2 * (((i >> 2) >> (i & 3)) & 1) - 1);
  // Eight bonds of a 2 x 2 torus: each pair of neighbours twice.
  const bonds = measureSpins(packSpins(lattices), 2, 16).energy.map((e) => -e / 8);
  const expected = { decimation: 0.7405204461, random: 0.8566988755, topLeft: 0.8566165638 };
  for (const [name, value] of Object.entries(expected) as [keyof typeof rules, number][]) {
    const shares = coarseDistribution(criticalBeta, rules[name]);
    const found = shares.reduce((sum, share, number) => sum + share * bonds[number]!, 0);
    expect(found, name).toBeCloseTo(value, 9);
  }
});

test("order-parameter's moments of all states alike are those of 16 coins", () => {
  const z = Float64Array.from(magnetization, (m) => m / 16);
  const [row] = orderRows({ beta: new Float64Array(count), z }, 16);
  // <|m|> = C(16, 8) / 2^16, <m^2> = 1/16, <m^4> = (3 * 16 - 2) / 16^3.
  expect(row!.mean).toBe(0);
  expect(row!.mean_abs).toBeCloseTo(12870 / 65536, 14);
  expect(row!.susceptibility).toBeCloseTo(1 - 16 * (12870 / 65536) ** 2, 13);
  expect(row!.binder).toBeCloseTo(1 - 46 / 4096 / (3 / 256), 14);
});

/**
 * Small Ising ensembles without sampling error, or with none but that of independent draws: every
 * state of the 4x4 torus with its weight, and exact draws from the transfer matrix.
 */
import { readFileSync } from "node:fs";
import { exp } from "../../src/math/index.ts";
import type { Generator } from "../../src/random/index.ts";

/** Exact values at betas .2 to .6, L = 4, 6, 8 (nats; G and H of windows). */
export const exactValues = JSON.parse(
  readFileSync(new URL("../reference/window-entropies-exact.json", import.meta.url), "utf8"),
) as Record<string, Record<string, number>>;

export const exactBetas = [0.2, 0.3, 0.4, 0.4406867935097715, 0.5, 0.6];

const states4: { spins: Int8Array; energy: number }[] = Array.from(
  { length: 65536 },
  (_, state) => {
    const spins = Int8Array.from({ length: 16 }, (_, i) => 2 * ((state >> i) & 1) - 1);
    let energy = 0;
    for (let i = 0; i < 16; i++) {
      const right = (i & 12) | ((i + 1) & 3);
      const below = (i + 4) & 15;
      energy -= spins[i]! * (spins[right]! + spins[below]!);
    }
    return { spins, energy };
  },
);

/** All 65,536 states of the 4x4 torus: spins and Boltzmann weights that sum to 1. */
export function enumerate4(beta: number): { spins: Int8Array; weight: number }[] {
  const weights = states4.map(({ energy }) => Math.exp(-beta * (energy + 32)));
  const z = weights.reduce((sum, w) => sum + w, 0);
  return states4.map(({ spins }, i) => ({ spins, weight: weights[i]! / z }));
}

/**
 * `n` independent configurations of the L x L torus, drawn row by row: the first row r from
 * (T^L)(r, r) / Z, the next from T(r', r) T^(L - k)(r, first). L = 6 needs 64 x 64 matrices.
 */
export function drawExactly(side: number, beta: number, n: number, random: Generator): Int8Array[] {
  const rows = 2 ** side;
  const spin = (row: number, x: number) => 2 * ((row >> (x % side)) & 1) - 1;
  const transfer = Array.from({ length: rows }, (_, to) =>
    Float64Array.from({ length: rows }, (_, from) => {
      let bonds = 0;
      for (let x = 0; x < side; x++) bonds += spin(to, x) * (spin(to, x + 1) + spin(from, x));
      return exp(beta * bonds);
    }),
  );
  // powers[k](to, from) carries `from` through k transfers.
  const powers = [identity(rows)];
  for (let k = 1; k <= side; k++) powers.push(product(transfer, powers[k - 1]!));
  const draw = (weights: Float64Array) => {
    let left = random.float64() * weights.reduce((sum, w) => sum + w, 0);
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i]!;
      if (left < 0) return i;
    }
    return weights.length - 1;
  };
  const firstWeights = Float64Array.from({ length: rows }, (_, r) => powers[side]![r]![r]!);
  return Array.from({ length: n }, () => {
    const lattice = [draw(firstWeights)];
    for (let k = 1; k < side; k++) {
      const [first, last] = [lattice[0]!, lattice[k - 1]!];
      const rest = powers[side - k]![first]!;
      lattice.push(
        draw(Float64Array.from({ length: rows }, (_, r) => transfer[r]![last]! * rest[r]!)),
      );
    }
    return Int8Array.from({ length: side * side }, (_, i) =>
      spin(lattice[Math.floor(i / side)]!, i % side),
    );
  });
}

function identity(n: number): Float64Array[] {
  return Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n }, (_, j) => +(i === j)),
  );
}

function product(a: Float64Array[], b: Float64Array[]): Float64Array[] {
  return a.map((row) => {
    const out = new Float64Array(row.length);
    for (const [k, x] of row.entries()) {
      for (let j = 0; j < out.length; j++) out[j] = out[j]! + x * b[k]![j]!;
    }
    return out;
  });
}

/** Every second site of every second row. */
export function decimate(spins: Int8Array, side: number): Int8Array {
  const half = side / 2;
  return Int8Array.from(
    { length: half * half },
    (_, i) => spins[2 * Math.floor(i / half) * side + 2 * (i % half)]!,
  );
}

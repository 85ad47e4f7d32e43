import fc from "fast-check";
import { expect, test } from "vitest";
import { planeLags } from "../../src/lattice/correlation/lags.ts";
import { pairProducts } from "../../src/lattice/correlation/two-point.ts";
import { correlationLength, domainQuantities, measureDomains } from "../../src/lattice/domains.ts";
import { enumerate4, exactValues } from "./exact-ensembles.ts";
import { packed, randomSpins } from "./packed.ts";

const width = domainQuantities.length;
const sides = fc.oneof(fc.integer({ min: 3, max: 7 }), fc.constantFrom(63, 64, 65, 130));
const lattice = fc
  .record({ side: sides, seed: fc.nat() })
  .map(({ side, seed }) => ({ side, spins: randomSpins(seed, 2 * side * side) }));

test("measureDomains() counts what a brute-force twin counts, site by site", () => {
  fc.assert(
    fc.property(lattice, ({ side, spins }) => {
      const values = measureDomains(packed(spins, side * side), side);
      for (const row of [0, 1]) {
        const at = (y: number, x: number) =>
          spins[row * side * side + ((y + side) % side) * side + ((x + side) % side)]!;
        let [walls, isolated] = [0, 0];
        for (let y = 0; y < side; y++) {
          for (let x = 0; x < side; x++) {
            const unequal = [at(y, x + 1), at(y + 1, x), at(y, x - 1), at(y - 1, x)].map(
              (neighbour) => Number(neighbour !== at(y, x)),
            );
            walls += unequal[0]! + unequal[1]!;
            if (!unequal.includes(0)) isolated++;
          }
        }
        expect(values[row * width]).toBe(walls / (2 * side * side));
        expect(values[row * width + 1]).toBe(isolated / (side * side));
      }
    }),
    { seed: 21, numRuns: 60 },
  );
});

test("uniform and wave are Fourier sums of G(r): Wiener and Khinchin", () => {
  fc.assert(
    fc.property(lattice, ({ side, spins }) => {
      const one = packed(spins.subarray(0, side * side), side * side);
      const lags = planeLags(side);
      const g = pairProducts(side, lags).products(one);
      let [chi, structure] = [0, 0];
      for (const [k, { offset }] of lags.entries()) {
        const [dy, dx] = offset;
        const isOwnReverse = (2 * dy) % side === 0 && (2 * dx) % side === 0;
        const times = isOwnReverse ? 1 : 2;
        const [down, across] = [dy, dx].map((d) => Math.cos((2 * Math.PI * d) / side));
        chi += times * g[k]!;
        structure += (times * g[k]! * (down! + across!)) / 2;
      }
      const [, , uniform, wave] = measureDomains(one, side);
      const sum = spins.subarray(0, side * side).reduce((total, s) => total + s, 0);
      expect(uniform).toBeCloseTo(chi, 7);
      expect(wave).toBeCloseTo(structure, 7);
      expect(uniform).toBe((sum * sum) / (side * side));
    }),
    { seed: 22, numRuns: 40 },
  );
});

test("over all states of the 4x4 torus, walls are (1 - G(1))/2 and u = -2 + 4 walls", () => {
  for (const beta of [0.2, 0.5]) {
    let walls = 0;
    for (const { spins, weight } of enumerate4(beta)) {
      walls += weight * measureDomains(packed(spins, 16), 4)[0]!;
    }
    const exact = exactValues[`L=4 beta=${beta}`]!;
    expect(walls).toBeCloseTo((1 - exact["G10"]!) / 2, 11);
    expect(-2 + 4 * walls).toBeCloseTo(-2 * exact["G10"]!, 11);
  }
});

test("correlationLength() recovers that of a lattice propagator", () => {
  // F(k) = 1 / (4 sin^2(k/2) + 1/xi^2) has chi = F(0) = xi^2: the definition inverts it exactly.
  const [side, xi] = [16, 3.7];
  const wave = 1 / (4 * Math.sin(Math.PI / side) ** 2 + 1 / xi ** 2);
  expect(correlationLength(xi ** 2, wave, side)).toBeCloseTo(xi, 12);
  expect(correlationLength(1, 2, side)).toBeNaN();
});

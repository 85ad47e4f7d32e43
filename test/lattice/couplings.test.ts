import fc from "fast-check";
import { expect, test } from "vitest";
import { couplingSums, evenCouplings, oddCouplings } from "../../src/lattice/couplings.ts";
import { energyOf } from "./brute-force.ts";

const all = [...evenCouplings, ...oddCouplings];

/** Any lattice, with no symmetry: sizes around those of a word among them. */
const lattices = fc.constantFrom(2, 3, 4, 5, 8, 15, 31, 32, 33, 40, 64).chain((size) =>
  fc.array(fc.constantFrom(-1, 1), { minLength: size * size, maxLength: size * size }).map((s) => {
    return { size, spins: Int8Array.from(s) };
  }),
);

function sumsOf({ size, spins }: { size: number; spins: Int8Array }): Float64Array {
  const into = new Float64Array(all.length);
  couplingSums(size, all)(spins, into);
  return into;
}

test("couplingSums() agrees with products taken site by site", () => {
  fc.assert(
    fc.property(lattices, (lattice) => {
      const { size, spins } = lattice;
      const at = (y: number, x: number) =>
        spins[((y + 2 * size) % size) * size + ((x + 2 * size) % size)]!;
      const sums = sumsOf(lattice);
      for (const [k, { name, patterns }] of all.entries()) {
        let sum = 0;
        for (let y = 0; y < size; y++) {
          for (let x = 0; x < size; x++) {
            for (const offsets of patterns) {
              sum += offsets.reduce((product, [dy, dx]) => product * at(y + dy, x + dx), 1);
            }
          }
        }
        expect(sums[k], `${name} on ${size}`).toBe(sum);
      }
    }),
    { numRuns: 60 },
  );
});

test("couplingSums() has the energy, the magnetization and the symmetries of the lattice", () => {
  fc.assert(
    fc.property(lattices, ({ size, spins }) => {
      const sums = sumsOf({ size, spins });
      expect(sums[0]).toBe(0 - energyOf(spins, size));
      expect(sums[evenCouplings.length]).toBe(spins.reduce((total, s) => total + s, 0));
      const flipped = sumsOf({ size, spins: spins.map((s) => -s) });
      const turned = sumsOf({
        size,
        spins: spins.map((_, i) => {
          const [y, x] = [Math.floor(i / size), i % size];
          return spins[x * size + (size - 1 - y)]!;
        }),
      });
      for (const k of all.keys()) {
        expect(flipped[k]).toBe(k < evenCouplings.length ? sums[k] : 0 - sums[k]!);
        expect(turned[k], all[k]!.name).toBe(sums[k]);
      }
    }),
    { numRuns: 40 },
  );
});

test("couplingSums() of the ground state counts patterns", () => {
  const sums = sumsOf({ size: 6, spins: new Int8Array(36).fill(1) });
  expect([...sums].map((sum) => sum / 36)).toEqual([2, 2, 1, 2, 4, 1, 2, 1, 4, 2, 4]);
});

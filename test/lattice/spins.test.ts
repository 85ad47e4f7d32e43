import fc from "fast-check";
import { expect, test } from "vitest";
import { copyBits, measureSpins, packSpins, unpackSpins } from "../../src/lattice/spins.ts";
import { createGenerator } from "../../src/random/index.ts";
import { energyOf } from "./brute-force.ts";

const spin = fc.constantFrom(-1, 1);

/** Random rows of one size, sizes around the kernels' 64-bit words included. */
const lattices = fc
  .record({
    size: fc.oneof(fc.integer({ min: 2, max: 9 }), fc.constantFrom(16, 63, 64, 65, 130)),
    rows: fc.integer({ min: 1, max: 4 }),
    seed: fc.bigInt({ min: 1n, max: 2n ** 60n }),
  })
  .map(({ size, rows, seed }) => {
    const generator = createGenerator(BigUint64Array.of(seed, 2n, 3n, 4n));
    const spins = new Int8Array(size * size * rows).map(() => 2 * generator.below(2) - 1);
    return { size, rows, spins };
  });

test("unpackSpins() is the inverse of packSpins(), also from the middle", () => {
  fc.assert(
    fc.property(lattices, fc.nat(), ({ size, rows, spins }, pick) => {
      const sites = size * size;
      const start = pick % rows;
      const bits = packSpins(spins);
      expect(bits.length).toBe(Math.ceil(spins.length / 8));
      const tail = Buffer.from(spins.subarray(start * sites));
      expect(Buffer.from(unpackSpins(bits, sites, start, rows)).equals(tail)).toBe(true);
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("packSpins() puts the first spin into the least significant bit and pads with zeros", () => {
  expect(packSpins([1, -1, -1, 1, -1, -1, -1, -1, 1])).toEqual(Uint8Array.of(0b1001, 0b1));
});

test("copyBits() writes rows one behind the other, inverted where asked", () => {
  const rows = fc.array(
    fc.record({ bits: fc.array(spin, { minLength: 5, maxLength: 5 }), flip: fc.boolean() }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(rows, fc.nat(20), (list, gap) => {
      // Every row is read from position `gap` of bits of its own.
      const target = new Uint8Array(Math.ceil((5 * list.length) / 8)).fill(0xff);
      for (const [i, { bits, flip }] of list.entries()) {
        const source = packSpins([...new Array(gap).fill(1), ...bits, 1, 1]);
        copyBits(source, gap, target, 5 * i, 5, flip);
      }
      const expected = list.flatMap(({ bits, flip }) => bits.map((s) => (flip ? -s : s)));
      expect(target).toEqual(packSpins(expected));
    }),
    { seed: 2, numRuns: 200 },
  );
});

test("measureSpins() agrees with the sum over bonds and sites for every size", () => {
  fc.assert(
    fc.property(lattices, ({ size, rows, spins }) => {
      const { energy, magnetization } = measureSpins(packSpins(spins), size, rows);
      for (let row = 0; row < rows; row++) {
        const one = spins.subarray(row * size * size, (row + 1) * size * size);
        expect(energy[row]).toBe(energyOf(one, size));
        expect(magnetization[row]).toBe(one.reduce((sum, s) => sum + s, 0));
      }
    }),
    { seed: 3, numRuns: 100 },
  );
});

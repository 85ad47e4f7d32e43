import fc from "fast-check";
import { expect, test } from "vitest";
import { measureSpins, packSpins, unpackRows, unpackSpins } from "../../src/lattice/spins.ts";
import { copyBits } from "../../src/math/bits.ts";
import { createGenerator } from "../../src/random/index.ts";
import { energyOf } from "./brute-force.ts";

const spin = fc.constantFrom(-1, 1);

/** Random rows of one size, sizes around the kernels' 64-bit words included. */
const lattices = fc
  .record({
    size: fc.oneof(fc.integer({ min: 2, max: 9 }), fc.constantFrom(16, 32, 63, 64, 65, 130)),
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

test("rows beyond 2^32 bits are unpacked and copied as those before", () => {
  const sites = 2 ** 14;
  const rows = 2 ** 18 + 2;
  const bits = new Uint8Array((rows * sites) / 8);
  const one = Uint8Array.from({ length: sites / 8 }, (_, i) => (37 * i) & 255);
  copyBits(one, 0, bits, (rows - 1) * sites, sites);
  copyBits(one, 0, bits, 5 * sites, sites);
  const expected = Buffer.from(unpackSpins(one, sites, 0, 1));
  for (const row of [5, rows - 1]) {
    expect(Buffer.from(unpackSpins(bits, sites, row, row + 1)).equals(expected)).toBe(true);
  }
  const both = unpackRows(bits, sites, [rows - 1, 6, 5]);
  expect(Buffer.from(both.subarray(0, sites)).equals(expected)).toBe(true);
  expect(both.subarray(sites, 2 * sites).every((spin) => spin === -1)).toBe(true);
  expect(Buffer.from(both.subarray(2 * sites)).equals(expected)).toBe(true);
  const back = new Uint8Array(sites / 8);
  copyBits(bits, (rows - 1) * sites, back, 0, sites);
  expect(Buffer.from(back).equals(Buffer.from(one))).toBe(true);
});

test("measureSpins() gives each row its own, however many there are", () => {
  // More than one piece, of rows that do not begin at a byte.
  const [size, rows] = [3, 4_000_000];
  const bits = new Uint8Array(Math.ceil((9 * rows) / 8)).fill(255);
  const odd = rows - 3;
  bits[Math.floor((9 * odd) / 8)]! &= ~(1 << ((9 * odd) % 8));
  const { energy, magnetization } = measureSpins(bits, size, rows);
  expect(energy.length).toBe(rows);
  expect(energy.findIndex((e) => e !== -18)).toBe(odd);
  expect([energy[odd], magnetization[odd], magnetization[odd + 1]]).toEqual([-10, 7, 9]);
});

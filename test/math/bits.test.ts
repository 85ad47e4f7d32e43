import fc from "fast-check";
import { expect, test } from "vitest";
import { bitAt, copyBits } from "../../src/math/bits.ts";

test("copyBits() copies and inverts as bit by bit, wherever the bits lie", () => {
  const place = fc.integer({ min: 0, max: 40 });
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 400, maxLength: 400 }),
      ...([place, place] as const),
      fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 500, max: 3000 })),
      fc.boolean(),
      // Views begin anywhere in their memory.
      fc.integer({ min: 0, max: 3 }),
      (source, from, to, count, flip, offset) => {
        const target = new Uint8Array(450).fill(0xa5).subarray(offset);
        const before = target.slice();
        copyBits(source, from, target, to, count, flip);
        for (let bit = 0; bit < to; bit++) expect(bitAt(target, bit)).toBe(bitAt(before, bit));
        const copied = Array.from({ length: count }, (_, i) => bitAt(target, to + i));
        const given = Array.from({ length: count }, (_, i) => bitAt(source, from + i));
        expect(copied).toEqual(given.map((bit) => (flip ? 1 - bit : bit)));
        const behind = Math.ceil((to + count) / 8);
        expect(target.subarray(behind)).toEqual(before.subarray(behind));
      },
    ),
    { seed: 5, numRuns: 300 },
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Room, room, view } from "../../../src/learn/wasm/memory.ts";

test("numbers that are held at one time never share a place, and begin as zeros", () => {
  const moves = fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.nat({ max: 5 })), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(moves, (steps) => {
      const held: { room: Room; at: number; count: number; mark: number }[] = [];
      for (const [mark, [count, released]] of steps.entries()) {
        const here = room();
        const at = here.floats(count);
        expect(at % 64).toBe(0);
        expect(at).toBeGreaterThan(0);
        const padded = 16 * Math.ceil(count / 16);
        expect(view(at, padded).every((x) => x === 0)).toBe(true);
        view(at, padded).fill(mark + 1);
        held.push({ room: here, at, count: padded, mark: mark + 1 });
        const gone = held[released];
        if (gone) {
          gone.room.release();
          held.splice(released, 1);
        }
        for (const other of held) {
          expect(view(other.at, other.count).every((x) => x === other.mark)).toBe(true);
        }
      }
      for (const { room } of held) room.release();
    }),
  );
});

test("room that was given back is used again", () => {
  const first = room();
  const at = first.floats(3_000_000);
  first.release();
  const second = room();
  expect(second.floats(3_000_000)).toBe(at);
  second.release();
});

test("where there is no room for numbers, that is said, and the next ones find theirs", () => {
  const here = room();
  expect(() => here.floats(2 ** 30)).toThrow("no memory for 4294967296 bytes in WebAssembly");
  expect(here.floats(4)).toBeGreaterThan(0);
  here.release();
});

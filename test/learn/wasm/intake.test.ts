import { expect, test } from "vitest";
import { floatRows, type Rows, spinRows } from "../../../src/learn/rows.ts";
import { intake } from "../../../src/learn/wasm/intake.ts";
import { room, view } from "../../../src/learn/wasm/memory.ts";
import { random } from "../networks.ts";

const picked = [5, 0, 5, 16, 3];

/** The rows as the kernel has them, and one by one. */
function expectTaken(rows: Rows): void {
  const here = room();
  const { at, take } = intake(picked.length, rows.width, here);
  take(rows, picked);
  const expected = new Float32Array(picked.length * rows.width);
  for (const [i, row] of picked.entries()) rows.copy(row, expected, i * rows.width);
  expect(view(at, expected.length)).toEqual(expected);
  here.release();
}

// Whole words, whole bytes and others, from a whole word on or not.
test.each([8, 13, 24, 32, 64, 100, 256, 520, 1024])(
  "intake() takes rows of %d spins and numbers",
  (width) => {
    const generator = random("intake", width);
    const bytes = Uint8Array.from({ length: 3 + Math.ceil((17 * width) / 8) }, () =>
      generator.below(256),
    );
    for (const offset of [0, 1, 3]) expectTaken(spinRows(bytes.subarray(offset), 17, width));
    const numbers = Float32Array.from({ length: 1 + 17 * width }, () => generator.normal());
    expectTaken(floatRows(numbers.subarray(1), width));
    expectTaken(floatRows(Float64Array.from(numbers.subarray(1)), width));
  },
);

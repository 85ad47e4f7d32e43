import { expect, test } from "vitest";
import { borrowKernel } from "../../src/lattice/kernel.ts";

test("borrowKernel() has room for what was asked, also after there was none", () => {
  borrowKernel(100);
  expect(() => borrowKernel(2 ** 31)).toThrow();
  const { kernel, at } = borrowKernel(1e6);
  expect(at).toBeGreaterThan(0);
  expect(kernel.memory.buffer.byteLength).toBeGreaterThanOrEqual(at + 1e6);
});

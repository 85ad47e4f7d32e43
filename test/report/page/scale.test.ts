import { expect, test } from "vitest";
import { scaleOf } from "../../../src/report/page/view/scale.ts";

test("numbers lie on the axis in order, its ends within the plot", () => {
  const { at, ticks } = scaleOf([-1, 0, 3], false);
  expect(at(-1)).toBeGreaterThan(0);
  expect(at(3)).toBeLessThan(100);
  expect(at(1) - at(0)).toBeCloseTo(at(0) - at(-1), 10);
  expect(ticks).toEqual([-1, 0, 1, 2, 3]);
});

test("ratios lie by their logarithm", () => {
  const { at, ticks } = scaleOf([0.5, 1, 8], true);
  expect(at(2) - at(1)).toBeCloseTo(at(4) - at(2), 10);
  expect(ticks).toContain(1);
});

test("what is no number has no place, and an open end is the end of the plot", () => {
  const { at } = scaleOf([0, 1, Number.NaN, Number.POSITIVE_INFINITY], false);
  expect(at(Number.NaN)).toBeNaN();
  expect(at(Number.POSITIVE_INFINITY)).toBe(at(1));
  expect(at(Number.NEGATIVE_INFINITY)).toBe(at(0));
  const ratios = scaleOf([0, 1, 2], true);
  expect(ratios.at(0)).toBe(ratios.at(1));
});

test("one number, or none, is a plot as well", () => {
  expect(scaleOf([5], false).at(5)).toBeGreaterThan(0);
  expect(scaleOf([], false).ticks).toEqual([]);
  expect(scaleOf([Number.NaN], true).at(Number.NaN)).toBeNaN();
});

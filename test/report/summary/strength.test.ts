import { expect, test } from "vitest";
import { strengthOf } from "../../../src/report/summary/strength.ts";

const drawn = (estimate: number, low: number, high: number, margin = 0, ratio = false) => {
  return { estimate, low, high, margin, ratio };
};

test("strength is the distance from the margin in halves of the interval, on the claimed side", () => {
  // The near end of 5 [3, 9] towards the margin 1 is 3: (5 - 1) / (5 - 3).
  expect(strengthOf(drawn(5, 3, 9, 1), "greater")).toBe(2);
  // What falls short faces the margin with its upper end: (5 - 7) / (9 - 5).
  expect(strengthOf(drawn(5, 3, 9, 7), "greater")).toBe(-0.5);
  // "Less": the same numbers, turned.
  expect(strengthOf(drawn(-5, -9, -3, 1), "less")).toBe(2);
  expect(strengthOf(drawn(-5, -9, -3, 7), "less")).toBe(-0.5);
  // A claim of "less" that came out greater.
  expect(strengthOf(drawn(5, 3, 9, 0), "less")).toBe(-2.5);
});

test("equality is claimed within the margin, and a difference beyond it on either side", () => {
  // 1 lies 3 below the margin 4, which the upper end of 1 [0, 2] faces at a distance of 1.
  expect(strengthOf(drawn(1, 0, 2, 4), "equal")).toBe(3);
  expect(strengthOf(drawn(-1, -2, 0, 4), "equal")).toBe(3);
  expect(strengthOf(drawn(6, 5, 7, 4), "equal")).toBe(-2);
  expect(strengthOf(drawn(1.25, 1, 1.6, 2, true), "equal")).toBeGreaterThan(1);
  for (const estimate of [6, -6]) {
    expect(strengthOf(drawn(estimate, estimate - 1, estimate + 1, 4), "different")).toBe(2);
    expect(strengthOf(drawn(estimate / 6, -2, 2, 4), "different")).toBe(-3);
  }
});

test("strength goes by logarithms of ratios", () => {
  // ln(8 / 2) / ln(8 / 4) = 2, and a claim of "less" turns the ratio.
  expect(strengthOf(drawn(8, 4, 16, 2, true), "greater")).toBeCloseTo(2, 12);
  expect(strengthOf(drawn(1 / 8, 1 / 16, 1 / 4, 2, true), "less")).toBeCloseTo(2, 12);
});

test("strength without a width is infinite, without an interval it is not a number", () => {
  expect(strengthOf(drawn(5, 5, 5), "greater")).toBe(Number.POSITIVE_INFINITY);
  expect(strengthOf(drawn(5, 5, 5), "less")).toBe(Number.NEGATIVE_INFINITY);
  expect(strengthOf(drawn(0, 0, 0), "greater")).toBe(0);
  expect(strengthOf(drawn(5, Number.NEGATIVE_INFINITY, 9), "greater")).toBe(0);
  expect(strengthOf(drawn(5, Number.NaN, Number.NaN), "greater")).toBeNaN();
});

import { expect, test } from "vitest";
import { formatEstimate, formatNumber } from "../../src/text/estimate.ts";

test.each([
  [0.65458, 0.65111, 0.65805, "0.6546 [0.6511, 0.6581]"],
  [0.6545, 0.6484, 0.6604, "0.654 [0.648, 0.660]"],
  [82.967, 82.066, 83.879, "83.0 [82.1, 83.9]"],
  [-0.00043925, -0.0010554, -Number.MIN_VALUE, "-0.0004 [-0.0011, 0]"],
  [0, -0.5, 0.5, "0 [-0.5, 0.5]"],
  [-0.001, -0.5, 0.5, "0.0 [-0.5, 0.5]"],
  [12345, 11000, 14000, "12345 [11000, 14000]"],
  [3.21e-9, 2.14e-9, 4.4e-9, "3.2e-9 [2.1e-9, 4.4e-9]"],
  [1.5e300, 1e300, 2e300, "1.5e+300 [1.0e+300, 2.0e+300]"],
  [1, 1, 1, "1.000 [1.000, 1.000]"],
  [0, 0, 0, "0 [0, 0]"],
  [-0, -0, 0, "0 [0, 0]"],
  [5e-324, -5e-324, 5e-324, "0 [0, 0]"],
  [0.5, Number.NEGATIVE_INFINITY, 0.7, "0.5000 [-Infinity, 0.7000]"],
  [Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY, "Infinity [1.000, Infinity]"],
  [0.123456, Number.NaN, Number.NaN, "0.1235"],
  [Number.NaN, 1, 2, ""],
])("an estimate %s with the interval %s to %s is %s", (estimate, low, high, text) => {
  expect(formatEstimate(estimate, low, high)).toBe(text);
});

test.each([
  [0.025, "0.02500"],
  [1, "1.000"],
  [1234567.8, "1234568"],
  [1e22, "1.000e+22"],
  [-0, "0"],
  [Number.NaN, "NaN"],
])("a number %s alone is %s", (x, text) => {
  expect(formatNumber(x)).toBe(text);
});

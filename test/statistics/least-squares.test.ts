import { expect, test } from "vitest";
import { leastSquares } from "../../src/statistics/least-squares.ts";

test("leastSquares() goes through points that lie on the curve", () => {
  const x = [-1, -0.5, 0, 0.75, 1];
  const fit = leastSquares(
    x.map((t) => [1, t, t * t]),
    x.map((t) => 2 - 3 * t + 0.5 * t * t),
    [1, 4, 2, 1, 3],
  );
  for (const [k, want] of [2, -3, 0.5].entries()) {
    expect(Math.abs(fit.coefficients[k]! - want)).toBeLessThan(1e-12);
  }
  expect(fit.residual).toBeLessThan(1e-24);
});

test("leastSquares() of a line has the textbook's coefficients, errors and residual", () => {
  const [x, y, sigma] = [
    [1, 2, 4, 7],
    [1.1, 1.9, 4.3, 6.6],
    [0.1, 0.2, 0.1, 0.4],
  ] as const;
  const w = sigma.map((s) => 1 / (s * s));
  const sum = (f: (i: number) => number) => w.reduce((total, wi, i) => total + wi * f(i), 0);
  const [s, sx, sxx] = [sum(() => 1), sum((i) => x[i]!), sum((i) => x[i]! ** 2)];
  const [sy, sxy] = [sum((i) => y[i]!), sum((i) => x[i]! * y[i]!)];
  const det = s * sxx - sx * sx;
  const [a, b] = [(sxx * sy - sx * sxy) / det, (s * sxy - sx * sy) / det];
  const fit = leastSquares(
    x.map((t) => [1, t]),
    y,
    w,
  );
  expect(fit.coefficients[0]).toBeCloseTo(a, 10);
  expect(fit.coefficients[1]).toBeCloseTo(b, 10);
  expect(fit.errors[0]).toBeCloseTo(Math.sqrt(sxx / det), 10);
  expect(fit.errors[1]).toBeCloseTo(Math.sqrt(s / det), 10);
  expect(fit.residual).toBeCloseTo(
    sum((i) => (y[i]! - a - b * x[i]!) ** 2),
    10,
  );
});

test("leastSquares() refuses points that do not determine the fit", () => {
  expect(() =>
    leastSquares(
      [
        [1, 2],
        [1, 2],
      ],
      [0, 1],
    ),
  ).toThrow("do not determine the fit");
  expect(() => leastSquares([[1, 1, 1]], [0])).toThrow("do not determine the fit");
});

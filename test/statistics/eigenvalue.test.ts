import fc from "fast-check";
import { expect, test } from "vitest";
import { largestEigenvalue, solve } from "../../src/statistics/eigenvalue.ts";

const multiply = (a: number[][], b: number[][]) =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));

test("largestEigenvalue() of matrices with known eigenvalues", () => {
  expect(largestEigenvalue([[3]])).toBe(3);
  expect(largestEigenvalue([[-3]])).toBe(-3);
  expect(
    largestEigenvalue([
      [2, 1],
      [1, 2],
    ]),
  ).toBeCloseTo(3, 13);
  // (x - 4)(x - 1)(x + 2), companion matrix; not symmetric.
  expect(
    largestEigenvalue([
      [3, 6, -8],
      [1, 0, 0],
      [0, 1, 0],
    ]),
  ).toBeCloseTo(4, 12);
  // Close to each other: 1 and 0.9999.
  expect(
    largestEigenvalue([
      [1, 5],
      [0, 0.9999],
    ]),
  ).toBeCloseTo(1, 9);
});

test("largestEigenvalue() is NaN where the largest is a complex pair or of both signs", () => {
  expect(
    largestEigenvalue([
      [0, -1],
      [1, 0],
    ]),
  ).toBeNaN();
  expect(
    largestEigenvalue([
      [0, 1],
      [1, 0],
    ]),
  ).toBeNaN();
  expect(largestEigenvalue([[Number.NaN]])).toBeNaN();
});

const entry = fc.double({ min: -2, max: 2, noNaN: true });

test("largestEigenvalue() finds the eigenvalue that a similarity transformation hides", () => {
  const arbitrary = fc.record({
    values: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
    lower: fc.array(entry, { minLength: 6, maxLength: 6 }),
  });
  fc.assert(
    fc.property(arbitrary, ({ values, lower: [a, b, c, d, e, f] }) => {
      // S = L U with unit diagonals, so that its inverse is exact to rounding.
      const l = [
        [1, 0, 0],
        [a!, 1, 0],
        [b!, c!, 1],
      ];
      const lInverse = [
        [1, 0, 0],
        [-a!, 1, 0],
        [a! * c! - b!, -c!, 1],
      ];
      const u = [
        [1, d!, e!],
        [0, 1, f!],
        [0, 0, 1],
      ];
      const uInverse = [
        [1, -d!, d! * f! - e!],
        [0, 1, -f!],
        [0, 0, 1],
      ];
      const diagonal = [[3.67, 0, 0, 0]]
        .concat(
          values.map((value, i) => Array.from({ length: 4 }, (_, j) => (j === i + 1 ? value : 0))),
        )
        .map((row) => row.slice(0, 3))
        .slice(0, 3);
      const matrix = multiply(multiply(multiply(l, u), diagonal), multiply(uInverse, lInverse));
      expect(largestEigenvalue(matrix)).toBeCloseTo(3.67, 8);
    }),
  );
});

test("solve() gives X of A X = B, and undefined for a singular A", () => {
  const matrix = fc.array(fc.array(entry, { minLength: 3, maxLength: 3 }), {
    minLength: 4,
    maxLength: 4,
  });
  fc.assert(
    fc.property(matrix, matrix, (m, b) => {
      // m' m is a covariance matrix; the identity keeps it away from singular.
      const a = [0, 1, 2].map((i) =>
        [0, 1, 2].map((j) => m.reduce((sum, row) => sum + row[i]! * row[j]!, i === j ? 0.1 : 0)),
      );
      const right = b.slice(0, 3);
      const x = solve(a, right)!;
      for (const [i, row] of multiply(a, x).entries()) {
        for (const [j, value] of row.entries()) expect(value).toBeCloseTo(right[i]![j]!, 8);
      }
    }),
  );
  expect(
    solve(
      [
        [4, 2],
        [2, 1],
      ],
      [[1], [1]],
    ),
  ).toBeUndefined();
  expect(solve([[0]], [[1]])).toBeUndefined();
  // Scales far apart are not a singularity.
  expect(
    solve(
      [
        [1e12, 0],
        [0, 1e-6],
      ],
      [[1], [1]],
    ),
  ).toEqual([[1e-12], [1e6]]);
});
